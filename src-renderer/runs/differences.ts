import type { Run, RunSpecification } from '../../src-main/contract/index.ts'

/** Runs that are compared before the page may do something else: less than ten milliseconds. */
const runsPerBreath = 500

/** Names of the settings and parameters in which the runs differ, the seed and what is only booked apart. Pauses, as ten thousand runs take long. */
export function* differencesOf(runs: Iterable<Run>): Generator<void, string[], void> {
  const first = new Map<string, string>()
  const different = new Set<string>()
  const seen = new Set<string>()
  let count = 0
  for (const { specification } of runs) {
    if (++count % runsPerBreath === 0) yield
    const signature = JSON.stringify([specification.settings, specification.task, specification.steps])
    // Of ten thousand runs most are alike but for the seed.
    if (seen.has(signature)) continue
    seen.add(signature)
    for (const [name, value] of flatten(specification)) {
      const known = first.get(name)
      if (known === undefined) first.set(name, value)
      else if (known !== value) different.add(name)
    }
  }
  return [...different].sort((a, b) => a.localeCompare(b))
}

function flatten({ settings, task, steps }: RunSpecification): [string, string][] {
  const parameters = Object.entries(task.parameters).map(([name, value]): [string, string] => [
    name,
    JSON.stringify(value),
  ])
  const grouped = Object.entries(settings).flatMap(([group, values]) =>
    typeof values === 'object' && values !== null && !Array.isArray(values)
      ? Object.entries(values).map(([name, value]): [string, string] => [
          `${group}.${name}`,
          JSON.stringify(value),
        ])
      : [],
  )
  return [['steps', String(steps)], ...parameters, ...grouped]
}
