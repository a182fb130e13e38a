import { decideRandomly } from '../algorithms/sac-learner.ts'
import type { Outcome } from '../contract/episodes.ts'
import type { Task } from '../contract/transfer.ts'
import { createEnvironment } from '../environments/registry.ts'
import { createStreams, streamRounds } from '../random.ts'
import type { ArrayBundle } from '../training/messages.ts'
import { Agent, decideMasked, decideUnmasked } from './agent.ts'
import { type Simulation, simulate, stateAt } from './simulation.ts'

export interface RolloutOptions {
  task: Task
  /** Settings of the run that the networks come from. */
  settings: Readonly<Record<string, unknown>>
  networks: ArrayBundle
  episodes: number
  seed: number
  /** Whether actions pass the run's mask. */
  masked: boolean
  /** Share of the episodes that start anywhere. */
  randomStartFraction: number
  /** The first action of each episode is uniformly random, as a probe of Q_safe where the policy does not go by itself. */
  randomFirstAction?: boolean
  /** Awaited before each action: a long rollout lets others have their turn here. */
  breathe?: () => Promise<void>
  /** Awaited after each episode with how many there are by then, and the whole of the last. */
  afterEpisode?: (count: number, ended: Simulation) => Promise<void> | void
}

export interface Rollout {
  outcome: Outcome
  cause: string | null
  return: number
  /** Q_safe of each action; NaN without a safety critic. */
  qSafe: Float32Array
  /** State before each action and after the last. */
  states: Float64Array[]
}

/**
 * Fresh episodes of a trained policy, apart from training: nothing is learnt and nothing is stored.
 * @throws LabError where the mask is asked for and the run has no safety critic.
 */
export async function rollOut(
  options: RolloutOptions,
): Promise<{ rollouts: Rollout[]; stateNames: readonly string[] }> {
  const streams = createStreams(options.seed, streamRounds.rollout)
  const environment = await createEnvironment(options.task, streams.environment)
  const { actionSize, stateSize } = environment
  const agent = new Agent({ settings: options.settings, networks: options.networks, sizes: environment })
  const act = options.masked ? decideMasked(agent) : decideUnmasked(agent)
  const decide = async (observation: Float32Array, frame: number) => {
    await options.breathe?.()
    if (!options.randomFirstAction || frame > 0) return act(observation, streams.candidates)
    const decision = decideRandomly(actionSize, streams.exploration)
    return { ...decision, qSafe: await agent.judge(observation, decision.action) }
  }
  const rollouts: Rollout[] = []
  try {
    while (rollouts.length < options.episodes) {
      environment.reset(streams.environment.uniform() < options.randomStartFraction ? 'random' : 'fixed')
      const simulation = await simulate(environment, decide)
      const { frames, ...ended } = simulation
      const states = Array.from({ length: frames.qSafe.length + 1 }, (_, index) =>
        stateAt(frames.states, index, stateSize),
      )
      rollouts.push({ ...ended, qSafe: frames.qSafe, states })
      await options.afterEpisode?.(rollouts.length, simulation)
    }
  } finally {
    await agent.dispose()
  }
  return { rollouts, stateNames: environment.stateNames }
}

/** A row per state: episode, outcome, frame, Q_safe of the action taken there (empty after the last), and the named state numbers. */
export function rolloutsCsv(rollouts: readonly Rollout[], stateNames: readonly string[]): string {
  const rows = rollouts.flatMap(({ outcome, qSafe, states }, episode) =>
    states.map((state, frame) => {
      const risk = qSafe[frame]
      return [
        episode,
        outcome,
        frame,
        risk === undefined || Number.isNaN(risk) ? '' : risk,
        ...stateNames.map((_, index) => state[index]),
      ].join(',')
    }),
  )
  return `${['episode', 'outcome', 'frame', 'qSafe', ...stateNames].join(',')}\n${rows.join('\n')}\n`
}
