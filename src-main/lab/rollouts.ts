import { z } from 'zod'
import { ActionSampler } from '../algorithms/action-sampler.ts'
import { type CandidateChoice, selectSafeAction } from '../algorithms/mask.ts'
import { perceptronShapes } from '../algorithms/networks.ts'
import { decideRandomly } from '../algorithms/sac-learner.ts'
import { compileQSafe } from '../algorithms/safety-critic.ts'
import { restoreGroup } from '../algorithms/state.ts'
import type { Outcome } from '../contract/episodes.ts'
import type { Task } from '../contract/transfer.ts'
import { compiledEngine } from '../engine/compiled/compiled-engine.ts'
import { createParameterGroup } from '../engine/parameters.ts'
import { type Environment, outcomeOf } from '../environments/environment.ts'
import { createEnvironment } from '../environments/registry.ts'
import { createStreams, type Streams } from '../random.ts'
import type { ArrayBundle } from '../training/messages.ts'
import { LabError } from './errors.ts'

const settingsSchema = z.object({
  sac: z.object({ hiddenSizes: z.array(z.int()) }),
  sqrl: z
    .object({
      epsilonSafe: z.number(),
      candidates: z.int(),
      candidateChoice: z.enum(['uniform', 'logProbability', 'safest']),
    })
    .optional(),
})

/** Streams of rollouts, apart from those of the two phases. */
const ROLLOUT_ROUND = 2

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
  const streams = createStreams(options.seed, ROLLOUT_ROUND)
  const environment = createEnvironment(options.task, streams.environment)
  const decide = await createPolicy(options, environment, streams)
  const rollouts: Rollout[] = []
  while (rollouts.length < options.episodes) {
    const start = streams.environment.uniform() < options.randomStartFraction ? 'random' : 'fixed'
    const first = environment.reset(start)
    rollouts.push(await runEpisode(environment, first, decide))
  }
  return { rollouts, stateNames: environment.stateNames }
}

/** @param frame 0 at the start of an episode. */
type Decide = (observation: Float32Array, frame: number) => Promise<{ action: Float32Array; qSafe: number }>

async function createPolicy(
  { settings, networks, masked, randomFirstAction }: RolloutOptions,
  { observationSize, actionSize }: Environment,
  streams: Streams,
): Promise<Decide> {
  const { sac, sqrl } = settingsSchema.parse(settings)
  const group = (name: string, prefix: string, inputs: number, outputs: number) => {
    const created = createParameterGroup(name, perceptronShapes(prefix, inputs, sac.hiddenSizes, outputs), {
      trainable: false,
    })
    restoreGroup(created, networks)
    return created
  }
  const hasCritic = 'safetyCritic' in networks.arrays
  if (masked && (!hasCritic || !sqrl))
    throw new LabError(
      'INVALID',
      'This run has no safety critic and so no mask. Choose a run of sqrl, or leave the mask off.',
    )
  const safetyCritic = hasCritic ? group('safetyCritic', 'safety', observationSize + actionSize, 1) : null
  const sampler = await ActionSampler.create({
    engine: compiledEngine,
    observationSize,
    actionSize,
    count: masked && sqrl ? sqrl.candidates : 1,
    policy: group('policy', 'policy', observationSize, 2 * actionSize),
    safetyCritic,
  })
  const epsilonSafe = masked && sqrl ? sqrl.epsilonSafe : 1
  const choice: CandidateChoice = sqrl?.candidateChoice ?? 'uniform'
  const judge =
    safetyCritic && (await compileQSafe(compiledEngine, safetyCritic, observationSize, actionSize))
  return async (observation, frame) => {
    if (randomFirstAction && frame === 0) {
      const { action } = decideRandomly(actionSize, streams.exploration)
      judge?.inputs.observation.set(observation)
      judge?.inputs.action.set(action)
      await judge?.run()
      return { action, qSafe: judge?.outputs.qSafe[0] ?? Number.NaN }
    }
    const drawn = await sampler.draw(observation, streams.candidates)
    const chosen = masked ? selectSafeAction(drawn, epsilonSafe, choice, streams.candidates) : 0
    return {
      action: drawn.actions.slice(chosen * actionSize, (chosen + 1) * actionSize),
      qSafe: drawn.qSafe[chosen] ?? Number.NaN,
    }
  }
}

async function runEpisode(environment: Environment, first: Float32Array, decide: Decide): Promise<Rollout> {
  const states = [environment.snapshot()]
  const qSafe: number[] = []
  let total = 0
  for (let observation = first; ; ) {
    const decision = await decide(observation, qSafe.length)
    const step = environment.step(decision.action)
    qSafe.push(decision.qSafe)
    states.push(environment.snapshot())
    total += step.reward
    observation = step.observation
    if (step.terminated || step.truncated)
      return {
        outcome: outcomeOf(step),
        cause: step.cause,
        return: total,
        qSafe: Float32Array.from(qSafe),
        states,
      }
  }
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
