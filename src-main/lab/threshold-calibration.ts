import { z } from 'zod'
import { failureHorizon, harmlessCount } from '../algorithms/threshold.ts'
import type { ThresholdPoint, ThresholdProgress } from '../contract/transfer-measurements.ts'
import type { Rollout, RolloutOptions } from './rollouts.ts'
import { rollOut } from './rollouts.ts'

const THRESHOLDS = Array.from({ length: 50 }, (_, index) => (index + 1) / 100)
const REPORT_MILLIS = 200

const withCritic = z.object({ sqrl: z.object({ gammaSafe: z.number() }) })

type Options = Omit<RolloutOptions, 'masked' | 'randomStartFraction' | 'randomFirstAction' | 'afterEpisode'>

/**
 * What each threshold would have refused of fresh, unmasked episodes: a random first action from a random place, so that failures are met
 * wherever they lie, then the policy. Nothing is stored.
 */
export async function* probeThresholds(
  options: Options,
  signal: AbortSignal,
): AsyncGenerator<ThresholdProgress, void, undefined> {
  const { gammaSafe } = withCritic.parse(options.settings).sqrl
  const total = options.episodes
  let done = 0
  const probing = rollOut({
    ...options,
    masked: false,
    randomStartFraction: 1,
    randomFirstAction: true,
    async afterEpisode(count) {
      done = count
      if (count % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
    },
  })
  let rollouts: readonly Rollout[] | null = null
  const settled = probing.then(
    (result) => {
      rollouts = result.rollouts
    },
    (error: unknown) => {
      if (!signal.aborted) throw error
    },
  )
  settled.catch(() => {})
  for (;;) {
    yield { done, total, result: null }
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, REPORT_MILLIS))])
    if (signal.aborted) return
    if (rollouts !== null) {
      yield { done: total, total, result: countRefusals(rollouts, failureHorizon(gammaSafe)) }
      return
    }
  }
}

/** @param horizon steps ahead of a failure whose actions are neither fatal nor harmless. */
export function countRefusals(
  rollouts: readonly Pick<Rollout, 'outcome' | 'qSafe'>[],
  horizon: number,
): NonNullable<ThresholdProgress['result']> {
  const fatal = rollouts.flatMap(({ outcome, qSafe }) => (outcome === 'failure' ? [qSafe.at(-1) ?? 0] : []))
  const harmless = rollouts.flatMap(({ outcome, qSafe }) => [
    ...qSafe.slice(0, harmlessCount(outcome === 'failure', qSafe.length, horizon)),
  ])
  const shareAbove = (values: readonly number[], limit: number) =>
    values.length === 0 ? 0 : values.filter((value) => value > limit).length / values.length
  return {
    failures: fatal.length,
    harmlessActions: harmless.length,
    horizon,
    points: THRESHOLDS.map(
      (epsilonSafe): ThresholdPoint => ({
        epsilonSafe,
        failuresRefused: shareAbove(fatal, epsilonSafe),
        harmlessRefused: shareAbove(harmless, epsilonSafe),
      }),
    ),
  }
}
