import * as tf from '@tensorflow/tfjs'
import { Adam, ScalarAdam } from '../engine/adam.ts'
import type { Engine, NamedTensors, Program } from '../engine/engine.ts'
import { polyakUpdate } from '../engine/kernels.ts'
import { createParameterGroup, type ParameterGroup } from '../engine/parameters.ts'
import type { Random } from '../random.ts'
import { type CriticModel, twinCritics } from './critic-model.ts'
import { initializePerceptron, perceptron, perceptronShapes } from './networks.ts'
import type { ReplayBuffer } from './replay-buffer.ts'
import type { SacSettings } from './sac-settings.ts'
import { sampleSquashedGaussian } from './squashed-gaussian.ts'

/** Q_safe as a part of SAC's losses: in the policy's objective (SQRL's Eq. 4) or in the critics' target (RS). */
export interface Risk {
  group: ParameterGroup
  /** Q_safe of [batch, observationSize] and [batch, actionSize] as [batch]. */
  evaluate: (parameters: NamedTensors, observation: tf.Tensor2D, action: tf.Tensor2D) => tf.Tensor1D
}

/** Figures of one update; those of the policy are NaN while only the critics learn. */
export interface SacLosses {
  criticLoss: number
  policyLoss: number
  temperature: number
  entropy: number
  meanQ: number
  /** E[Q_safe(s, a')] under the unmasked policy on the batch; NaN where the policy's objective has no risk. */
  policyRisk: number
  /** E[Q_safe(s, a)] of the actions on the batch; NaN where the critics' target has no risk. */
  actionRisk: number
}

type CriticProgram = Program<
  | 'observation'
  | 'action'
  | 'reward'
  | 'nextObservation'
  | 'terminated'
  | 'nextNoise'
  | 'temperature'
  | 'penalty',
  'loss' | 'meanQ' | 'risk'
>
type PolicyProgram = Program<
  'observation' | 'noise' | 'temperature' | 'multiplier',
  'loss' | 'logProbability' | 'risk'
>

/**
 * Soft actor-critic with twin critics and a learned temperature: Haarnoja et al. 2018, "Soft Actor-Critic Algorithms and Applications"
 * (arXiv 1812.05905), Algorithm 1. It is the paper's ablation without a safety critic and the core of every off-policy method here: they bring
 * other critics or let Q_safe into a loss.
 */
export class Sac {
  readonly policy: ParameterGroup
  readonly critics: ParameterGroup
  readonly targetCritics: ParameterGroup
  readonly policyOptimizer: Adam
  readonly criticOptimizer: Adam
  readonly temperatureOptimizer = new ScalarAdam()
  readonly settings: SacSettings
  logAlpha: number
  readonly #model: CriticModel
  readonly #targetEntropy: number
  #criticProgram!: CriticProgram
  #policyProgram!: PolicyProgram

  private constructor(
    observationSize: number,
    actionSize: number,
    settings: SacSettings,
    model: CriticModel,
  ) {
    const policyShapes = perceptronShapes('policy', observationSize, settings.hiddenSizes, 2 * actionSize)
    const criticShapes = model.shapes(observationSize + actionSize, settings.hiddenSizes)
    this.settings = settings
    this.#model = model
    this.policy = createParameterGroup('policy', policyShapes, { trainable: true })
    this.critics = createParameterGroup('critics', criticShapes, { trainable: true })
    this.targetCritics = createParameterGroup('targetCritics', criticShapes, { trainable: false })
    this.policyOptimizer = new Adam(this.policy)
    this.criticOptimizer = new Adam(this.critics)
    this.logAlpha = Math.log(settings.initialTemperature)
    this.#targetEntropy = settings.targetEntropy ?? -actionSize
  }

