import type { z } from 'zod'
import type { TransferProblem } from '../contract/transfer-plan.ts'

type Issue = z.core.$ZodIssue

/** What a schema found wrong, as a person would say it beside the field. */
export function sayIssue(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return needed[issue.expected] ?? `This needs to be of another kind: ${issue.expected}.`
    case 'invalid_value':
      return `One of ${issue.values.join(', ')}.`
    case 'too_small':
      return bound(issue.origin, issue.minimum, issue.inclusive ? 'At least' : 'More than')
    case 'too_big':
      return bound(issue.origin, issue.maximum, issue.inclusive ? 'At most' : 'Less than')
    case 'invalid_union':
      return 'A number, a text, true, false, a list of these, or several to be tried.'
    default:
      return `${issue.message.replace(/\.$/, '')}.`
  }
}

/** Of the forms that a value may have, the one it has but for something inside it. */
function closestOf(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const fits = issue.errors.find((issues) => issues.every(({ path }) => path.length > 0))
  return fits?.flatMap((inner) => closestOf({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue]
}

/** `footFriction, entry 1,` of what lies in a list. */
const nameOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, part) =>
      typeof part === 'number'
        ? `${name}, entry ${part + 1},`
        : name === ''
          ? String(part)
          : `${name}.${String(part)}`,
    '',
  )

const needed: Readonly<Record<string, string>> = {
  number: 'A number is needed here.',
  int: 'A whole number is needed here.',
  boolean: 'Either true or false.',
  string: 'A text is needed here.',
  array: 'A list is needed here.',
  tuple: 'A list of numbers is needed here.',
  record: 'An object of names and values is needed here.',
  object: 'An object of names and values is needed here.',
}

function bound(origin: string, limit: number | bigint, words: string): string {
  if (origin === 'array' || origin === 'tuple')
    return `${words} ${limit} ${limit === 1 ? 'entry' : 'entries'}.`
  return origin === 'string'
    ? `${words} ${limit} ${limit === 1 ? 'letter' : 'letters'}.`
    : `${words} ${limit}.`
}

/** One sentence from the first thing a schema found wrong. */
export function explain(what: string, error: z.ZodError): string {
  const problems = new Problems()
  problems.addIssues(what, error.issues, () => [])
  return problems.list[0]?.sentence ?? `The ${what} is not valid.`
}

/** A schema's path as problems of a request have it. */
export const plainPath = (path: readonly PropertyKey[]): (string | number)[] =>
  path.map((part) => (typeof part === 'number' ? part : String(part)))

/** Collects what is wrong with a request; the same thing, found for several methods or phases, once. */
export class Problems {
  readonly #found = new Map<string, TransferProblem>()

  get list(): TransferProblem[] {
    return [...this.#found.values()]
  }

  get none(): boolean {
    return this.#found.size === 0
  }

  add(problem: TransferProblem): void {
    const key = JSON.stringify([problem.path, problem.message])
    if (!this.#found.has(key)) this.#found.set(key, problem)
  }

  /**
   * @param what a noun, such as `setting`, for sentences like "The setting x is not valid: …".
   * @param pathOf where in the request the schema's path lies.
   */
  addIssues(
    what: string,
    issues: readonly Issue[],
    pathOf: (path: PropertyKey[]) => (string | number)[],
  ): void {
    for (const issue of issues.flatMap(closestOf)) {
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) {
          const sentence =
            what === 'request' ? `A transfer request has no entry "${key}".` : `There is no ${what} "${key}".`
          this.add({ path: pathOf([...issue.path, key]), message: sentence, sentence })
        }
        continue
      }
      const message = sayIssue(issue)
      const name = nameOf(issue.path)
      this.add({
        path: pathOf(issue.path),
        message,
        sentence: `The ${name === '' ? what : `${what} ${name}`} is not valid: ${message}`,
      })
    }
  }
}
