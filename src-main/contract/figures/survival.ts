import type { ComparisonStatistics, Survival, XAxis } from '../index.ts'
import type { CsvColumn } from './csv.ts'
import { axisNames } from './curve-names.ts'
import type { Figure, FigureLine, FigurePoint } from './figure.ts'
import { type GroupLook, panelColumn } from './group-looks.ts'
import { formatCount, formatFigure, formatMark } from './number-words.ts'

/** What time until the first failure is counted in. */
export type SurvivalAxis = 'steps' | 'episodes'

/** Seconds and failures so far are no measure of it. */
export const survivalAxis = (x: XAxis): SurvivalAxis => (x === 'episodes' ? 'episodes' : 'steps')

export interface GroupSurvival {
  look: GroupLook
  survival: Survival
}

export function survivalsOf(
  { results }: ComparisonStatistics,
  looks: ReadonlyMap<string, GroupLook>,
  axis: SurvivalAxis,
): GroupSurvival[] {
  return results.flatMap(({ groupId, survival }) => {
    const look = looks.get(groupId)
    return look && survival[axis].runs > 0 ? [{ look, survival: survival[axis] }] : []
  })
}

export const formatMedian = ({ median }: Survival): string =>
  median === null ? 'not reached' : formatCount(median)

/** More bands than these lie on each other until none can be read. */
const MOST_BANDS = 3

/** Stairs, down at each first failure; a cross where a run ended that never failed. */
export function survivalFigure(
  groups: readonly GroupSurvival[],
  axis: SurvivalAxis,
  focus: string | null = null,
): Figure {
  const areBandsFew = groups.length <= MOST_BANDS
  const interval = areBandsFew ? 'with a 95 % interval' : 'with the 95 % interval of the group pointed at'
  return {
    title: 'Training without a failure',
    xLabel: axisNames[axis].title,
    yLabel: 'Runs that have not failed (%)',
    caption: `Share of each group’s runs that have not failed yet (Kaplan and Meier), ${interval}. Crosses: runs that ended without a failure, and count until then.`,
    x: { from: 0, to: Math.max(1, ...groups.map(({ survival }) => survival.end)) },
    y: { from: 0, to: 103 },
    formatX: axis === 'steps' ? formatMark : formatCount,
    formatY: formatMark,
    lines: groups.map((group) => lineOf(group, areBandsFew || group.look.id === focus)),
    isLegendOutside: groups.every(({ look }) => look.label.length <= 12),
    points: groups.flatMap(crossesOf),
    thresholds: [{ axis: 'y', at: 50, label: 'half', colour: 'var(--ink-muted)' }],
  }
}

function lineOf({ look, survival }: GroupSurvival, hasBand: boolean): FigureLine {
  const x = [0]
  const bounds = { share: [100], low: [100], high: [100] }
  const put = (at: number, values: { share: number; low: number; high: number }) => {
    x.push(at)
    for (const name of ['share', 'low', 'high'] as const) bounds[name].push(values[name] * 100)
  }
  let before = { share: 1, low: 1, high: 1 }
  for (const drop of survival.drops) {
    put(drop.at, before)
    put(drop.at, drop)
    before = drop
  }
  put(survival.end, before)
  return {
    label: look.label,
    x,
    y: bounds.share,
    ...(hasBand ? { low: bounds.low, high: bounds.high } : {}),
    colour: look.colour,
    width: 2,
    dash: look.dash,
    key: look.id,
  }
}

const shareAt = ({ drops }: Survival, at: number): number =>
  drops.findLast((drop) => drop.at <= at)?.share ?? 1

function crossesOf({ look, survival }: GroupSurvival): FigurePoint[] {
  return [...new Set(survival.censored)].map((at) => ({
    label: `${look.label}: ended at ${formatCount(at)} without a failure`,
    x: at,
    y: shareAt(survival, at) * 100,
    colour: look.colour,
    marker: 'plus',
    size: 5,
    key: look.id,
  }))
}

/** What the figure shows, in words. */
export function describeSurvival(groups: readonly GroupSurvival[], axis: SurvivalAxis): string {
  const unit = axis === 'steps' ? 'policy step' : 'episode'
  return `Training without a failure. ${groups
    .map(({ look, survival }) => {
      const half =
        survival.median === null ? 'fewer than half by the end' : `half by ${unit} ${formatMedian(survival)}`
      return `${look.label}: ${survival.failed} of ${survival.runs} runs fail, ${half}`
    })
    .join('; ')}.`
}

/** Row by row: the beginning, each drop, and each run that ended without a failure. */
export function survivalColumns(groups: readonly GroupSurvival[], axis: SurvivalAxis): CsvColumn[] {
  const rows = groups.flatMap(({ look, survival }) => {
    const begin = { at: 0, atRisk: survival.runs, failures: 0, share: 1, low: 1, high: 1, ended: 0 }
    const ends = [...Map.groupBy(survival.censored, (at) => at)].map(([at, ended]) => {
      const last = survival.drops.findLast((drop) => drop.at <= at) ?? begin
      const seen = (times: readonly number[]) => times.filter((time) => time >= at).length
      const laterFailures = survival.drops.filter((drop) => drop.at > at)
      const atRisk = seen(survival.censored) + laterFailures.reduce((sum, { failures }) => sum + failures, 0)
      return { ...last, at, atRisk, failures: 0, ended: ended.length }
    })
    const drops = survival.drops.map((drop) => ({ ...drop, ended: 0 }))
    return [begin, ...[...drops, ...ends].sort((a, b) => a.at - b.at)].map((row) => ({ ...row, look }))
  })
  return [
    ...panelColumn(rows.map(({ look }) => look.panel)),
    { name: 'group', values: rows.map(({ look }) => look.label) },
    { name: axisNames[axis].title, values: rows.map(({ at }) => at) },
    { name: 'runs without a failure until then', values: rows.map(({ atRisk }) => atRisk) },
    { name: 'first failures', values: rows.map(({ failures }) => failures) },
    { name: 'ended without a failure', values: rows.map(({ ended }) => ended) },
    { name: 'have not failed (%)', values: rows.map(({ share }) => share * 100) },
    { name: 'low', values: rows.map(({ low }) => low * 100) },
    { name: 'high', values: rows.map(({ high }) => high * 100) },
  ]
}

/** Share that has not failed at the end, with its interval, in percent. */
export function lastShare({ drops }: Survival): string {
  const last = drops.at(-1)
  if (!last) return '100'
  return last.share === 0
    ? '0'
    : `${formatFigure(last.share * 100)} [${formatFigure(last.low * 100)}, ${formatFigure(last.high * 100)}]`
}