  static async create(options: {
    engine: Engine
    observationSize: number
    actionSize: number
    settings: SacSettings
    weights: Random
    critics?: CriticModel
    /** In the policy's objective, times `multiplier`. */
    risk?: Risk | null
    /** In the critics' target, times `penalty`. */
    targetRisk?: Risk | null
  }): Promise<Sac> {
    const { engine, observationSize, actionSize, settings, weights, critics = twinCritics } = options
    const { risk = null, targetRisk = null } = options
    const sac = new Sac(observationSize, actionSize, settings, critics)
    initializePerceptron(sac.policy, weights)
    initializePerceptron(sac.critics, weights)
    sac.targetCritics.values.set(sac.critics.values)
    sac.#criticProgram = await sac.#compileCriticProgram(engine, observationSize, actionSize, targetRisk)
    sac.#policyProgram = await sac.#compilePolicyProgram(engine, observationSize, actionSize, risk)
    return sac
  }

  get temperature(): number {
    return Math.exp(this.logAlpha)
  }

  /**
   * One gradient step of critics, policy and temperature, then of the target critics.
   * @param options weights of Q_safe: nu of Eq. 4 in the policy's objective, `penalty` in the critics' target; each ignored where that has no risk. `step`: the
   * policy steps taken, which tell whether the policy learns yet.
   */
  async update(
    buffer: ReplayBuffer,
    batches: Random,
    noise: Random,
    { multiplier = 0, penalty = 0, step = Number.POSITIVE_INFINITY } = {},
  ): Promise<SacLosses> {
    const critic = this.#criticProgram
    buffer.sample(batches, this.settings.batchSize, critic.inputs)
    await this.updateCritics(noise, penalty)
    checkFinite('critics', critic.outputs.loss[0])
    const policy = step < this.settings.policyStarts ? null : this.#policyProgram
    if (policy !== null) {
      policy.inputs.observation.set(critic.inputs.observation)
      await this.updatePolicy(noise, multiplier)
      this.updateTemperature()
      checkFinite('policy', policy.outputs.loss[0])
    }
    polyakUpdate(this.targetCritics.values, this.critics.values, this.settings.targetRate)
    return {
      criticLoss: critic.outputs.loss[0] ?? Number.NaN,
      policyLoss: policy?.outputs.loss[0] ?? Number.NaN,
      temperature: this.temperature,
      entropy: policy === null ? Number.NaN : -this.#meanLogProbability(),
      meanQ: critic.outputs.meanQ[0] ?? Number.NaN,
      policyRisk: policy?.outputs.risk[0] ?? Number.NaN,
      actionRisk: critic.outputs.risk[0] ?? Number.NaN,
    }
  }

  /** Descends the soft Bellman residual of the critics on the batch in the critic program's inputs. */
  async updateCritics(noise: Random, penalty: number): Promise<void> {
    const { inputs } = this.#criticProgram
    noise.fillNormal(inputs.nextNoise)
    inputs.temperature[0] = this.temperature
    inputs.penalty[0] = penalty
    await this.#criticProgram.run()
    this.criticOptimizer.apply(this.settings.learningRate)
  }

  /** Ascends E[Q - alpha log pi - nu Q_safe], Q what the critics make of (s, a), in theta (Eq. 4; nu = 0 is SAC's objective). */
  async updatePolicy(noise: Random, multiplier: number): Promise<void> {
    const { inputs } = this.#policyProgram
    noise.fillNormal(inputs.noise)
    inputs.temperature[0] = this.temperature
    inputs.multiplier[0] = multiplier
    await this.#policyProgram.run()
    this.policyOptimizer.apply(this.settings.learningRate)
  }

  /** Descends J(alpha) = -log alpha * E[log pi + H̄] in log alpha, so that alpha stays positive. */
  updateTemperature(): void {
    const gradient = -(this.#meanLogProbability() + this.#targetEntropy)
    this.logAlpha += this.temperatureOptimizer.delta(gradient, this.settings.learningRate)
  }

  #meanLogProbability(): number {
    const { logProbability } = this.#policyProgram.outputs
    return logProbability.reduce((sum, value) => sum + value, 0) / logProbability.length
  }

