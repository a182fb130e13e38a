import { z } from 'zod'
import type { Random } from '../random.ts'
import { ActionSampler } from './action-sampler.ts'
import type { CriticModel } from './critic-model.ts'
import { type EpisodeContext, withContext } from './episode-context.ts'
import { Interaction } from './interaction.ts'
import { type Decision, type Learner, type LearnerOptions, type Method, trainingSettings } from './learner.ts'
import { ReplayBuffer } from './replay-buffer.ts'
import { Sac } from './sac.ts'
import { sacSettings } from './sac-settings.ts'
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
  savedBuffer,
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

/** A method that is SAC but for its critics, and for what its networks are told of an episode. */
export interface SacVariant {
  critics?: CriticModel
  context?: EpisodeContext
}

/** Settings of SAC with which a rehearsal learns from its first step. */
export const rehearsedSac = <S extends object>(sac: S) => ({ ...sac, randomSteps: 0, learningStarts: 1 })

/** SAC, or a variant of it, at work: one policy step, then its gradient steps. */
export async function createSacLearner(
  { engine, streams, environment, phase, steps, observer }: LearnerOptions,
  settings: z.infer<typeof settingsSchema>,
  { critics, context }: SacVariant = {},
): Promise<Learner> {
  const { actionSize } = environment
  const observationSize = environment.observationSize + (context?.size ?? 0)
  const sac = await Sac.create({
    engine,
    observationSize,
    actionSize,
    settings: settings.sac,
    weights: streams.weights,
    ...(critics ? { critics } : {}),
  })
  const sampler = await ActionSampler.create({
    engine,
    observationSize,
    actionSize,
    count: 1,
    policy: sac.policy,
    safetyCritic: null,
  })
  const kept = phase === 'finetune' ? settings.sac.keptTransitions : 0
  const capacity = Math.min(settings.sac.replayCapacity, steps + kept)
  const offline = new ReplayBuffer(capacity, observationSize, actionSize)
  const interaction = new Interaction({
    environment,
    random: streams.environment,
    kind: 'training',
    randomStartFraction: settings.training.randomStartFraction,
    observer,
    context: context ? { source: context, random: streams.exploration } : null,
  })
  let step = 0

  return {
    get step() {
      return step
    },
    async advance() {
      const observation = interaction.observe()
      const random = phase === 'pretrain' && step < settings.sac.randomSteps
      const decision = random
        ? decideRandomly(actionSize, streams.exploration)
        : await decideFreely(sampler, observation, streams.exploration)
      offline.add(interaction.step(decision).transition)
      step++
      if (step < settings.sac.learningStarts) return
      for (let update = 0; update < settings.sac.updatesPerStep; update++)
        observer.onUpdate({ ...(await sac.update(offline, streams.batches, streams.updates, { step })) })
    },
    decideToEvaluate: (observation, random) =>
      decideFreely(sampler, withContext(observation, context?.forEvaluation ?? []), random, 'mean'),
    getNetworks: () => sacNetworks(sac),
    setNetworks: (networks) => restoreSacNetworks(sac, networks),
    keepTransitions: (state) =>
      offline.addLatest(savedBuffer('offline', state, { observationSize, actionSize }), kept),
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
}

export const sacMethod: Method = {
  settings: settingsSchema,
  startsFrom: ['sac', 'sqrl'],
  rehearse(settings) {
    const { training, sac } = settingsSchema.parse(settings)
    return { training, sac: rehearsedSac(sac) }
  },
  create: (options) => createSacLearner(options, settingsSchema.parse(options.settings)),
}
