import type { z } from 'zod'
import { type ResultFigure, resultFigures, type ScoreBounds } from '../../contract/comparisons.ts'
import { unknownInterval } from '../../contract/numbers.ts'
import type {
  ComparisonProfiles,
  profilesRequest,
  ScoredTask,
  SeriesProfile,
} from '../../contract/profiles.ts'
import { interquartileMean } from '../../statistics/averages.ts'
import { bootstrappingFigure } from '../../statistics/bootstrap.ts'
import { bootstrappingImprovement, bootstrappingProfile, type TaskScores } from '../../statistics/profiles.ts'
import { breather, inTurns } from './breath.ts'
import type { ComparedRuns } from './compared-runs.ts'
import { type Measured, measureRuns, valuesOf } from './measuring.ts'
import { judgeRuns, refuseDifference } from './refusals.ts'
import type { RunHistories } from './run-history.ts'
import { FEW_SEEDS } from './statistics.ts'

type Request = z.output<typeof profilesRequest>

/** Steps of the threshold. */
const THRESHOLDS = 100

/** Profiles of each series over the tasks that it has runs of. */
export async function compareProfiles(
  histories: RunHistories,
  { described, groups, facets, missing }: ComparedRuns,
  { score, bounds, baseline, until }: Request,
): Promise<ComparisonProfiles> {
  const breathe = breather()
  const { measured } = await measureRuns(described, histories, until, breathe)
  const membersOf = (id: string, series: string | null = null) =>
    groups
      .filter((group) => group.facet === id && (series === null || group.series === series))
      .flatMap(({ runs }) => runs.flatMap((run) => measured.get(run.id) ?? []))
  const tasks = facets.map((facet): ScoredTask => {
    const values = valuesOf(membersOf(facet.id), score).map(({ value }) => value)
    const given = bounds.find(({ task }) => task === facet.id)
    return { ...facet, ...scaleOf(values, score, given), runs: values.length }
  })
  const scaled = tasks.filter(({ refusal }) => refusal === null)

  const allSeries = [...new Set(groups.map(({ series }) => series))]
  const reference = allSeries.find((series) => series === baseline) ?? allSeries[0] ?? null
  const scored = new Map(
    allSeries.map((series) => [
      series,
      scaled.flatMap((task) => {
        const members = membersOf(task.id, series).filter(({ episodes }) => episodes > 0)
        const scores = scoresOf(members, score, task)
        return scores.length === 0 ? [] : [{ task: task.id, scores, judged: judgeRuns(members) }]
      }),
    ]),
  )
  const all = [...scored.values()].flatMap((parts) => parts.flatMap(({ scores }) => scores))
  const [from, to] = [Math.min(0, ...all), Math.max(1, ...all)]
  const thresholds = Array.from({ length: THRESHOLDS + 1 }, (_, i) => from + (i / THRESHOLDS) * (to - from))

  const results: SeriesProfile[] = []
  for (const [series, parts] of scored) {
    const scores = parts.map((part) => part.scores)
    const refusals = [...new Set(parts.flatMap(({ judged }) => judged.refusals))]
    const apart = new Set<string>()
    const pairs = parts.flatMap((part) => {
      const other = scored.get(reference ?? '')?.find(({ task }) => task === part.task)
      if (!other || series === reference || other.judged.refusals.length > 0) return []
      const text = refuseDifference(part.judged.length, other.judged.length)
      if (text !== null) apart.add(text)
      return text === null ? [[part.scores, other.scores] as const] : []
    })
    const isRefused = refusals.length > 0 || parts.length === 0
    const profile = isRefused
      ? { share: [], low: null, high: null }
      : await inTurns(bootstrappingProfile(scores, thresholds), breathe)
    results.push({
      series,
      runs: scores.reduce((sum, { length }) => sum + length, 0),
      tasks: parts.length,
      ...profile,
      interquartileMean: isRefused
        ? unknownInterval
        : await inTurns(intervalOf(scores, interquartileMean), breathe),
      optimalityGap: isRefused
        ? unknownInterval
        : await inTurns(intervalOf(scores, gapOver(scores)), breathe),
      improvement:
        isRefused || pairs.length === 0
          ? null
          : await inTurns(
              bootstrappingImprovement(
                pairs.map(([ours]) => ours),
                pairs.map(([, theirs]) => theirs),
              ),
              breathe,
            ),
      refusals: [...refusals, ...apart],
      warnings: warningsOf(scores, scaled.length),
    })
    await breathe()
  }
  return { groups, tasks, score, thresholds, results, baseline: reference, missing }
}

type Scale = Pick<ScoredTask, 'worst' | 'best' | 'isGiven' | 'refusal'>

/** Bounds as they were given, or those of the worst and the best run. */
function scaleOf(values: readonly number[], score: ResultFigure, given: ScoreBounds | undefined): Scale {
  if (values.length === 0)
    return { worst: null, best: null, isGiven: false, refusal: 'None of its runs has an episode yet.' }
  const ends = [Math.min(...values), Math.max(...values)]
  const [worst = 0, best = 0] = resultFigures[score] === 'higher' ? ends : ends.toReversed()
  const scale = given ? { worst: given.worst, best: given.best } : { worst, best }
  const refusal =
    scale.worst !== scale.best
      ? null
      : given
        ? 'A score of 0 and a score of 1 cannot be the same: set other bounds.'
        : 'All its runs have the same figure, so there is no scale between the worst and the best: set bounds.'
  return { ...scale, isGiven: given !== undefined, refusal }
}

function scoresOf(members: readonly Measured[], score: ResultFigure, { worst, best }: ScoredTask): number[] {
  if (worst === null || best === null) return []
  return valuesOf(members, score).map(({ value }) => (value - worst) / (best - worst))
}

function* intervalOf(scores: TaskScores, figure: (values: ArrayLike<number>) => number) {
  if (scores.some((task) => task.length > 1)) return yield* bootstrappingFigure(scores, figure, {})
  return { mean: figure(scores.flat()), low: null, high: null }
}

/** Optimality gap of the runs of all tasks in a row, each task counting alike however many runs it has. */
function gapOver(scores: TaskScores): (values: ArrayLike<number>) => number {
  const weights = scores.flatMap((task) => task.map(() => 1 / (task.length * scores.length)))
  return (values) =>
    weights.reduce((sum, weight, index) => sum + weight * Math.max(0, 1 - (values[index] ?? Number.NaN)), 0)
}

function warningsOf(scores: TaskScores, tasks: number): string[] {
  if (scores.length === 0) return ['None of its runs has a score.']
  const least = Math.min(...scores.map(({ length }) => length))
  const few = scores.every(({ length }) => length === 1)
    ? 'One run of each task says nothing about how much runs differ, so there are no bands and no intervals.'
    : `${least === 1 ? '1 run' : `${least} runs`} of a task ${least === 1 ? 'is' : 'are'} too few for these bands and intervals to be trusted: they hold the true figure less often than the 95 % they promise.`
  return [
    ...(least < FEW_SEEDS ? [few] : []),
    ...(scores.length < tasks
      ? [
          `It has runs on ${scores.length} of ${tasks} tasks: its scores are of these alone, and not of the same tasks as the others’.`,
        ]
      : []),
  ]
}
