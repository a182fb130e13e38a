import type { RunGroup } from '../comparisons.ts'
import { formatValue } from '../setting-words.ts'
import type { Marker } from './figure.ts'
import { methodLooks, phaseNames } from './method-looks.ts'

/** How a group looks and what it is called, in every chart and table. */
export interface GroupLook {
  id: string
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
): Map<string, GroupLook> {
  const looks = new Map<string, GroupLook>()
  const takenMethods = new Set<string>()
  const taken = new Set<number>()
  const ofMethods = new Set(groups.map(({ method }) => method && methodLooks[method].colour))
  const isFree = (slot: number) => !taken.has(slot) && !ofMethods.has(colours[slot % colours.length] ?? null)
  for (const group of groups) {
    const label = labelOf(group, groups, experimentName)
    const own = group.method === null || takenMethods.has(group.method) ? null : methodLooks[group.method]
    if (own !== null && group.method !== null && !kept.has(group.id)) {
      takenMethods.add(group.method)
      looks.set(group.id, { id: group.id, label, colour: own.colour, dash: own.dash, marker: own.marker })
      continue
    }
    let slot = kept.get(group.id) ?? 0
    while (kept.has(group.id) ? taken.has(slot) : !isFree(slot)) slot++
    taken.add(slot)
    kept.set(group.id, slot)
    looks.set(group.id, {
      id: group.id,
      label,
      colour: colours[slot % colours.length] ?? 'var(--ink)',
      dash: dashes[(slot + Math.floor(slot / colours.length)) % dashes.length] ?? [],
      marker: markers[slot % markers.length] ?? 'circle',
    })
  }
  return looks
}

const MOST_VALUES = 3

/** What tells the group apart, the method first; values that are the same in all groups of a method are left out by the lab. */
export function labelOf(group: RunGroup, groups: readonly RunGroup[], experimentName: Names): string {
  const { method, phase, experiment, run, seed, ...settings } = group.values
  const areMethodsTold = groups.some((other) => other.method !== group.method)
  const first =
    group.method !== null &&
    (areMethodsTold || Object.keys(group.values).length === 0 || method !== undefined)
      ? [methodLooks[group.method].label]
      : []
  const isPhase = phase === 'pretrain' || phase === 'finetune'
  const shown = Object.entries(settings).map(([name, value]) => `${shortName(name)} ${formatValue(value)}`)
  const more = shown.length > MOST_VALUES ? [`and ${shown.length - MOST_VALUES} more`] : []
  const parts = [
    ...first,
    ...(isPhase ? [phaseNames[phase].toLowerCase()] : []),
    ...(typeof experiment === 'number' ? [experimentName(experiment)] : []),
    ...(typeof run === 'number' ? [`run ${run}`] : []),
    ...(typeof seed === 'number' ? [`seed ${seed}`] : []),
    ...shown.slice(0, MOST_VALUES),
    ...more,
  ]
  return parts.join(' · ') || 'All runs'
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
    case 'experiment':
      return 'experiment'
    case 'run':
      return 'nothing: each run alone'
    default:
      return key.startsWith('pretraining.') ? `${key.slice('pretraining.'.length)} of the pre-training` : key
  }
}
