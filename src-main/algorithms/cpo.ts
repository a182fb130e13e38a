import { z } from 'zod'
import type { Program } from '../engine/engine.ts'
import { createParameterGroup, type ParameterGroup } from '../engine/parameters.ts'
import type { Random } from '../random.ts'
import { ActionSampler } from './action-sampler.ts'
import { centre, estimateAdvantages } from './cpo/advantages.ts'
import { sampleUnsquashed } from './cpo/gaussian-heads.ts'
import { OnPolicyBatch } from './cpo/on-policy-batch.ts'
import { compileHeads, PolicyPrograms } from './cpo/policy-programs.ts'
import { stepPolicy } from './cpo/policy-step.ts'
import { type CpoSettings, cpoSettings } from './cpo/settings.ts'
import { ValueFunctions, type Values } from './cpo/value-functions.ts'
import { Interaction } from './interaction.ts'
import { type Decision, type Learner, type LearnerOptions, type Method, trainingSettings } from './learner.ts'
import { initializePerceptron, perceptronShapes } from './networks.ts'
import { decideFreely } from './sac-learner.ts'
import {
  adamState,
  groupState,
  mergeBundles,
  readNumber,
  restoreAdam,
  restoreGroup,
  restoreStreams,
  type StateBundle,
  streamsState,
} from './state.ts'

/**
 * Constrained policy optimisation (Achiam et al. 2017, arXiv 1705.10528), Algorithm 1: on-policy steps that raise the return as far as the expected failure
 * cost stays below its limit and the policy within a trust region. The cost is I(s'), 1 for a step into a failure.
 *
 * Departures:
 * 1. The policy is the squashed Gaussian with learned, state-dependent deviations that all methods here share, so that they differ in how they learn alone.
 *    Ratios and divergences are those of the Gaussian under the tanh, which are the same.
 * 2. Fisher-vector products are exact (J'F J v by a forward and a backward pass) instead of by a second derivative of the divergence.
 * 3. Advantages are centred, those of the return in units of their deviation; the states of a batch count alike, without the weights gamma^t.
 * 4. An update whose line search finds no step that keeps both constraints leaves the policy as it was.
 */
const settingsSchema = z.strictObject({
  training: trainingSettings.prefault({}),
  cpo: cpoSettings.prefault({}),
})

interface Parts {
  options: LearnerOptions
  settings: z.infer<typeof settingsSchema>
  policy: ParameterGroup
  values: ValueFunctions
  programs: PolicyPrograms
  head: Program<'observation', 'heads'>
  sampler: ActionSampler
}

class Cpo implements Learner {
  step = 0
  readonly #options: LearnerOptions
  readonly #settings: CpoSettings
  readonly #policy: ParameterGroup
  readonly #values: ValueFunctions
  readonly #programs: PolicyPrograms
  readonly #head: Parts['head']
  readonly #sampler: ActionSampler
  readonly #batch: OnPolicyBatch
  readonly #training: Interaction

