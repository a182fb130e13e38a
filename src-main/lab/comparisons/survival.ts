import type { GroupResult, Survival } from '../../contract/comparisons.ts'
import { kaplanMeier, medianSurvival, type Observation } from '../../statistics/survival.ts'

/** Of the runs of a group, counted in steps and in episodes. */
export const survivalOf = (
  runs: readonly { steps: Observation; episodes: Observation }[],
): GroupResult['survival'] => ({
  steps: toSurvival(runs.map(({ steps }) => steps)),
  episodes: toSurvival(runs.map(({ episodes }) => episodes)),
})

function toSurvival(observations: readonly Observation[]): Survival {
  const steps = kaplanMeier(observations)
  return {
    runs: observations.length,
    failed: observations.filter(({ event }) => event).length,
    median: medianSurvival(steps),
    end: Math.max(0, ...observations.map(({ time }) => time)),
    drops: steps.map(({ time, atRisk, events, survival, low, high }) => ({
      at: time,
      atRisk,
      failures: events,
      share: survival,
      low,
      high,
    })),
    censored: observations.flatMap(({ time, event }) => (event ? [] : [time])).sort((a, b) => a - b),
  }
}
