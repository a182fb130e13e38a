import { type Interval, unknownInterval } from '../contract/numbers.ts'
import { mean } from './averages.ts'
import { type BootstrapOptions, bootstrapMean } from './bootstrap.ts'
import { inverseIncompleteBeta } from './incomplete-beta.ts'

/** How often something happened in a number of independent trials. */
export interface Count {
  events: number
  trials: number
}

/** 97.5 % point of the standard normal distribution. */
const z95 = 1.959963984540054

/** Wilson's score interval, 95 %: close to its level on average, never empty, also at 0 and at all. */
export function wilsonInterval({ events, trials }: Count): Interval {
  if (trials === 0) return unknownInterval
  const share = events / trials
  const denominator = 1 + z95 ** 2 / trials
  const centre = (share + z95 ** 2 / (2 * trials)) / denominator
  const half = (z95 / denominator) * Math.sqrt((share * (1 - share)) / trials + z95 ** 2 / (4 * trials ** 2))
  return {
    mean: share,
    low: events === 0 ? 0 : centre - half,
    high: events === trials ? 1 : centre + half,
  }
}

/** Clopper and Pearson's exact interval, 95 %: at least its level whatever the true share is. */
export function clopperPearsonInterval({ events, trials }: Count): Interval {
  if (trials === 0) return unknownInterval
  return {
    mean: events / trials,
    low: events === 0 ? 0 : inverseIncompleteBeta(0.025, events, trials - events + 1),
    high: events === trials ? 1 : inverseIncompleteBeta(0.975, events + 1, trials - events),
  }
}

/**
 * A rate over seeds: the mean of each seed's own rate. Its interval is the envelope of two: the bootstrap over seeds, which
 * knows how much seeds differ but is empty when they agree by chance (no failure in any of five seeds), and Wilson's interval
 * of the pooled counts, which knows how few episodes there were but takes them all for alike.
 */
export function rateOverSeeds(counts: readonly Count[], options: BootstrapOptions = {}): Interval {
  const measured = counts.filter(({ trials }) => trials > 0)
  if (measured.length === 0) return unknownInterval
  const rates = measured.map(({ events, trials }) => events / trials)
  const overSeeds = bootstrapMean(rates, options)
  const pooled = wilsonInterval({
    events: measured.reduce((sum, { events }) => sum + events, 0),
    trials: measured.reduce((sum, { trials }) => sum + trials, 0),
  })
  const centre = mean(rates)
  return {
    mean: centre,
    low: Math.min(centre, overSeeds.low ?? 1, pooled.low ?? 1),
    high: Math.max(centre, overSeeds.high ?? 0, pooled.high ?? 0),
  }
}
