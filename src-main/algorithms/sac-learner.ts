import { z } from 'zod'
import type { Random } from '../random.ts'
import { ActionSampler } from './action-sampler.ts'
import { Interaction } from './interaction.ts'
import { type Decision, type Learner, type LearnerOptions, type Method, trainingSettings } from './learner.ts'
import { ReplayBuffer } from './replay-buffer.ts'
import { Sac, sacSettings } from './sac.ts'
import {
  adamState,
  bufferState,
  groupState,
  mergeBundles,
  readNumber,
  restoreAdam,
  restoreBuffer,
  restoreGroup,
  restoreScalarAdam,
  restoreStreams,
  type StateBundle,
  scalarAdamState,
  streamsState,
} from './state.ts'

/** SAC as the paper compares against it: the same pre-training and fine-tuning, without a safety critic. */
const settingsSchema = z.strictObject({
  training: trainingSettings.prefault({}),
  sac: sacSettings.prefault({}),
})

/** One action from the policy, or its mean, without a mask. */
export async function decideFreely(
  sampler: ActionSampler,
  observation: Float32Array,
  random: Random,
  first: 'mean' | null = null,
): Promise<Decision> {
  const { actions, qSafe } = await sampler.draw(observation, random, first)
  return {
    action: actions.slice(0, sampler.actionSize),
    qSafe: qSafe[0] ?? Number.NaN,
    candidates: null,
    candidateQSafe: null,
    chosen: -1,
  }
}

/** A uniformly random action, for the first steps of pre-training. */
export function decideRandomly(actionSize: number, random: Random): Decision {
  const action = Float32Array.from({ length: actionSize }, () => 2 * random.uniform() - 1)
  return { action, qSafe: Number.NaN, candidates: null, candidateQSafe: null, chosen: -1 }
}

/** Everything that SAC continues with, beside its networks. */
export function sacState(sac: Sac): StateBundle {
  return mergeBundles(adamState(sac.policyOptimizer), adamState(sac.criticOptimizer), {
    values: { temperatureOptimizer: scalarAdamState(sac.temperatureOptimizer) },
    arrays: {},
  })
}

export function restoreSacState(sac: Sac, state: StateBundle): void {
  restoreAdam(sac.policyOptimizer, state)
  restoreAdam(sac.criticOptimizer, state)
  restoreScalarAdam(sac.temperatureOptimizer, state.values.temperatureOptimizer)
}

export function sacNetworks(sac: Sac): StateBundle {
  return mergeBundles(groupState(sac.policy), groupState(sac.critics), groupState(sac.targetCritics), {
    values: { logAlpha: sac.logAlpha },
    arrays: {},
  })
}

export function restoreSacNetworks(sac: Sac, networks: StateBundle): void {
  for (const group of [sac.policy, sac.critics, sac.targetCritics]) restoreGroup(group, networks)
  sac.logAlpha = readNumber(networks, 'logAlpha')
}

export const sacMethod: Method = {
  settings: settingsSchema,
  rehearse(settings) {
    const { training, sac } = settingsSchema.parse(settings)
    return { training, sac: { ...sac, randomSteps: 0, learningStarts: 1 } }
  },
  async create({
    engine,
    streams,
    environment,
    settings,
    phase,
    steps,
    observer,
  }: LearnerOptions): Promise<Learner> {
    const { training, sac: sacOptions } = settingsSchema.parse(settings)
    const { observationSize, actionSize } = environment
    const sac = await Sac.create({
      engine,
      observationSize,
      actionSize,
      settings: sacOptions,
      weights: streams.weights,
      risk: null,
    })
    const sampler = await ActionSampler.create({
      engine,
      observationSize,
      actionSize,
      count: 1,
      policy: sac.policy,
      safetyCritic: null,
    })
    const offline = new ReplayBuffer(Math.min(sacOptions.replayCapacity, steps), observationSize, actionSize)
    const interaction = new Interaction({
      environment,
      random: streams.environment,
      kind: 'training',
      randomStartFraction: training.randomStartFraction,
      observer,
    })
    let step = 0

    return {
      get step() {
        return step
      },
      async advance() {
        const observation = interaction.observe()
        const random = phase === 'pretrain' && step < sacOptions.randomSteps
        const decision = random
          ? decideRandomly(actionSize, streams.exploration)
          : await decideFreely(sampler, observation, streams.exploration)
        offline.add(interaction.step(decision).transition)
        step++
        if (offline.size < sacOptions.learningStarts) return
        for (let update = 0; update < sacOptions.updatesPerStep; update++)
          observer.onUpdate({ ...(await sac.update(offline, streams.batches, streams.updates)) })
      },
      decideToEvaluate: (observation, random) => decideFreely(sampler, observation, random, 'mean'),
      getNetworks: () => sacNetworks(sac),
      setNetworks: (networks) => restoreSacNetworks(sac, networks),
      getState: () =>
        mergeBundles(
          sacState(sac),
          bufferState('offline', offline),
          interaction.getState('training'),
          streamsState(streams),
          { values: { step }, arrays: {} },
        ),
      setState(state) {
        restoreSacState(sac, state)
        restoreBuffer('offline', offline, state)
        interaction.setState('training', state)
        restoreStreams(streams, state) // last: putting an environment back moves its stream
        step = readNumber(state, 'step')
      },
    }
  },
}
