import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { Adam, ScalarAdam } from '../engine/adam.ts'
import type { Engine, NamedTensors, Program } from '../engine/engine.ts'
import { polyakUpdate } from '../engine/kernels.ts'
import { createParameterGroup, type ParameterGroup } from '../engine/parameters.ts'
import type { Random } from '../random.ts'
import { initializePerceptron, perceptron, perceptronShapes } from './networks.ts'
import type { ReplayBuffer } from './replay-buffer.ts'
import { sampleSquashedGaussian } from './squashed-gaussian.ts'

/**
 * Soft actor-critic with twin critics and a learned temperature: Haarnoja et al. 2018, "Soft Actor-Critic Algorithms and Applications"
 * (arXiv 1812.05905), Algorithm 1. It is the core of every off-policy method here and the paper's ablation without a safety critic.
 */
export const sacSettings = z.strictObject({
  learningRate: z.number().positive().max(1).default(3e-4).meta({
    symbol: 'λ',
    description: 'Step size of Adam for the policy, the critics and the temperature.',
  }),
  hiddenSizes: z.array(z.int().positive().max(4096)).min(1).max(6).default([256, 256]).meta({
    unit: 'units',
    description: 'Width of each hidden layer of every network.',
  }),
  batchSize: z.int().positive().max(65536).default(256).meta({
    unit: 'transitions',
    description: 'Transitions in one gradient step.',
  }),
  discount: z
    .number()
    .min(0)
    .lt(1)
    .default(0.99)
    .meta({ symbol: 'γ', description: 'Discount of the return.' }),
  rewardScale: z.number().positive().max(1e6).default(1).meta({
    description:
      'Factor on each reward that the critics learn from. Returns are recorded without it; Q values, temperature and loss are with it.',
  }),
  targetRate: z.number().positive().max(1).default(0.005).meta({
    symbol: 'τ',
    description: 'Share of the critics that the target critics take over at each step (Polyak averaging).',
  }),
  targetEntropy: z.number().nullable().default(null).meta({
    symbol: 'H̄',
    unit: 'nats',
    description:
      'Entropy that the temperature steers the policy to. Empty: minus the number of action dimensions.',
  }),
  initialTemperature: z
    .number()
    .positive()
    .default(1)
    .meta({ symbol: 'α₀', description: 'Temperature at the start.' }),
  randomSteps: z.int().nonnegative().default(500).meta({
    unit: 'steps',
    description: 'Uniformly random actions at the start of pre-training, before the first gradient step.',
  }),
  learningStarts: z
    .int()
    .positive()
    .default(500)
    .meta({ unit: 'transitions', description: 'Transitions in D_offline before the first gradient step.' }),
  updatesPerStep: z
    .int()
    .nonnegative()
    .max(100)
    .default(1)
    .meta({ description: 'Gradient steps per policy step.' }),
  replayCapacity: z
    .int()
    .positive()
    .max(2 ** 24)
    .default(1_000_000)
    .meta({
      unit: 'transitions',
      description: 'Size of D_offline; the oldest transitions leave first.',
    }),
})
export type SacSettings = z.infer<typeof sacSettings>

/** A differentiable risk that the policy's objective may carry: nu * Q_safe(s, a') of SQRL's Eq. 4. */
export interface PolicyRisk {
  group: ParameterGroup
  /** Q_safe of [batch, observationSize] and [batch, actionSize] as [batch]. */
  evaluate: (parameters: NamedTensors, observation: tf.Tensor2D, action: tf.Tensor2D) => tf.Tensor1D
}

export interface SacLosses {
  criticLoss: number
  policyLoss: number
  temperature: number
  entropy: number
  meanQ: number
  /** E[Q_safe(s, a')] under the unmasked policy on the batch; NaN without a risk. */
  policyRisk: number
}

type CriticProgram = Program<
  'observation' | 'action' | 'reward' | 'nextObservation' | 'terminated' | 'nextNoise' | 'temperature',
  'loss' | 'meanQ'
>
type PolicyProgram = Program<
  'observation' | 'noise' | 'temperature' | 'multiplier',
  'loss' | 'logProbability' | 'risk'
>

export class Sac {
  readonly policy: ParameterGroup
  readonly critics: ParameterGroup
  readonly targetCritics: ParameterGroup
  readonly policyOptimizer: Adam
  readonly criticOptimizer: Adam
  readonly temperatureOptimizer = new ScalarAdam()
  readonly settings: SacSettings
  logAlpha: number
  readonly #targetEntropy: number
  #criticProgram!: CriticProgram
  #policyProgram!: PolicyProgram

