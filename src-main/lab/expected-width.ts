import type { MethodName, Task } from '../contract/transfer.ts'
import type { ExpectedWidth } from '../contract/transfer-measurements.ts'
import { environmentSizes } from '../environments/registry.ts'
import { wilsonInterval } from '../statistics/proportions.ts'

/** A finished fine-tuning run, counted. */
export interface EarlierRun {
  experimentId: number
  steps: number
  episodes: number
  failures: number
}

const SEEDS = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30]
/** 97.5 % point of the standard normal distribution. */
const Z95 = 1.959963984540054

/**
 * How wide the lab's own interval of the failure rate (the envelope of a bootstrap over seeds and of Wilson's interval of the pooled counts)
 * can be expected to be: from how earlier runs of the method failed and how their seeds differed, or, without any, at its widest.
 */
export function expectWidth(
  method: MethodName,
  steps: number,
  task: Task,
  earlier: readonly EarlierRun[],
): ExpectedWidth {
  const counted = earlier.filter(({ episodes }) => episodes > 0)
  const sum = (pick: (run: EarlierRun) => number) => counted.reduce((total, run) => total + pick(run), 0)
  const longest = environmentSizes(task).maximumSteps
  const episodesPerStep =
    counted.length === 0 ? 1 / longest : sum(({ episodes }) => episodes) / sum((run) => run.steps)
  const episodesPerRun = Math.max(1, Math.round(steps * episodesPerStep))
  const failureRate =
    counted.length === 0 ? 0.5 : sum(({ failures, episodes }) => failures / episodes) / counted.length
  const spread = spreadWithinExperiments(counted)
  return {
    method,
    runs: counted.length,
    failureRate,
    spread,
    episodesPerRun,
    points: SEEDS.map((seeds) => ({
      seeds,
      width: Math.max(widthOfCounts(failureRate, seeds * episodesPerRun), widthOverSeeds(spread ?? 0, seeds)),
    })),
  }
}

/** Seeds of one experiment share task and settings, so what differs between them is the seed alone. */
function spreadWithinExperiments(runs: readonly EarlierRun[]): number | null {
  const groups = Map.groupBy(runs, ({ experimentId }) => experimentId)
  let squares = 0
  let freedom = 0
  for (const group of groups.values()) {
    const rates = group.map(({ failures, episodes }) => failures / episodes)
    const centre = rates.reduce((total, rate) => total + rate, 0) / rates.length
    squares += rates.reduce((total, rate) => total + (rate - centre) ** 2, 0)
    freedom += rates.length - 1
  }
  return freedom === 0 ? null : Math.sqrt(squares / freedom)
}

function widthOfCounts(rate: number, trials: number): number {
  const { low, high } = wilsonInterval({ events: Math.round(rate * trials), trials })
  return (high ?? 1) - (low ?? 0)
}

/** A percentile bootstrap over n seeds spreads by sqrt((n - 1) / n) of the standard error. */
function widthOverSeeds(spread: number, seeds: number): number {
  return (2 * Z95 * spread * Math.sqrt((seeds - 1) / seeds)) / Math.sqrt(seeds)
}
