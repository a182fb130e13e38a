import { z } from 'zod'
import { trainingSettings } from '../algorithms/learner.ts'
import { failureHorizon, type HeldOutEpisode, playHeldOut } from '../algorithms/threshold.ts'
import type { ThresholdProgress, ThresholdTable } from '../contract/transfer-measurements.ts'
import { createEnvironment } from '../environments/registry.ts'
import { createStreams, streamRounds } from '../random.ts'
import { Agent, decideUnmasked } from './agent.ts'
import { breather } from './comparisons/breath.ts'
import { type RolloutOptions, rollOut } from './rollouts.ts'
import { tabulateThresholds } from './threshold-table.ts'

const REPORT_MILLIS = 200

/** Fewer failures say little of how many are foreseen; a good policy meets hardly any by itself. */
const ENOUGH_FAILURES = 30
const SEEKING_EPISODES = 300

const withCritic = z.object({ sqrl: z.object({ gammaSafe: z.number() }) })

type Options = Pick<RolloutOptions, 'task' | 'settings' | 'networks'>

/**
 * What each threshold would have done in fresh episodes of a policy by itself: the very episodes that fine-tuning measures its threshold on where it is
 * asked for a false-alarm rate, so that both come to the same. Where they have few failures, more are sought. Nothing is stored.
 */
export async function* probeThresholds(
  options: Options,
  signal: AbortSignal,
): AsyncGenerator<ThresholdProgress, void, undefined> {
  const { gammaSafe } = withCritic.parse(options.settings).sqrl
  let share = 0
  let table: ThresholdTable | null = null
  const report = (done: number) => {
    share = done
    signal.throwIfAborted()
  }
  const measure = async () => {
    const held = await play(options, gammaSafe, (done) => report(done / 2))
    const isEnough = held.filter(({ failed }) => failed).length >= ENOUGH_FAILURES
    const sought = isEnough ? [] : await seekFailures(options, (done) => report((1 + done) / 2))
    return tabulateThresholds(held, gammaSafe, sought)
  }
  const settled = measure().then(
    (measured) => {
      table = measured
    },
    (error: unknown) => {
      if (!signal.aborted) throw error
    },
  )
  settled.catch(() => {})
  for (;;) {
    yield { share, table: null }
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, REPORT_MILLIS))])
    if (signal.aborted) return
    if (table !== null) {
      yield { share: 1, table }
      return
    }
  }
}

async function play(
  { task, settings, networks }: Options,
  gammaSafe: number,
  progress: (share: number) => void,
): Promise<HeldOutEpisode[]> {
  const streams = createStreams(0, streamRounds.heldOut)
  const environment = await createEnvironment(task, streams.environment)
  const agent = new Agent({ settings, networks, sizes: environment })
  const decide = decideUnmasked(agent)
  const breathe = breather()
  try {
    return await playHeldOut({
      environment,
      random: streams.environment,
      randomStartFraction: trainingSettings.parse(settings.training ?? {}).randomStartFraction,
      act: (observation) => decide(observation, streams.exploration),
      horizon: failureHorizon(gammaSafe),
      async afterEpisode(share) {
        await breathe()
        progress(share)
      },
    })
  } finally {
    await agent.dispose()
  }
}

/** A random action in a random place, and then the policy. */
async function seekFailures(options: Options, progress: (share: number) => void): Promise<HeldOutEpisode[]> {
  const breathe = breather()
  const { rollouts } = await rollOut({
    ...options,
    seed: 0,
    episodes: SEEKING_EPISODES,
    masked: false,
    randomStartFraction: 1,
    randomFirstAction: true,
    async afterEpisode(count) {
      await breathe()
      progress(count / SEEKING_EPISODES)
    },
  })
  return rollouts.map(({ outcome, qSafe }) => ({ failed: outcome === 'failure', qSafe: [...qSafe] }))
}