  private constructor(observationSize: number, actionSize: number, settings: SacSettings) {
    const policyShapes = perceptronShapes('policy', observationSize, settings.hiddenSizes, 2 * actionSize)
    const criticShapes = ['first', 'second'].flatMap((name) =>
      perceptronShapes(name, observationSize + actionSize, settings.hiddenSizes, 1),
    )
    this.settings = settings
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
    risk: PolicyRisk | null
  }): Promise<Sac> {
    const { engine, observationSize, actionSize, settings, weights, risk } = options
    const sac = new Sac(observationSize, actionSize, settings)
    initializePerceptron(sac.policy, weights)
    initializePerceptron(sac.critics, weights)
    sac.targetCritics.values.set(sac.critics.values)
    sac.#criticProgram = await sac.#compileCriticProgram(engine, observationSize, actionSize)
    sac.#policyProgram = await sac.#compilePolicyProgram(engine, observationSize, actionSize, risk)
    return sac
  }

  get temperature(): number {
    return Math.exp(this.logAlpha)
  }

  /**
   * One gradient step of critics, policy and temperature, then of the target critics.
   * @param multiplier nu of Eq. 4; ignored without a risk.
   */
  async update(buffer: ReplayBuffer, batches: Random, noise: Random, multiplier = 0): Promise<SacLosses> {
    const critic = this.#criticProgram
    const policy = this.#policyProgram
    buffer.sample(batches, this.settings.batchSize, critic.inputs)
    await this.updateCritics(noise)
    policy.inputs.observation.set(critic.inputs.observation)
    await this.updatePolicy(noise, multiplier)
    this.updateTemperature()
    checkFinite('critics', critic.outputs.loss[0])
    checkFinite('policy', policy.outputs.loss[0])
    polyakUpdate(this.targetCritics.values, this.critics.values, this.settings.targetRate)
    return {
      criticLoss: critic.outputs.loss[0] ?? Number.NaN,
      policyLoss: policy.outputs.loss[0] ?? Number.NaN,
      temperature: this.temperature,
      entropy: -this.#meanLogProbability(),
      meanQ: critic.outputs.meanQ[0] ?? Number.NaN,
      policyRisk: policy.outputs.risk[0] ?? Number.NaN,
    }
  }

  /** Descends the soft Bellman residual of both critics on the batch in the critic program's inputs. */
  async updateCritics(noise: Random): Promise<void> {
    const { inputs } = this.#criticProgram
    noise.fillNormal(inputs.nextNoise)
    inputs.temperature[0] = this.temperature
    await this.#criticProgram.run()
    this.criticOptimizer.apply(this.settings.learningRate)
  }

  /** Ascends E[min Q - alpha log pi - nu Q_safe] in theta (Eq. 4; nu = 0 is SAC's objective). */
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
  ): Promise<CriticProgram> {
    const { batchSize, discount, rewardScale } = this.settings
    return engine.compile({
      name: 'critics',
      groups: { policy: this.policy, critics: this.critics, targetCritics: this.targetCritics },
      inputs: {
        observation: [batchSize, observationSize],
        action: [batchSize, actionSize],
        reward: [batchSize],
        nextObservation: [batchSize, observationSize],
        terminated: [batchSize],
        nextNoise: [batchSize, actionSize],
        temperature: [],
      },
      outputs: { loss: [], meanQ: [] },
      differentiate: ['critics'],
      body: (parameters, inputs) => {
        const nextObservation = inputs.nextObservation as tf.Tensor2D
        const head = perceptron(parameters.policy, 'policy', nextObservation)
        const next = sampleSquashedGaussian(head, inputs.nextNoise as tf.Tensor2D)
        const [first, second] = twinValues(parameters.targetCritics, nextObservation, next.action)
        const softValue = tf.sub(tf.minimum(first, second), tf.mul(inputs.temperature, next.logProbability))
        const target = tf.add(
          tf.mul(inputs.reward, rewardScale),
          tf.mul(tf.mul(tf.sub(1, inputs.terminated), discount), softValue),
        )
        const values = twinValues(
          parameters.critics,
          inputs.observation as tf.Tensor2D,
          inputs.action as tf.Tensor2D,
        )
        const [firstLoss, secondLoss] = values.map((value) => tf.mean(tf.square(tf.sub(value, target))))
        if (!firstLoss || !secondLoss) throw new Error('Twin critics give two values.')
        const loss = tf.mul(tf.add(firstLoss, secondLoss), 0.5) as tf.Scalar
        return { loss, outputs: { loss, meanQ: tf.mean(values[0]) } }
      },
    })
  }

  async #compilePolicyProgram(
    engine: Engine,
    observationSize: number,
    actionSize: number,
    risk: PolicyRisk | null,
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
        const [first, second] = twinValues(critics, observation, action)
        const entropyCost = tf.mul(inputs.temperature, logProbability)
        const sacLoss = tf.mean(tf.sub(entropyCost, tf.minimum(first, second)))
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

/** Both critics at (s, a), each [batch]. */
export function twinValues(
  critics: NamedTensors,
  observation: tf.Tensor2D,
  action: tf.Tensor2D,
): [tf.Tensor1D, tf.Tensor1D] {
  const input = tf.concat([observation, action], 1)
  const rows = observation.shape[0]
  return [
    tf.reshape(perceptron(critics, 'first', input), [rows]),
    tf.reshape(perceptron(critics, 'second', input), [rows]),
  ]
}

/** @throws Error where a loss has run away: going on would only fill the lab with failures of a policy that is no number. */
export function checkFinite(network: string, loss: number | undefined): void {
  if (!Number.isFinite(loss))
    throw new Error(
      `The loss of the ${network} is no longer a number. Lower the learning rate and start again.`,
    )
}
