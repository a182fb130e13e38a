import { z } from 'zod'
import {
  type ComparisonStatistics,
  type Difference,
  type GroupResult,
  type ResultFigure,
  type RunGroup,
  type RunResult,
  resultFigure,
  resultFigures,
} from '../../contract/comparisons.ts'
import { type Interval, unknownInterval } from '../../contract/numbers.ts'
import { bootstrappingMean } from '../../statistics/bootstrap.ts'
import {
  bootstrappingDifference,
  type DifferenceInterval,
  probabilityOfImprovement,
  type SeedValue,
} from '../../statistics/differences.ts'
import { paretoFront } from '../../statistics/pareto.ts'
import { rateOverSeeds } from '../../statistics/proportions.ts'
import { hasEnded } from '../runs.ts'
import { type Breathe, breather, inTurns } from './breath.ts'
import type { ComparedRuns } from './compared-runs.ts'
import { type Measured, measureRuns, valuesOf } from './measuring.ts'
import { judgeRuns, refuseDifference } from './refusals.ts'
import type { RunHistories } from './run-history.ts'
import { survivalOf } from './survival.ts'

const names = resultFigure.options
/** For numbers that stay: their bounds hold to about half a percent of their distance. While runs train the figures are asked for every few seconds, and get fewer. */
const RESAMPLES = 50_000
const RESAMPLES_QUICKLY = 10_000
/** Of more groups than these, as a sweep gives, nobody waits for the last half percent of each. */
const FEW_GROUPS = 20

export async function compareStatistics(
  histories: RunHistories,
  { groups, facets, runs, described, missing }: ComparedRuns,
  baseline: string | null,
  until: 'end' | 'common',
): Promise<ComparisonStatistics> {
  const breathe = breather()
  const isTraining = [...runs.values()].some((run) => !hasEnded(run.state))
  const isQuick = isTraining || groups.length > FEW_GROUPS
  const resamples = isQuick ? RESAMPLES_QUICKLY : RESAMPLES
  const { measured, commonStep } = await measureRuns(described, histories, until, breathe)
  const membersOf = (group: RunGroup) =>
    group.runs.flatMap(({ id }) => {
      const one = measured.get(id)
      return one ? [one] : []
    })
  const inFacet = (id: string) => groups.filter(({ facet }) => facet === id)
  const paretoRuns = new Set(
    facets.flatMap(({ id }) => [
      ...markPareto(
        inFacet(id).flatMap(membersOf),
        ({ run }) => run.id,
        ({ figures }) => ({ gain: figures.finalReturn, cost: figures.failureRate }),
      ),
    ]),
  )
  const series = groups.find((group) => group.series === baseline)?.series ?? groups[0]?.series ?? null
  const references = new Map(
    facets.map(({ id }) => {
      const group = inFacet(id).find((one) => one.series === series)
      const members = group ? membersOf(group) : []
      return [id, { group, members, judged: judgeRuns(members) }]
    }),
  )

  const results: GroupResult[] = []
  for (const group of groups) {
    const members = membersOf(group)
    const judged = judgeRuns(members)
    const isRefused = judged.refusals.length > 0
    const reference = references.get(group.facet)
    const apart =
      group === reference?.group ? null : refuseDifference(judged.length, reference?.judged.length ?? null)
    const isComparable = !isRefused && apart === null && reference?.judged.refusals.length === 0
    const figures = isRefused ? noIntervals() : await intervalsOf(members, resamples, breathe)
    results.push({
      groupId: group.id,
      runs: members.map((member) => toRunResult(member, paretoRuns.has(member.run.id))),
      figures,
      differences:
        group === reference?.group || !isComparable
          ? noDifferences()
          : await differencesOf(members, reference.members, resamples, breathe),
      isPareto: false,
      survival: survivalOf(
        !judged.isSample
          ? []
          : members.flatMap(({ episodes, untilFailure }) => (episodes === 0 ? [] : [untilFailure])),
      ),
      pretraining: await pretrainingOf(members, histories, breathe),
      refusals: [...judged.refusals, ...(apart === null ? [] : [apart])],
      warnings: [
        ...warningsOf(members),
        ...(reference?.group ? [] : ['The baseline has no runs in this panel, so there are no differences.']),
      ],
    })
  }
  const front = new Set(
    facets.flatMap(({ id }) => {
      const ids = new Set(inFacet(id).map((group) => group.id))
      return [
        ...markPareto(
          results.filter(({ groupId }) => ids.has(groupId)),
          ({ groupId }) => groupId,
          ({ figures }) => ({ gain: figures.finalReturn.mean, cost: figures.failureRate.mean }),
        ),
      ]
    }),
  )
  return {
    groups,
    facets,
    results: results.map((result) => ({ ...result, isPareto: front.has(result.groupId) })),
    baseline: series,
    commonStep,
    missing,
  }
}

async function intervalsOf(
  members: readonly Measured[],
  resamples: number,
  breathe: Breathe,
): Promise<Record<ResultFigure, Interval>> {
  const over = async (name: ResultFigure) => {
    await breathe()
    return inTurns(
      bootstrappingMean(
        valuesOf(members, name).map(({ value }) => value),
        { resamples },
      ),
      breathe,
    )
  }
  return {
    finalReturn: await over('finalReturn'),
    successRate: rateOverSeeds(
      members.map(({ lastSuccesses, lastEpisodes }) => ({ events: lastSuccesses, trials: lastEpisodes })),
    ),
    failureRate: rateOverSeeds(
      members.map(({ failures, episodes }) => ({ events: failures, trials: episodes })),
    ),
    cumulativeFailures: await over('cumulativeFailures'),
    firstFailure: await over('firstFailure'),
    worstReturns: await over('worstReturns'),
    meanReturn: await over('meanReturn'),
  }
}

