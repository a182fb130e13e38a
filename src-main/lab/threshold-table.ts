import {
  failureHorizon,
  type HeldOutEpisode,
  splitByHarm,
  thresholdRefusing,
} from '../algorithms/threshold.ts'
import type { ThresholdPoint, ThresholdTable } from '../contract/transfer-measurements.ts'

const RATES = [0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001]
const POINTS = 60
/** The loosest use of a mask that is shown: it refuses every second harmless action. */
const HIGHEST_RATE = 0.5

/**
 * What thresholds of all sizes that matter would have done in episodes without a mask.
 * @param sought further episodes, played to meet failures: only what led to these counts.
 */
export function tabulateThresholds(
  episodes: readonly HeldOutEpisode[],
  gammaSafe: number,
  sought: readonly HeldOutEpisode[] = [],
): ThresholdTable {
  const horizon = failureHorizon(gammaSafe)
  const { harmless, beforeFailures: own } = splitByHarm(episodes, horizon)
  const beforeFailures = [...own, ...splitByHarm(sought, horizon).beforeFailures]
  const counts = {
    episodes: episodes.length,
    failures: beforeFailures.length,
    soughtFailures: beforeFailures.length - own.length,
    harmlessActions: harmless.length,
    horizon,
  }
  if (harmless.length === 0) return { ...counts, points: [], byRate: [] }
  const weigh = (epsilonSafe: number): ThresholdPoint => {
    const leads = beforeFailures.flatMap((qSafe) => {
      const first = qSafe.findIndex((risk) => risk > epsilonSafe)
      return first === -1 ? [] : [qSafe.length - first]
    })
    return {
      epsilonSafe,
      falseAlarmRate: harmless.filter((risk) => risk > epsilonSafe).length / harmless.length,
      failuresForeseen: leads.length / Math.max(1, beforeFailures.length),
      stepsAhead: median(leads),
    }
  }
  const byRate = RATES.map((askedRate) => ({
    ...weigh(roundUp(thresholdRefusing(harmless, askedRate))),
    askedRate,
  }))
  const lowest = roundUp(Math.max(1e-6, thresholdRefusing(harmless, HIGHEST_RATE)))
  const highest = [...harmless, ...beforeFailures.flat()].reduce((most, risk) => Math.max(most, risk), 0)
  const spaced = Array.from({ length: POINTS }, (_, index) =>
    roundUp(lowest * (Math.max(highest, 2 * lowest) / lowest) ** (index / (POINTS - 1))),
  ).filter((epsilonSafe) => epsilonSafe <= 1)
  const thresholds = new Set([...spaced, ...byRate.map(({ epsilonSafe }) => epsilonSafe)])
  return { ...counts, points: [...thresholds].toSorted((a, b) => a - b).map(weigh), byRate }
}

/** To three significant digits that can be typed, and never below: the rate stays at most what was asked for. */
function roundUp(value: number): number {
  if (value <= 0) return 0
  const digits = 2 - Math.floor(Math.log10(value))
  return Number(`${Math.ceil(Number(`${value}e${digits}`) || value * 10 ** digits)}e${-digits}`)
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}
