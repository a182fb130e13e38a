import type { Phase, RunSpecification } from '../contract/transfer.ts'
import type { PlanDifference } from '../contract/transfer-plan.ts'
import type { PlannedRun } from './experiments.ts'

type Value = PlanDifference['before']
type Where = PlanDifference['where']

/** Every value of one phase, under where it belongs and its name. */
function flatten({
  task,
  settings,
  recording,
  steps,
  phase,
}: RunSpecification): Map<string, [Where, string, Value]> {
  const taskPlace: Where = phase === 'pretrain' ? 'pretrainTask' : 'targetTask'
  const rows: [Where, string, Value][] = [
    ['steps', phase === 'pretrain' ? 'pretrainSteps' : 'finetuneSteps', steps],
    ...Object.entries(task.parameters).map(([name, value]): [Where, string, Value] => [
      taskPlace,
      name,
      value,
    ]),
    ...Object.entries(settings).flatMap(([group, values]) =>
      typeof values === 'object' && values !== null && !Array.isArray(values)
        ? Object.entries(values).map(([name, value]): [Where, string, Value] => [
            'settings',
            `${group}.${name}`,
            value ?? null,
          ])
        : [],
    ),
    ...Object.entries(recording).map(([name, value]): [Where, string, Value] => [
      'settings',
      `recording.${name}`,
      value ?? null,
    ]),
  ]
  return new Map(rows.map((row) => [`${row[0]}/${row[1]}`, row]))
}

interface PlannedValues {
  where: Where
  name: string
  /** More than one where the runs of a sweep differ in it. */
  values: Value[]
}

/** Values of all methods together: what two methods share has the same value in both. */
export function valuesOf(plan: readonly PlannedRun[], phase: Phase): Map<string, PlannedValues> {
  const found = new Map<string, PlannedValues & { texts: Set<string> }>()
  for (const { specification } of plan) {
    if (specification.phase !== phase) continue
    for (const [key, [where, name, value]] of flatten(specification)) {
      const known = found.get(key) ?? { where, name, values: [], texts: new Set<string>() }
      const text = JSON.stringify(value)
      if (!known.texts.has(text)) known.values.push(value)
      known.texts.add(text)
      found.set(key, known)
    }
  }
  return found
}

const together = ([first, ...others]: readonly Value[]): Value =>
  others.length === 0 ? (first ?? null) : { each: [first ?? null, ...others] }

/** What differs between the tasks, settings and steps of two plans. A setting that differs alike in both phases is named once. */
export function differencesBetween(
  before: readonly PlannedRun[],
  after: readonly PlannedRun[],
): PlanDifference[] {
  const found = (['pretrain', 'finetune'] as const).flatMap((phase) => {
    const old = valuesOf(before, phase)
    return [...valuesOf(after, phase)].flatMap(([key, { where, name, values }]) => {
      const had = old.get(key)
      const was = had
        ? together(had.values)
        : name.startsWith('recording.') && old.size > 0
          ? null
          : undefined
      const value = together(values)
      if (was === undefined || JSON.stringify(was) === JSON.stringify(value)) return []
      return [{ where, name, phase, before: was, after: value } satisfies PlanDifference]
    })
  })
  return found.flatMap((row): PlanDifference[] => {
    if (row.where !== 'settings') return [{ ...row, phase: null }]
    const twin = found.find((other) => other !== row && sameBut(other, row))
    if (!twin) return [row]
    return row.phase === 'pretrain' ? [{ ...row, phase: null }] : []
  })
}

function sameBut(a: PlanDifference, b: PlanDifference): boolean {
  return (
    a.where === b.where &&
    a.name === b.name &&
    JSON.stringify([a.before, a.after]) === JSON.stringify([b.before, b.after])
  )
}