  constructor({ options, settings, policy, values, programs, head, sampler }: Parts) {
    const { environment, streams, observer } = options
    const { observationSize, actionSize } = environment
    const { batchSteps, costDiscount } = settings.cpo
    this.#options = options
    this.#settings = settings.cpo
    this.#policy = policy
    this.#values = values
    this.#programs = programs
    this.#head = head
    this.#sampler = sampler
    this.#batch = new OnPolicyBatch({ capacity: batchSteps, observationSize, actionSize, costDiscount })
    this.#training = new Interaction({
      environment,
      random: streams.environment,
      kind: 'training',
      randomStartFraction: settings.training.randomStartFraction,
      observer,
    })
  }

  /** A step of the policy; the one that fills the batch updates it. */
  async advance(): Promise<void> {
    const { unsquashed, decision } = await this.#decide(this.#training.observe())
    this.#batch.add(this.#training.step(decision).transition, unsquashed)
    this.step++
    if (!this.#batch.isFull) return
    await this.#update()
    this.#batch.clear()
  }

  async #decide(observation: Float32Array): Promise<{ unsquashed: Float32Array; decision: Decision }> {
    const noise = new Float32Array(this.#options.environment.actionSize)
    this.#options.streams.exploration.fillNormal(noise)
    this.#head.inputs.observation.set(observation)
    await this.#head.run()
    const unsquashed = sampleUnsquashed(this.#head.outputs.heads, noise)
    const action = unsquashed.map(Math.tanh)
    return {
      unsquashed,
      decision: { action, qSafe: Number.NaN, candidates: null, candidateQSafe: null, chosen: -1 },
    }
  }

  decideToEvaluate(observation: Float32Array, random: Random): Promise<Decision> {
    return decideFreely(this.#sampler, observation, random, 'mean')
  }

  async #update(): Promise<void> {
    const { epsilonSafe, discount, costDiscount, advantageDecay, costAdvantageDecay } = this.#settings
    const { streams, observer } = this.#options
    const batch = this.#batch
    const values = await this.#values.evaluate(batch.observations)
    const nextValues = await this.#values.evaluate(batch.nextObservations)
    const track = (name: keyof Values) => ({ values: values[name], nextValues: nextValues[name] })
    const rewards = estimateAdvantages({ ...batch.rewards(), ...track('returns') }, discount, advantageDecay)
    const costs = estimateAdvantages(
      { ...batch.costs(), ...track('costs') },
      costDiscount,
      costAdvantageDecay,
    )
    const expectedCost = batch.expectedCost ?? mean(values.costs)
    const { stepsPerEpisode } = batch
    const step = await stepPolicy(
      this.#programs,
      {
        observations: batch.observations,
        unsquashed: batch.unsquashed,
        rewardAdvantages: centre(rewards.advantages, true),
        costAdvantages: centre(costs.advantages, false).map((advantage) => stepsPerEpisode * advantage),
        violation: expectedCost - epsilonSafe,
      },
      this.#settings,
    )
    const losses = await this.#values.train(
      batch.observations,
      { returns: rewards.targets, costs: costs.targets },
      streams.batches,
    )
    observer.onUpdate({
      expectedCost,
      kl: step.divergence,
      rewardSurrogate: step.rewardGain,
      costSurrogate: step.costGain,
      trustRegionMultiplier: step.lambda,
      costMultiplier: step.nu,
      recoveryShare: step.kind === 'recovery' ? 1 : 0,
      lineSearchSteps: step.tries,
      acceptedShare: step.accepted ? 1 : 0,
      entropy: step.entropy,
      returnValueLoss: losses.returnLoss,
      costValueLoss: losses.costLoss,
    })
  }

  getNetworks(): StateBundle {
    return mergeBundles(groupState(this.#policy), groupState(this.#values.networks))
  }

  setNetworks(networks: StateBundle): void {
    restoreGroup(this.#policy, networks)
    restoreGroup(this.#values.networks, networks)
  }

  getState(): StateBundle {
    return mergeBundles(
      adamState(this.#values.optimizer),
      this.#batch.getState(),
      this.#training.getState('training'),
      streamsState(this.#options.streams),
      { values: { step: this.step }, arrays: {} },
    )
  }

  setState(state: StateBundle): void {
    restoreAdam(this.#values.optimizer, state)
    this.#batch.setState(state)
    this.#training.setState('training', state)
    restoreStreams(this.#options.streams, state) // last: putting an environment back moves its stream
    this.step = readNumber(state, 'step')
  }
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** In a dry run batches are so many times smaller, with as much less work for each. */
const REHEARSAL_PARTS = 10

export const cpoMethod: Method = {
  settings: settingsSchema,
  startsFrom: ['cpo'],
  rehearse(settings) {
    const { training, cpo } = settingsSchema.parse(settings)
    return {
      training,
      cpo: {
        ...cpo,
        batchSteps: Math.max(2, Math.round(cpo.batchSteps / REHEARSAL_PARTS)),
        valueUpdates: Math.round(cpo.valueUpdates / REHEARSAL_PARTS),
      },
    }
  },
  async create(options): Promise<Learner> {
    const settings = settingsSchema.parse(options.settings)
    const { engine, streams } = options
    const { observationSize, actionSize } = options.environment
    const { hiddenSizes, batchSteps } = settings.cpo
    const policy = createParameterGroup(
      'policy',
      perceptronShapes('policy', observationSize, hiddenSizes, 2 * actionSize),
      { trainable: true },
    )
    initializePerceptron(policy, streams.weights)
    const values = await ValueFunctions.create({
      engine,
      observationSize,
      rows: batchSteps,
      settings: settings.cpo,
      weights: streams.weights,
    })
    const sizes = { observationSize, actionSize }
    return new Cpo({
      options,
      settings,
      policy,
      values,
      programs: await PolicyPrograms.create(engine, policy, { ...sizes, rows: batchSteps }),
      head: await compileHeads(engine, policy, { ...sizes, rows: 1 }),
      sampler: await ActionSampler.create({ engine, ...sizes, count: 1, policy, safetyCritic: null }),
    })
  },
}