const noIntervals = (): Record<ResultFigure, Interval> => ({
  finalReturn: unknownInterval,
  successRate: unknownInterval,
  failureRate: unknownInterval,
  cumulativeFailures: unknownInterval,
  firstFailure: unknownInterval,
  worstReturns: unknownInterval,
  meanReturn: unknownInterval,
})

const noDifferences = (): Record<ResultFigure, Difference | null> => ({
  finalReturn: null,
  successRate: null,
  failureRate: null,
  cumulativeFailures: null,
  firstFailure: null,
  worstReturns: null,
  meanReturn: null,
})

async function differencesOf(
  members: readonly Measured[],
  reference: readonly Measured[],
  resamples: number,
  breathe: Breathe,
) {
  const differences = noDifferences()
  for (const name of names) {
    const [ours, theirs] = [valuesOf(members, name), valuesOf(reference, name)]
    const between = await inTurns(bootstrappingDifference(ours, theirs, { resamples }), breathe)
    differences[name] = differenceOf(name, between, ours, theirs)
    await breathe()
  }
  return differences
}

function differenceOf(
  name: ResultFigure,
  between: DifferenceInterval | null,
  ours: readonly SeedValue[],
  theirs: readonly SeedValue[],
): Difference | null {
  const [a, b] = [ours, theirs].map((side) => side.map(({ value }) => value))
  const above = probabilityOfImprovement(a ?? [], b ?? [])
  if (between === null || above === null) return null
  const isHigherBetter = resultFigures[name] === 'higher'
  const { low, high } = between
  const isClear = low !== null && high !== null && (low > 0 || high < 0)
  return {
    ...between,
    improvement: isHigherBetter ? above : 1 - above,
    verdict: !isClear ? 'unclear' : between.mean > 0 === isHigherBetter ? 'better' : 'worse',
  }
}

async function pretrainingOf(
  members: readonly Measured[],
  histories: RunHistories,
  breathe: Breathe,
): Promise<GroupResult['pretraining']> {
  const unique = new Map(
    members.flatMap(({ described: { pretrainRun } }) =>
      pretrainRun ? [[pretrainRun.id, pretrainRun] as const] : [],
    ),
  )
  if (unique.size === 0) return null
  const counts: { events: number; trials: number }[] = []
  for (const run of unique.values()) {
    const { end, steps } = await histories.get(run, breathe)
    counts.push({ events: end.failures, trials: steps.length })
  }
  return {
    runs: unique.size,
    episodes: counts.reduce((sum, { trials }) => sum + trials, 0),
    failures: counts.reduce((sum, { events }) => sum + events, 0),
    failureRate: rateOverSeeds(counts),
  }
}

const limit = z.object({ epsilonSafe: z.number() })
/** SQRL's threshold, or CPO's limit of the expected failure cost. */
const limitedSettings = z.union([
  z.object({ sqrl: limit }).transform(({ sqrl }) => sqrl),
  z.object({ cpo: limit }).transform(({ cpo }) => cpo),
])

function toRunResult({ run, episodes, failures, figures }: Measured, isPareto: boolean): RunResult {
  const settings = limitedSettings.safeParse(run.specification.settings)
  return {
    id: run.id,
    seed: run.specification.seed,
    state: run.state,
    episodes,
    failures,
    figures,
    epsilonSafe: settings.data?.epsilonSafe ?? null,
    isPareto,
  }
}

/** Seeds below which percentile intervals cover clearly less often than they say. */
export const FEW_SEEDS = 5

function warningsOf(members: readonly Measured[]): string[] {
  const withValues = members.filter(({ episodes }) => episodes > 0)
  const seeds = new Set(withValues.map(({ run }) => run.specification.seed)).size
  const unfinished = members.filter(({ run }) => run.state !== 'finished').length
  const phases = new Set(members.map(({ run }) => run.specification.phase)).size
  const warnings: string[] = []
  if (withValues.length === 0) warnings.push('None of its runs has an episode yet.')
  else if (seeds === 1 && withValues.length === 1)
    warnings.push('One seed says nothing about how much seeds differ, so there are no intervals.')
  else if (seeds < FEW_SEEDS)
    warnings.push(
      `${seeds === 1 ? 'One seed is' : `${seeds} seeds are`} too few for these intervals to be trusted: they hold the true mean less often than the 95 % they promise.`,
    )
  if (unfinished > 0)
    warnings.push(`${unfinished} of ${members.length} runs ${unfinished === 1 ? 'is' : 'are'} not finished.`)
  if (phases > 1) warnings.push('It mixes pre-training and fine-tuning runs.')
  return warnings
}

function markPareto<T, K>(
  items: readonly T[],
  key: (item: T) => K,
  trade: (item: T) => { gain: number | null; cost: number | null },
): Set<K> {
  const known = items.flatMap((item) => {
    const { gain, cost } = trade(item)
    return gain === null || cost === null ? [] : [{ key: key(item), gain, cost }]
  })
  const front = paretoFront(known)
  return new Set(known.flatMap(({ key: one }, index) => (front[index] ? [one] : [])))
}
