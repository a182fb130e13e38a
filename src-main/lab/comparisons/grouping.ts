import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { type Facet, type RunGroup, taskKey } from '../../contract/comparisons.ts'
import type { Run } from '../../contract/runs.ts'

type Json = z.core.util.JSONType

/** A run with all that can tell it from others, by name. */
export interface DescribedRun {
  run: Run
  /** The pre-training run that it started from. */
  pretrainRun: Run | null
  traits: ReadonlyMap<string, Json>
  /** Those traits that make up its task, in one order for all runs. */
  taskNames: readonly string[]
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
  const { parameters } = run.specification.task
  return { run, pretrainRun, traits, taskNames: ['environment', ...Object.keys(parameters).sort()] }
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

/** The same for runs of the same task. */
export const taskOf = ({ traits, taskNames }: DescribedRun): string =>
  JSON.stringify(taskNames.map((name) => [name, traits.get(name)]))

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

/** Runs in groups, the groups in panels; both in the order of their first runs. */
export interface Grouping {
  groups: RunGroup[]
  facets: Facet[]
  /** Settings in which the groups of one series differ between panels, besides those that the panels are laid out by. */
  differsBetweenFacets: string[]
}

/**
 * @param facetBy what the panels are laid out by; null: one panel. Groups of different panels stand for the same series where they agree in what tells the
 * groups of a panel apart: so SQRL is SQRL in each, though its networks are of other sizes there.
 */
export function groupRuns(
  runs: readonly DescribedRun[],
  groupBy: readonly string[],
  facetBy: string | null = null,
): Grouping {
  const keys = expand(groupBy, runs)
  const facetKeys = expand(facetBy === null ? [] : [facetBy], runs)
  const isBySettings = groupBy.includes('settings')
  const isKey = (name: string) =>
    keys.includes(name) || (isBySettings && !identity.some((other) => other === name))
  const keysOf = ({ traits }: DescribedRun) =>
    isBySettings ? [...new Set([...[...traits.keys()].filter(isKey), ...facetKeys])] : [...keys, ...facetKeys]
  const facetTextOf = ({ traits }: DescribedRun) =>
    textOf(
      traits,
      facetKeys.filter((name) => traits.has(name)),
    )

  const groups = [...Map.groupBy(runs, (run) => textOf(run.traits, keysOf(run)))].flatMap(
    ([text, members]) => {
      const [first] = members
      return first ? [{ id: hash(text), members, first, facetText: facetTextOf(first) }] : []
    },
  )
  const panels = Map.groupBy(groups, ({ facetText }) => facetText)
  const firstsOf = (some: readonly (typeof groups)[number][]) => some.map(({ first }) => first)
  const inPanels = new Set([...panels.values()].flatMap((panel) => differingTraits(firstsOf(panel))))
  const isWhole = panels.size <= 1
  const all = differingTraits(firstsOf(groups))
  const telling = all.filter((name) => {
    if (!isKey(name) || facetKeys.includes(name)) return false
    return isWhole || !isBySettings || always.includes(name) || keys.includes(name) || inPanels.has(name)
  })

  // A method looks like itself even where each has a panel.
  const seriesNames = [...new Set([...telling, ...all.filter((name) => always.includes(name))])]
  const seriesOf = new Map<string, string>()
  for (const panel of panels.values()) {
    const taken = new Set<string>()
    for (const { id, first } of panel) {
      let text = textOf(first.traits, seriesNames)
      // Groups that differ only in what one of them lacks.
      while (taken.has(text)) text += '+'
      taken.add(text)
      seriesOf.set(id, isWhole ? id : hash(text))
    }
  }
  const bySeries = Map.groupBy(groups, ({ id }) => seriesOf.get(id))
  const between = new Set([...bySeries.values()].flatMap((series) => differingTraits(firstsOf(series))))
  const isTold = (name: string) =>
    telling.includes(name) || facetKeys.includes(name.replace(/^pretraining\./, '')) || !isKey(name)
  return {
    groups: groups.map(({ id, members, first, facetText }) => ({
      id,
      series: seriesOf.get(id) ?? id,
      facet: hash(facetText),
      values: pick(first.traits, telling),
      method: common(members.map(({ run }) => run.specification.method)),
      experimentId: common(members.map(({ run }) => run.experimentId)),
      runs: members.map(({ run: { id: runId, experimentId, specification } }) => ({
        id: runId,
        experimentId,
        seed: specification.seed,
        phase: specification.phase,
      })),
    })),
    facets: facetsOf([...panels.values()].map(firstsOf), facetKeys, facetTextOf),
    differsBetweenFacets: isWhole ? [] : [...between].filter((name) => !isTold(name)),
  }
}

/** Differences that make another series of it in any case. */
const always: readonly string[] = ['method', 'phase']

/** A panel is told by those of its keys that differ; the only one by its first. */
function facetsOf(
  panels: readonly (readonly DescribedRun[])[],
  facetKeys: readonly string[],
  textOfFacet: (run: DescribedRun) => string,
): Facet[] {
  const firsts = panels.flatMap(([first]) => (first ? [first] : []))
  const differing = differingTraits(firsts).filter((name) => facetKeys.includes(name))
  return firsts.map((first) => ({
    id: hash(textOfFacet(first)),
    values: pick(first.traits, differing.length > 0 ? differing : facetKeys.slice(0, 1)),
  }))
}

/** `task` stands for the names of all parameters that make it up. */
function expand(keys: readonly string[], runs: readonly DescribedRun[]): string[] {
  return keys.flatMap((key) =>
    key === taskKey ? [...new Set(runs.flatMap(({ taskNames }) => taskNames))] : [key],
  )
}

type Traits = DescribedRun['traits']

const textOf = (traits: Traits, names: readonly string[]): string =>
  JSON.stringify(names.map((name) => [name, traits.get(name) ?? null]))

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 10)

const pick = (traits: Traits, names: readonly string[]): Record<string, Json> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = traits.get(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )

function common<T>(values: readonly T[]): T | null {
  const [first] = values
  return first !== undefined && values.every((value) => value === first) ? first : null
}
