import type { ResultFigure } from '../comparisons.ts'
import type { ComparisonProfiles, ScoredTask, SeriesProfile } from '../profiles.ts'
import type { CsvColumn } from './csv.ts'
import type { Figure } from './figure.ts'
import type { GroupLook } from './group-looks.ts'
import { formatFigure, formatMark } from './number-words.ts'
import { formatInterval, resultNames } from './results.ts'
import { sayOfGroups } from './warnings.ts'

/** Figures that can be a score: how often and how soon runs fail has no natural best. */
export const scoreNames = ['finalReturn', 'meanReturn', 'worstReturns', 'successRate', 'failureRate'] as const

export interface LookedProfile {
  look: GroupLook
  profile: SeriesProfile
}

/** Profiles with the looks of their series. @param looks by the ids of groups. */
export function profilesOf(
  { groups, results }: ComparisonProfiles,
  looks: ReadonlyMap<string, GroupLook>,
): LookedProfile[] {
  const bySeries = new Map(groups.map(({ id, series }) => [series, looks.get(id)]))
  return results.flatMap((profile) => {
    const look = bySeries.get(profile.series)
    return look ? [{ look, profile }] : []
  })
}

/** What scores are, in words. */
export function describeScale(score: ResultFigure, tasks: readonly ScoredTask[]): string {
  const { label } = resultNames[score]
  const known = tasks.filter(({ refusal }) => refusal === null)
  const own = known.filter(({ isGiven }) => !isGiven).length
  const scale =
    own === known.length
      ? 'from 0 for the worst of the runs compared to 1 for the best'
      : own === 0
        ? 'from 0 to 1 between the bounds set'
        : 'from 0 to 1 between the bounds set, elsewhere from the worst of the runs compared to the best'
  const where = known.length === 1 ? 'over one task' : `task by task over ${known.length} tasks`
  return `Score: ${label.toLowerCase()}, ${where}, ${scale}.`
}

export function profileFigure(
  { thresholds, score, tasks }: ComparisonProfiles,
  profiles: readonly LookedProfile[],
): Figure {
  const drawn = profiles.filter(({ profile }) => profile.share.length > 0)
  const hasBands = drawn.some(({ profile }) => profile.low !== null)
  const percent = (shares: readonly number[]) => shares.map((share) => share * 100)
  return {
    title: 'Performance profile',
    xLabel: 'Score τ',
    yLabel: 'Runs with a score above τ (%)',
    caption: `${describeScale(score, tasks)} ${hasBands ? 'Bands: pointwise 95 % intervals, runs drawn anew within each task.' : 'No bands: one run of a task says nothing about how much runs differ.'}`,
    x: { from: thresholds[0] ?? 0, to: thresholds.at(-1) ?? 1 },
    y: { from: 0, to: 103 },
    formatX: formatMark,
    formatY: formatMark,
    points: [],
    thresholds: [],
    isLegendOutside: drawn.every(({ look }) => look.label.length <= 12),
    lines: drawn.map(({ look, profile: { share, low, high } }) => ({
      label: look.label,
      x: thresholds,
      y: percent(share),
      ...(low && high ? { low: percent(low), high: percent(high) } : {}),
      colour: look.colour,
      width: 2,
      dash: look.dash,
      isStep: true,
      key: look.id,
    })),
  }
}

export function describeProfiles(profiles: readonly LookedProfile[], tasks: number): string {
  const said = profiles.map(({ look, profile: { optimalityGap, runs, share } }) =>
    share.length === 0
      ? `${look.label}: no profile`
      : `${look.label}: optimality gap ${formatInterval(optimalityGap, 1)} over ${runs} runs`,
  )
  return `Performance profile over ${tasks === 1 ? 'one task' : `${tasks} tasks`}. ${said.join('; ')}.`
}

export function profileColumns(
  { thresholds }: ComparisonProfiles,
  profiles: readonly LookedProfile[],
): CsvColumn[] {
  return [
    { name: 'score', values: thresholds },
    ...profiles
      .filter(({ profile }) => profile.share.length > 0)
      .flatMap(({ look, profile: { share, low, high } }): CsvColumn[] => [
        { name: `${look.label}: share of runs above it`, values: share },
        ...(low && high
          ? [
              { name: `${look.label}: low`, values: low },
              { name: `${look.label}: high`, values: high },
            ]
          : []),
      ]),
  ]
}

/** The table of aggregates: a row per series. */
export function aggregateColumns(profiles: readonly LookedProfile[]): CsvColumn[] {
  const interval = (name: string, pick: (profile: SeriesProfile) => SeriesProfile['improvement']) =>
    (['mean', 'low', 'high'] as const).map((bound) => ({
      name: bound === 'mean' ? name : `${name} ${bound}`,
      values: profiles.map(({ profile }) => pick(profile)?.[bound] ?? null),
    }))
  return [
    { name: 'group', values: profiles.map(({ look }) => look.label) },
    { name: 'runs', values: profiles.map(({ profile }) => profile.runs) },
    { name: 'tasks', values: profiles.map(({ profile }) => profile.tasks) },
    ...interval('interquartile mean', ({ interquartileMean }) => interquartileMean),
    ...interval('optimality gap', ({ optimalityGap }) => optimalityGap),
    ...interval('probability of improvement', ({ improvement }) => improvement),
  ]
}

/** What is refused and what weakens the profiles, the same sentence once. */
export function profileWarnings(profiles: readonly LookedProfile[]): string[] {
  const all = profiles.flatMap(({ look, profile }) =>
    [...profile.refusals, ...profile.warnings].map((text) => ({ text, label: look.label })),
  )
  return sayOfGroups(all, profiles.length)
}

export const formatBound = (value: number | null, score: ResultFigure): string =>
  formatFigure(value === null ? null : value * resultNames[score].scale)