  async #compileCriticProgram(
    engine: Engine,
    observationSize: number,
    actionSize: number,
    risk: Risk | null,
  ): Promise<CriticProgram> {
    const { batchSize, discount, rewardScale } = this.settings
    const groups: Record<string, ParameterGroup> = {
      policy: this.policy,
      critics: this.critics,
      targetCritics: this.targetCritics,
    }
    if (risk) groups.risk = risk.group
    return engine.compile({
      name: 'critics',
      groups,
      inputs: {
        observation: [batchSize, observationSize],
        action: [batchSize, actionSize],
        reward: [batchSize],
        nextObservation: [batchSize, observationSize],
        terminated: [batchSize],
        nextNoise: [batchSize, actionSize],
        temperature: [],
        penalty: [],
      },
      outputs: { loss: [], meanQ: [], risk: [] },
      differentiate: ['critics'],
      body: (parameters, inputs) => {
        const { policy, critics, targetCritics, risk: riskParameters } = parameters
        if (!policy || !critics || !targetCritics) throw new Error('The critic program misses its networks.')
        const observation = inputs.observation as tf.Tensor2D
        const action = inputs.action as tf.Tensor2D
        const nextObservation = inputs.nextObservation as tf.Tensor2D
        const head = perceptron(policy, 'policy', nextObservation)
        const next = sampleSquashedGaussian(head, inputs.nextNoise as tf.Tensor2D)
        const qSafe = risk && riskParameters ? risk.evaluate(riskParameters, observation, action) : null
        const reward = qSafe === null ? inputs.reward : tf.sub(inputs.reward, tf.mul(inputs.penalty, qSafe))
        const { loss, meanQ } = this.#model.loss({
          critics,
          targetCritics,
          observation,
          action,
          reward: tf.mul(reward, rewardScale) as tf.Tensor1D,
          nextObservation,
          nextAction: next.action,
          nextEntropyCost: tf.mul(inputs.temperature, next.logProbability) as tf.Tensor1D,
          continuation: tf.mul(tf.sub(1, inputs.terminated), discount) as tf.Tensor1D,
        })
        return {
          loss,
          outputs: { loss, meanQ, risk: qSafe === null ? tf.scalar(Number.NaN) : tf.mean(qSafe) },
        }
      },
    })
  }

  async #compilePolicyProgram(
    engine: Engine,
    observationSize: number,
    actionSize: number,
    risk: Risk | null,
  ): Promise<PolicyProgram> {
    const { batchSize } = this.settings
    const groups: Record<string, ParameterGroup> = { policy: this.policy, critics: this.critics }
    if (risk) groups.risk = risk.group
    return engine.compile({
      name: 'policy',
      groups,
      inputs: {
        observation: [batchSize, observationSize],
        noise: [batchSize, actionSize],
        temperature: [],
        multiplier: [],
      },
      outputs: { loss: [], logProbability: [batchSize], risk: [] },
      differentiate: ['policy'],
      body: (parameters, inputs) => {
        const { policy, critics, risk: riskParameters } = parameters
        if (!policy || !critics) throw new Error('The policy program misses its networks.')
        const observation = inputs.observation as tf.Tensor2D
        const head = perceptron(policy, 'policy', observation)
        const { action, logProbability } = sampleSquashedGaussian(head, inputs.noise as tf.Tensor2D)
        const value = this.#model.value(critics, observation, action)
        const entropyCost = tf.mul(inputs.temperature, logProbability)
        const sacLoss = tf.mean(tf.sub(entropyCost, value))
        if (!risk || !riskParameters)
          return {
            loss: sacLoss as tf.Scalar,
            outputs: { loss: sacLoss, logProbability, risk: tf.scalar(Number.NaN) },
          }
        const meanRisk = tf.mean(risk.evaluate(riskParameters, observation, action))
        const loss = tf.add(sacLoss, tf.mul(inputs.multiplier, meanRisk)) as tf.Scalar
        return { loss, outputs: { loss, logProbability, risk: meanRisk } }
      },
    })
  }
}

/** @throws Error where a loss has run away: going on would only fill the lab with failures of a policy that is no number. */
export function checkFinite(network: string, loss: number | undefined): void {
  if (!Number.isFinite(loss))
    throw new Error(
      `The loss of the ${network} is no longer a number. Lower the learning rate and start again.`,
    )
}
