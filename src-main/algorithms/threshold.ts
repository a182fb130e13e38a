import { type Environment, outcomeOf } from '../environments/environment.ts'
import type { Random } from '../random.ts'
import type { Decision } from './learner.ts'

/** Held-out actions after which a threshold is settled, and the most episodes that are spent on them. */
const ENOUGH_ACTIONS = 20_000
const MOST_EPISODES = 500

/** A threshold that was set by what it refuses, and what it was measured on. */
export interface MeasuredThreshold {
  epsilonSafe: number
  episodes: number
  harmlessActions: number
  failures: number
  /** Share of the failed episodes in whose last `horizon` steps an action had more than epsilonSafe: the mask would have spoken up. */
  failuresForeseen: number
}

/** Steps ahead that a critic with this discount looks: 1 / (1 - gammaSafe), rounded up. */
export function failureHorizon(gammaSafe: number): number {
  // 1 / (1 - 0.9) is 10.000000000000002, and no eleventh step is meant.
  return Math.ceil(1 / (1 - gammaSafe) - 1e-9)
}

/** How many of an episode's first actions were harmless: all, or those more than the horizon before a failure. */
export function harmlessCount(failed: boolean, length: number, horizon: number): number {
  return failed ? Math.max(0, length - horizon) : length
}

/**
 * The smallest threshold that refuses at most a share of the harmless actions that a policy takes by itself, in fresh episodes.
 * @param falseAlarmRate that share, from 0 to 1.
 * @param act decides without a mask, and says Q_safe of what it decides.
 * @throws Error where no action was harmless.
 */
export async function measureThreshold(options: {
  environment: Environment
  /** Decides where the episodes start. */
  random: Random
  randomStartFraction: number
  act: (observation: Float32Array) => Promise<Decision>
  falseAlarmRate: number
  horizon: number
}): Promise<MeasuredThreshold> {
  const { environment, random, randomStartFraction, act, falseAlarmRate, horizon } = options
  const harmless: number[] = []
  /** The highest Q_safe of each failed episode within the horizon. */
  const warnings: number[] = []
  let episodes = 0
  while (harmless.length < ENOUGH_ACTIONS && episodes < MOST_EPISODES) {
    const qSafe: number[] = []
    let observation = environment.reset(random.uniform() < randomStartFraction ? 'random' : 'fixed')
    for (;;) {
      const decision = await act(observation)
      qSafe.push(decision.qSafe)
      const step = environment.step(decision.action)
      observation = step.observation
      if (!step.terminated && !step.truncated) continue
      const failed = outcomeOf(step) === 'failure'
      const count = harmlessCount(failed, qSafe.length, horizon)
      harmless.push(...qSafe.slice(0, count))
      if (failed) warnings.push(Math.max(...qSafe.slice(count)))
      break
    }
    episodes++
  }
  const epsilonSafe = thresholdRefusing(harmless, falseAlarmRate)
  return {
    epsilonSafe,
    episodes,
    harmlessActions: harmless.length,
    failures: warnings.length,
    failuresForeseen:
      warnings.length === 0 ? 0 : warnings.filter((risk) => risk > epsilonSafe).length / warnings.length,
  }
}

/** The smallest of the values that at most a share of them exceed. */
export function thresholdRefusing(qSafe: readonly number[], share: number): number {
  const sorted = qSafe.toSorted((a, b) => a - b)
  const refused = Math.floor(share * sorted.length)
  const threshold = sorted[sorted.length - 1 - refused] ?? sorted[0]
  if (threshold === undefined)
    throw new Error(
      'Every action of the held-out episodes came shortly before a failure, so no threshold can be set by false alarms. Pre-train longer, or give sqrl.epsilonSafe itself.',
    )
  return threshold
}
