import type { ResultFigure } from '../../contract/comparisons.ts'
import type { Run } from '../../contract/runs.ts'
import type { SeedValue } from '../../statistics/differences.ts'
import { meanHeight, worstMean } from '../../statistics/scores.ts'
import type { Observation } from '../../statistics/survival.ts'
import { firstAbove } from '../metrics.ts'
import type { Breathe } from './breath.ts'
import type { DescribedRun } from './grouping.ts'
import { lengthOf } from './refusals.ts'
import type { RunHistories, RunHistory } from './run-history.ts'

/** "Final" means this many last training episodes of a run. */
export const finalEpisodes = 100
/** Share of the last episodes that counts as the worst. */
const WORST = 0.1

/** The figures of one run before it is compared with others. */
export interface Measured {
  run: Run
  described: DescribedRun
  /** Up to which it is measured. */
  steps: number
  episodes: number
  failures: number
  lastEpisodes: number
  lastSuccesses: number
  figures: Record<ResultFigure, number | null>
  /** Training without a failure. */
  untilFailure: { steps: Observation; episodes: Observation }
}

export interface MeasuredRuns {
  /** By the ids of the runs. */
  measured: ReadonlyMap<number, Measured>
  /** The last step that all runs have reached, those aside that have not begun; null without runs. */
  commonStep: number | null
}

/** @param until what counts of each run: all of it, or what lies before the last step that all of them have reached. */
export async function measureRuns(
  runs: readonly DescribedRun[],
  histories: RunHistories,
  until: 'end' | 'common',
  breathe: Breathe,
): Promise<MeasuredRuns> {
  const commonStep = lengthOf(runs.flatMap(({ run: { step } }) => (step > 0 ? [step] : [])))?.least ?? null
  const last = until === 'common' ? (commonStep ?? 0) : Number.POSITIVE_INFINITY
  const measured = new Map<number, Measured>()
  for (const one of runs) measured.set(one.run.id, measure(one, await histories.get(one.run, breathe), last))
  return { measured, commonStep }
}

/** @param until the last step that counts. */
function measure(described: DescribedRun, history: RunHistory, until: number): Measured {
  const episodes = firstAbove(history.steps, until)
  const [steps, failed] = [history.steps.subarray(0, episodes), history.failed.subarray(0, episodes)]
  const isOwn = history.isOwn.subarray(0, episodes)
  const { returns, succeeded } = history
  const end = Math.min(history.end.steps, until)
  const allOwn = [...isOwn.keys()].filter((index) => isOwn[index] === 1)
  const own = allOwn.slice(-finalEpisodes)
  const lastReturns = own.map((index) => returns[index] ?? 0)
  const lastSuccesses = own.filter((index) => succeeded[index] === 1).length
  const failures = history.failuresSoFar[episodes - 1] ?? 0
  const firstFailed = failed.indexOf(1)
  const failedAt = firstFailed < 0 ? null : (steps[firstFailed] ?? null)
  return {
    run: described.run,
    described,
    steps: end,
    episodes,
    failures,
    lastEpisodes: own.length,
    lastSuccesses,
    figures: {
      finalReturn: meanOrNull(lastReturns),
      successRate: own.length === 0 ? null : lastSuccesses / own.length,
      failureRate: episodes === 0 ? null : failures / episodes,
      cumulativeFailures: episodes === 0 ? null : failures,
      // A run that never failed has got this far without.
      firstFailure: episodes === 0 ? null : (failedAt ?? end),
      worstReturns: worstMean(lastReturns, WORST),
      meanReturn: meanHeight(
        allOwn.map((index) => steps[index] ?? 0),
        allOwn.map((index) => returns[index] ?? 0),
      ),
    },
    untilFailure: {
      steps: { time: failedAt ?? end, event: failedAt !== null },
      episodes: { time: failedAt === null ? episodes : firstFailed + 1, event: failedAt !== null },
    },
  }
}

export const valuesOf = (members: readonly Measured[], name: ResultFigure): SeedValue[] =>
  members.flatMap(({ run, figures }) => {
    const value = figures[name]
    return value === null ? [] : [{ seed: run.specification.seed, value }]
  })

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
