import { type Vector, vector } from '../../contract/scenes.ts'
import type { SettingValue, SweepableValue } from '../../contract/setting-values.ts'
import type { SettingDescription } from '../../contract/transfer.ts'
import { LabError } from '../../lab/errors.ts'
import { settingDescriptions } from '../../lab/settings.ts'

/**
 * Reads `name=value` as the CLI takes it: lists by commas, the rows of a map by slashes. Several values are `each:0.1,0.2` (with semicolons
 * between lists), `uniform:0.1..0.5` or `loguniform:1e-4..1e-3`.
 */
export function parseAssignments(
  option: string,
  assignments: readonly string[],
  belongs: (description: SettingDescription) => boolean,
): Record<string, SweepableValue> {
  const known = new Map(
    settingDescriptions()
      .filter(belongs)
      .map((item) => [item.name, item]),
  )
  return Object.fromEntries(
    assignments.map((assignment) => {
      const at = assignment.indexOf('=')
      if (at < 1) throw new LabError('INVALID', `${option} takes name=value, not "${assignment}".`)
      const name = assignment.slice(0, at)
      const description = known.get(name.replace(/^(pretrain|finetune)\./, ''))
      if (!description)
        throw new LabError('INVALID', `${option} does not know "${name}".${suggest(name, [...known.keys()])}`)
      return [name, parseSweepable(option, description, assignment.slice(at + 1))]
    }),
  )
}

/** The known names of the same group, or all of them. */
function suggest(name: string, known: readonly string[]): string {
  const group = name.replace(/[^.]*$/, '')
  const sameGroup = known.filter((other) => group !== '' && other.startsWith(group))
  return ` Known are: ${(sameGroup.length > 0 ? sameGroup : known).join(', ')}.`
}

function parseSweepable(option: string, description: SettingDescription, text: string): SweepableValue {
  const [, word, rest = ''] = /^(each|uniform|loguniform):(.*)$/s.exec(text) ?? []
  if (word === undefined) return parseValue(option, description, text)
  if (word === 'each') {
    const isList = ['numbers', 'range', 'lines'].includes(description.kind)
    const parts = rest.split(isList ? ';' : ',')
    return { each: parts.map((part) => parseValue(option, description, part)) }
  }
  const bounds = rest.split('..').map((part) => parseValue(option, { ...description, kind: 'number' }, part))
  const [from, to] = bounds
  if (typeof from !== 'number' || typeof to !== 'number' || bounds.length !== 2)
    throw new LabError(
      'INVALID',
      `${option} ${description.name} is drawn between two numbers: ${word}:0.1..0.5.`,
    )
  return word === 'uniform' ? { uniform: [from, to] } : { logUniform: [from, to] }
}

function parseValue(option: string, { name, kind, choices }: SettingDescription, text: string): SettingValue {
  const number = (part: string) => {
    const value = Number(part)
    if (part.trim() === '' || Number.isNaN(value))
      throw new LabError('INVALID', `${option} ${name} takes a number, not "${part}".`)
    return value
  }
  switch (kind) {
    case 'number':
    case 'integer':
      return number(text)
    case 'numbers':
    case 'range':
      return text.split(',').map(number)
    case 'lines':
      return text.split('/')
    case 'boolean':
      if (text !== 'true' && text !== 'false')
        throw new LabError('INVALID', `${option} ${name} is true or false, not "${text}".`)
      return text === 'true'
    case 'choice':
      if (!choices?.includes(text))
        throw new LabError('INVALID', `${option} ${name} is one of ${choices?.join(', ')}, not "${text}".`)
      return text
  }
}

/** @throws LabError unless the text is a whole number from `minimum` on. */
export function parseInteger(option: string, text: string, minimum = 1): number {
  const value = Number(text)
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < minimum)
    throw new LabError('INVALID', `${option} takes a whole number from ${minimum} on, not "${text}".`)
  return value
}

/** @throws LabError unless the text is a number from 0 to 1. */
export function parseShare(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new LabError('INVALID', `${option} takes a number from 0 to 1, not "${text}".`)
  return value
}

/** @throws LabError unless the text is three numbers with commas between. */
export function parseVector(option: string, text: string): Vector {
  const parsed = vector.safeParse(
    text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part))),
  )
  if (!parsed.success)
    throw new LabError('INVALID', `${option} takes three numbers, such as 5,0,0, not "${text}".`)
  return parsed.data
}
