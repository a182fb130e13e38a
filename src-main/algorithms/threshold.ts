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

/** An episode that was played to see what the safety critic says of it; nothing is learnt from it. */
export interface HeldOutEpisode {
  failed: boolean
  /** Of each action. */
  qSafe: readonly number[]
}

export interface HeldOutOptions {
  environment: Environment
  /** Decides where the episodes start. */
  random: Random
  randomStartFraction: number
  /** Decides without a mask, and says Q_safe of what it decides. */
  act: (observation: Float32Array) => Promise<Decision>
  /** Of the safety critic, in steps. */
  horizon: number
  /** Awaited after each episode, with the share of them that is done. */
  afterEpisode?: (share: number) => Promise<void>
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

/** Episodes of a policy by itself, until they have enough harmless actions. */
export async function playHeldOut(options: HeldOutOptions): Promise<HeldOutEpisode[]> {
  const { environment, random, randomStartFraction, act, horizon, afterEpisode } = options
  const episodes: HeldOutEpisode[] = []
  let actions = 0
  while (actions < ENOUGH_ACTIONS && episodes.length < MOST_EPISODES) {
    const qSafe: number[] = []
    let observation = environment.reset(random.uniform() < randomStartFraction ? 'random' : 'fixed')
    for (;;) {
      const decision = await act(observation)
      qSafe.push(decision.qSafe)
      const step = environment.step(decision.action)
      observation = step.observation
      if (!step.terminated && !step.truncated) continue
      const failed = outcomeOf(step) === 'failure'
      episodes.push({ failed, qSafe })
      actions += harmlessCount(failed, qSafe.length, horizon)
      break
    }
    await afterEpisode?.(Math.max(actions / ENOUGH_ACTIONS, episodes.length / MOST_EPISODES))
  }
  return episodes
}

/** Q_safe of all harmless actions, and of the last actions of each failure within the horizon. */
export function splitByHarm(
  episodes: readonly HeldOutEpisode[],
  horizon: number,
): { harmless: number[]; beforeFailures: (readonly number[])[] } {
  const cut = ({ failed, qSafe }: HeldOutEpisode) => harmlessCount(failed, qSafe.length, horizon)
  return {
    harmless: episodes.flatMap((episode) => episode.qSafe.slice(0, cut(episode))),
    beforeFailures: episodes.flatMap((episode) =>
      episode.failed ? [episode.qSafe.slice(cut(episode))] : [],
    ),
  }
}

/**
 * The smallest threshold that refuses at most a share of the harmless actions that a policy takes by itself, in fresh episodes.
 * @param falseAlarmRate that share, from 0 to 1.
 * @throws Error where no action was harmless.
 */
export async function measureThreshold({
  falseAlarmRate,
  ...options
}: HeldOutOptions & { falseAlarmRate: number }): Promise<MeasuredThreshold> {
  const episodes = await playHeldOut(options)
  const { harmless, beforeFailures } = splitByHarm(episodes, options.horizon)
  const epsilonSafe = thresholdRefusing(harmless, falseAlarmRate)
  const foreseen = beforeFailures.filter((qSafe) => Math.max(...qSafe) > epsilonSafe).length
  return {
    epsilonSafe,
    episodes: episodes.length,
    harmlessActions: harmless.length,
    failures: beforeFailures.length,
    failuresForeseen: beforeFailures.length === 0 ? 0 : foreseen / beforeFailures.length,
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
