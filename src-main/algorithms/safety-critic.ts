import * as tf from '@tensorflow/tfjs'
import { Adam } from '../engine/adam.ts'
import type { Engine, NamedTensors, Program } from '../engine/engine.ts'
import { polyakUpdate } from '../engine/kernels.ts'
import { createParameterGroup, type ParameterGroup } from '../engine/parameters.ts'
import type { Random } from '../random.ts'
import { initializePerceptron, perceptron, perceptronShapes } from './networks.ts'
import type { ReplayBuffer } from './replay-buffer.ts'
import { checkFinite } from './sac.ts'
import { sampleSquashedGaussian } from './squashed-gaussian.ts'

export interface SafetyCriticSettings {
  hiddenSizes: readonly number[]
  /** Discount of the failure probability, gamma_safe. */
  gammaSafe: number
  learningRate: number
  targetRate: number
  batchSize: number
  loss: 'squared' | 'crossEntropy'
}

type UpdateProgram = Program<
  'observation' | 'action' | 'failure' | 'terminated' | 'nextObservation' | 'nextNoise',
  'loss' | 'meanQSafe'
>

/**
 * Q_safe(s, a): the probability, discounted by gamma_safe, that the unmasked policy fails after a in s (Eq. 2), as a network with a sigmoid
 * output psi and a delayed copy of it.
 */
export class SafetyCritic {
  readonly network: ParameterGroup
  readonly target: ParameterGroup
  readonly optimizer: Adam
  readonly settings: SafetyCriticSettings
  readonly #observationSize: number
  readonly #actionSize: number
  #program!: UpdateProgram

  constructor(observationSize: number, actionSize: number, settings: SafetyCriticSettings) {
    this.#observationSize = observationSize
    this.#actionSize = actionSize
    const shapes = perceptronShapes('safety', observationSize + actionSize, settings.hiddenSizes, 1)
    this.settings = settings
    this.network = createParameterGroup('safetyCritic', shapes, { trainable: true })
    this.target = createParameterGroup('targetSafetyCritic', shapes, { trainable: false })
    this.optimizer = new Adam(this.network)
  }

  initialize(weights: Random): void {
    initializePerceptron(this.network, weights)
    this.target.values.set(this.network.values)
  }

  /**
   * One gradient step on J_safe (paper, section 4) over a batch of which `offlineShare` comes from D_offline and the rest from D_safe.
   * Returns the loss and the batch mean of Q_safe.
   */
  async update(
    safe: ReplayBuffer,
    offline: ReplayBuffer,
    offlineShare: number,
    batches: Random,
    noise: Random,
  ): Promise<{ loss: number; meanQSafe: number }> {
    const { inputs, outputs } = this.#program
    const { batchSize } = this.settings
    const fromOffline = offline.size === 0 ? 0 : Math.round(batchSize * offlineShare)
    safe.sample(batches, batchSize - fromOffline, inputs)
    if (fromOffline > 0) offline.sample(batches, fromOffline, inputs, batchSize - fromOffline)
    noise.fillNormal(inputs.nextNoise)
    await this.#program.run()
    checkFinite('safety critic', outputs.loss[0])
    this.optimizer.apply(this.settings.learningRate)
    polyakUpdate(this.target.values, this.network.values, this.settings.targetRate)
    return { loss: outputs.loss[0] ?? Number.NaN, meanQSafe: outputs.meanQSafe[0] ?? Number.NaN }
  }

  /** Prepares `update` for a policy: its unmasked actions are what Q_safe follows. */
  async compile(engine: Engine, policy: ParameterGroup): Promise<void> {
    const { batchSize, gammaSafe, loss: lossKind } = this.settings
    const observationSize = this.#observationSize
    const actionSize = this.#actionSize
    this.#program = await engine.compile({
      name: 'safety critic',
      groups: { policy, network: this.network, target: this.target },
      inputs: {
        observation: [batchSize, observationSize],
        action: [batchSize, actionSize],
        failure: [batchSize],
        terminated: [batchSize],
        nextObservation: [batchSize, observationSize],
        nextNoise: [batchSize, actionSize],
      },
      outputs: { loss: [], meanQSafe: [] },
      differentiate: ['network'],
      body: (parameters, inputs) => {
        const nextObservation = inputs.nextObservation as tf.Tensor2D
        // a' comes from the policy without its mask (Appendix D).
        const head = perceptron(parameters.policy, 'policy', nextObservation)
        const { action: nextAction } = sampleSquashedGaussian(head, inputs.nextNoise as tf.Tensor2D)
        const nextRisk = tf.sigmoid(safetyLogits(parameters.target, nextObservation, nextAction))
        // I(s') + (1 - I(s')) gamma_safe Q(s', a'); after a reached goal nothing can fail any more, and a step that counts as a failure
        // without being the last (failureLabelSteps) has nothing to add either.
        const goesOn = tf.mul(tf.sub(1, inputs.failure), tf.sub(1, inputs.terminated))
        const target = tf.add(inputs.failure, tf.mul(tf.mul(goesOn, gammaSafe), nextRisk))
        const logits = safetyLogits(
          parameters.network,
          inputs.observation as tf.Tensor2D,
          inputs.action as tf.Tensor2D,
        )
        const qSafe = tf.sigmoid(logits)
        const errors =
          lossKind === 'squared'
            ? tf.square(tf.sub(qSafe, target))
            : tf.sub(tf.softplus(logits), tf.mul(target, logits)) // cross-entropy of a probability, from logits
        const loss = tf.mean(errors) as tf.Scalar
        return { loss, outputs: { loss, meanQSafe: tf.mean(qSafe) } }
      },
    })
  }
}

/** A program that looks up Q_safe of given actions, one at a time. */
export function compileQSafe(
  engine: Engine,
  network: ParameterGroup,
  observationSize: number,
  actionSize: number,
): Promise<Program<'observation' | 'action', 'qSafe'>> {
  return engine.compile({
    name: 'Q_safe',
    groups: { network },
    inputs: { observation: [1, observationSize], action: [1, actionSize] },
    outputs: { qSafe: [1] },
    differentiate: [],
    body: (parameters, { observation, action }) => ({
      outputs: { qSafe: qSafeOf(parameters.network, observation as tf.Tensor2D, action as tf.Tensor2D) },
    }),
  })
}

/** Logits of Q_safe(s, a), [batch]. */
export function safetyLogits(
  network: NamedTensors,
  observation: tf.Tensor2D,
  action: tf.Tensor2D,
): tf.Tensor1D {
  const input = tf.concat([observation, action], 1)
  return tf.reshape(perceptron(network, 'safety', input), [action.shape[0]])
}

/** Q_safe(s, a), [batch], in (0, 1). */
export function qSafeOf(network: NamedTensors, observation: tf.Tensor2D, action: tf.Tensor2D): tf.Tensor1D {
  return tf.sigmoid(safetyLogits(network, observation, action))
}
