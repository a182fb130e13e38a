import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { RunGroup } from '../../contract/comparisons.ts'
import type { Run } from '../../contract/runs.ts'

type Json = z.core.util.JSONType

/** A run with all that can tell it from others, by name. */
export interface DescribedRun {
  run: Run
  /** The pre-training run that it started from. */
  pretrainRun: Run | null
  traits: ReadonlyMap<string, Json>
}

/** Names that are no settings: what a run is, rather than how it was set up. */
const identity = ['run', 'experiment', 'seed'] as const

export function describeRun(run: Run, pretrainRun: Run | null): DescribedRun {
  const { method, phase, seed } = run.specification
  const traits = new Map<string, Json>([
    ['run', run.id],
    ['experiment', run.experimentId],
    ['seed', seed],
    ['method', method],
    ['phase', phase],
    ...settingsOf(run),
  ])
  if (pretrainRun !== null)
    for (const [name, value] of settingsOf(pretrainRun)) traits.set(`pretraining.${name}`, value)
  return { run, pretrainRun, traits }
}

/** Task parameters by name, settings by dotted name; book-keeping changes nothing that is learnt and stays out. */
function settingsOf({ specification }: Run): [string, Json][] {
  const { task, settings, steps } = specification
  const nested = Object.entries(settings).flatMap(([group, values]): [string, Json][] =>
    isRecord(values)
      ? Object.entries(values).map(([name, value]) => [`${group}.${name}`, value])
      : [[group, values]],
  )
  return [['steps', steps], ['environment', task.environment], ...Object.entries(task.parameters), ...nested]
}

function isRecord(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names of traits that at least two of the runs have with different values. That one method has settings which another lacks follows from the method. */
export function differingTraits(runs: readonly DescribedRun[]): string[] {
  const first = new Map<string, string>()
  const differing = new Set<string>()
  for (const { traits } of runs) {
    for (const [name, value] of traits) {
      const text = JSON.stringify(value)
      const known = first.get(name)
      if (known === undefined) first.set(name, text)
      else if (known !== text) differing.add(name)
    }
  }
  return [...first.keys()].filter((name) => differing.has(name))
}

/** All names by which the runs can be grouped, those that make more than one group first. */
export function groupKeysOf(runs: readonly DescribedRun[]): string[] {
  const differing = differingTraits(runs)
  const all = new Set(runs.flatMap(({ traits }) => [...traits.keys()]))
  return [...new Set([...differing, ...all])]
}

/** Groups in the order of their first runs. */
export function groupRuns(runs: readonly DescribedRun[], groupBy: readonly string[]): RunGroup[] {
  const isBySettings = groupBy.includes('settings')
  const keysOf = ({ traits }: DescribedRun) =>
    isBySettings
      ? [...traits.keys()].filter(
          (name) => groupBy.includes(name) || !identity.some((other) => other === name),
        )
      : groupBy
  const groups = Map.groupBy(runs, (run) =>
    JSON.stringify(keysOf(run).map((key) => [key, run.traits.get(key) ?? null])),
  )
  const representatives = [...groups.values()].flatMap(([first]) => (first ? [first] : []))
  const telling = differingTraits(representatives).filter(
    (name) => groupBy.includes(name) || (isBySettings && !identity.some((other) => other === name)),
  )
  return [...groups].map(([key, members]) => ({
    id: createHash('sha256').update(key).digest('hex').slice(0, 10),
    values: Object.fromEntries(
      telling.flatMap((name) => {
        const value = members[0]?.traits.get(name)
        return value === undefined ? [] : [[name, value]]
      }),
    ),
    method: common(members.map(({ run }) => run.specification.method)),
    experimentId: common(members.map(({ run }) => run.experimentId)),
    runs: members.map(({ run: { id, experimentId, specification } }) => ({
      id,
      experimentId,
      seed: specification.seed,
      phase: specification.phase,
    })),
  }))
}

function common<T>(values: readonly T[]): T | null {
  const [first] = values
  return first !== undefined && values.every((value) => value === first) ? first : null
}
