import { type Facet, type RunGroup, taskKey } from '../comparisons.ts'
import { formatValue } from '../setting-words.ts'
import { environmentName, methodName } from '../transfer.ts'
import type { CsvColumn } from './csv.ts'
import type { Marker } from './figure.ts'
import { environmentNames, methodLooks, phaseNames } from './method-looks.ts'

/** How a group looks and what it is called, in every chart and table. */
export interface GroupLook {
  /** Of the series: groups that stand for the same in different panels look alike and stand out together. */
  id: string
  /** What the group's panel is called; nothing where there is one. */
  panel: string
  label: string
  colour: string
  dash: number[]
  marker: Marker
}

/** Of methods that are not in view, and grey. In turn with dashes and markers, so that colour alone need not tell. */
const colours = [
  methodLooks.cpo.colour,
  methodLooks.wcpg.colour,
  methodLooks.esac.colour,
  'var(--group-other)',
] as const
const dashes: readonly number[][] = [[], [7, 3], [2, 2], [9, 3, 2, 3]]
const markers: readonly Marker[] = ['triangle', 'diamond', 'down', 'plus', 'circle', 'square']

type Names = (experimentId: number) => string

/**
 * Looks of all groups. A method's first group has the method's own colour, the others have one of the slots in `kept`, which remembers by group, so that
 * a group keeps its look when others come and go.
 */
export function lookOf(
  groups: readonly RunGroup[],
  kept: Map<string, number>,
  experimentName: Names,
  facets: readonly Facet[] = [],
): Map<string, GroupLook> {
  const bySeries = new Map<string, Omit<GroupLook, 'panel'>>()
  const takenMethods = new Set<string>()
  const taken = new Set<number>()
  const ofMethods = new Set(groups.map(({ method }) => method && methodLooks[method].colour))
  const isFree = (slot: number) => !taken.has(slot) && !ofMethods.has(colours[slot % colours.length] ?? null)
  for (const group of groups) {
    const { series: id, method } = group
    if (bySeries.has(id)) continue
    const label = labelOf(group, groups, experimentName)
    const own = method === null || takenMethods.has(method) ? null : methodLooks[method]
    if (own !== null && method !== null && !kept.has(id)) {
      takenMethods.add(method)
      bySeries.set(id, { id, label, colour: own.colour, dash: own.dash, marker: own.marker })
      continue
    }
    let slot = kept.get(id) ?? 0
    while (kept.has(id) ? taken.has(slot) : !isFree(slot)) slot++
    taken.add(slot)
    kept.set(id, slot)
    bySeries.set(id, {
      id,
      label,
      colour: colours[slot % colours.length] ?? 'var(--ink)',
      dash: dashes[(slot + Math.floor(slot / colours.length)) % dashes.length] ?? [],
      marker: markers[slot % markers.length] ?? 'circle',
    })
  }
  const panels = new Map(panelsOf(facets, experimentName).map(({ id, label }) => [id, label]))
  return new Map(
    groups.flatMap(({ id, series, facet }) => {
      const look = bySeries.get(series)
      return look ? [[id, { ...look, panel: panels.get(facet) ?? '' }] as const] : []
    }),
  )
}

/** With the name of its panel, where there are several. */
export const fullLabel = (look: GroupLook | undefined, groupId: string): string =>
  look === undefined ? groupId : [look.panel, look.label].filter(Boolean).join(': ')

/** A column that says to which panel a row belongs, where there are several. */
export const panelColumn = (panels: readonly string[]): CsvColumn[] =>
  panels.some(Boolean) ? [{ name: 'panel', values: panels }] : []

/** A panel of each figure under its name; the only one needs none. */
export interface Panel {
  id: string
  label: string
}

export const panelsOf = (facets: readonly Facet[], experimentName: Names): Panel[] =>
  facets.map(({ id, values }) => ({
    id,
    label: facets.length < 2 ? '' : wordsOf(values, experimentName).join(' · ') || 'Others',
  }))

const MOST_VALUES = 3

/** What tells the group apart, the method first; values that are the same in all groups of a method are left out by the lab. */
export function labelOf(group: RunGroup, groups: readonly RunGroup[], experimentName: Names): string {
  const { method, ...others } = group.values
  const areMethodsTold = groups.some((other) => other.method !== group.method)
  const isTold = areMethodsTold || Object.keys(group.values).length === 0 || method !== undefined
  const first = group.method !== null && isTold ? [methodLooks[group.method].label] : []
  return [...first, ...wordsOf(others, experimentName)].join(' · ') || 'All runs'
}

/** Values by which runs are told apart, in words. */
function wordsOf(values: RunGroup['values'], experimentName: Names): string[] {
  const { method, environment, phase, experiment, run, seed, ...settings } = values
  const isPhase = phase === 'pretrain' || phase === 'finetune'
  const shown = Object.entries(settings).map(([name, value]) => `${shortName(name)} ${formatValue(value)}`)
  const more = shown.length > MOST_VALUES ? [`and ${shown.length - MOST_VALUES} more`] : []
  const known = methodName.safeParse(method)
  const place = environmentName.safeParse(environment)
  return [
    ...(known.success ? [methodLooks[known.data].label] : []),
    ...(place.success ? [environmentNames[place.data]] : []),
    ...(isPhase ? [phaseNames[phase].toLowerCase()] : []),
    ...(typeof experiment === 'number' ? [experimentName(experiment)] : []),
    ...(typeof run === 'number' ? [`run ${run}`] : []),
    ...(typeof seed === 'number' ? [`seed ${seed}`] : []),
    ...shown.slice(0, MOST_VALUES),
    ...more,
  ]
}

/** sqrl.epsilonSafe is epsilonSafe, and before the transfer `pre-trained with epsilonSafe`. */
export function shortName(name: string): string {
  const bare = name.replace(/^pretraining\./, '').replace(/^[a-z]+\./, '')
  return name.startsWith('pretraining.') ? `pre-trained ${bare}` : bare
}

/** How a grouping is called. */
export function groupByName(key: string): string {
  switch (key) {
    case 'settings':
      return 'everything but the seed'
    case 'method':
      return 'method'
    case taskKey:
      return 'task'
    case 'experiment':
      return 'experiment'
    case 'run':
      return 'nothing: each run alone'
    default:
      return key.startsWith('pretraining.') ? `${key.slice('pretraining.'.length)} of the pre-training` : key
  }
}
