import { normalQuantile } from './normal.ts'

/** How long something was watched, and whether it ended by the event or only the watching did. */
export interface Observation {
  time: number
  event: boolean
}

export interface SurvivalStep {
  /** A time at which events came. */
  time: number
  /** Still watched just before. */
  atRisk: number
  events: number
  /** Share that has no event up to and with this time. */
  survival: number
  low: number
  high: number
}

/**
 * Kaplan and Meier's estimate of survival without an event, a step for each time with events, in their order. Bounds: Greenwood's variance on the scale of
 * log(-log survival) (Kalbfleisch & Prentice 1980), which keeps them between 0 and 1. What stops being watched at the time of an event was still at risk.
 */
export function kaplanMeier(observations: readonly Observation[], level = 0.95): SurvivalStep[] {
  const z = normalQuantile((1 + level) / 2)
  const times = [...new Set(observations.flatMap(({ time, event }) => (event ? [time] : [])))].sort(
    (a, b) => a - b,
  )
  let survival = 1
  let greenwood = 0
  return times.map((time) => {
    const atRisk = observations.filter((one) => one.time >= time).length
    const events = observations.filter((one) => one.event && one.time === time).length
    survival *= 1 - events / atRisk
    greenwood += events / (atRisk * (atRisk - events))
    // At 0 nothing is left to be uncertain about on this scale.
    if (survival === 0) return { time, atRisk, events, survival, low: 0, high: 0 }
    const half = (z * Math.sqrt(greenwood)) / Math.abs(Math.log(survival))
    const bound = (sign: number) => Math.exp(-Math.exp(Math.log(-Math.log(survival)) + sign * half))
    return { time, atRisk, events, survival, low: bound(1), high: bound(-1) }
  })
}

/** First time at which at most half are left without an event; null where more than half are left to the end. */
export const medianSurvival = (steps: readonly SurvivalStep[]): number | null =>
  // Products of shares: a half may come out a few units of the last digit above it.
  steps.find(({ survival }) => survival <= 0.5 + 1e-12)?.time ?? null
