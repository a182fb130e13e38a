import * as tf from '@tensorflow/tfjs'
import type { NamedTensors } from '../engine/engine.ts'
import type { ParameterShape } from '../engine/parameters.ts'
import { perceptron, perceptronShapes } from './networks.ts'

/** What the critics learn from: a batch of transitions, and an action of the policy at each next state. */
export interface CriticBatch {
  critics: NamedTensors
  targetCritics: NamedTensors
  /** [batch, observationSize]. */
  observation: tf.Tensor2D
  /** [batch, actionSize]. */
  action: tf.Tensor2D
  /** As the critics are to see it: scaled, and with what is taken off it. [batch]. */
  reward: tf.Tensor1D
  nextObservation: tf.Tensor2D
  nextAction: tf.Tensor2D
  /** alpha log pi(a'|s'), [batch]. */
  nextEntropyCost: tf.Tensor1D
  /** gamma where the episode goes on, 0 where it ended for good. [batch]. */
  continuation: tf.Tensor1D
}

/** The critics of a method on top of SAC: how they are laid out, how they learn, and what the policy makes of them. */
export interface CriticModel {
  shapes(inputSize: number, hiddenSizes: readonly number[]): ParameterShape[]
  /** The loss of a batch, and the mean value of its actions by the first critic. Its gradient is taken by the critics alone. */
  loss(batch: CriticBatch): { loss: tf.Scalar; meanQ: tf.Scalar }
  /** What the policy's objective holds for (s, a) beside the entropy, [batch]. */
  value(critics: NamedTensors, observation: tf.Tensor2D, action: tf.Tensor2D): tf.Tensor1D
}

/**
 * Several critics that all learn towards one target. What stands in it, and in the policy's objective, is made of their values.
 * @param conservative of a value of each critic, [batch].
 */
export function sharedTargetCritics(
  names: readonly string[],
  conservative: (values: readonly tf.Tensor1D[]) => tf.Tensor1D,
): CriticModel {
  const conservativeValue = (critics: NamedTensors, observation: tf.Tensor2D, action: tf.Tensor2D) =>
    conservative(criticValues(critics, names, observation, action))
  return {
    shapes: (inputSize, hiddenSizes) =>
      names.flatMap((name) => perceptronShapes(name, inputSize, hiddenSizes, 1)),
    loss(batch) {
      const { reward, continuation, nextEntropyCost } = batch
      const next = conservativeValue(batch.targetCritics, batch.nextObservation, batch.nextAction)
      const target = tf.add(reward, tf.mul(continuation, tf.sub(next, nextEntropyCost)))
      const values = criticValues(batch.critics, names, batch.observation, batch.action)
      const losses = values.map((value) => tf.mean(tf.square(tf.sub(value, target))))
      const sum = losses.reduce((total, loss) => tf.add(total, loss))
      return { loss: tf.mul(sum, 1 / values.length), meanQ: tf.mean(values[0] ?? target) }
    },
    value: conservativeValue,
  }
}

/** Critics at (s, a), each [batch]. */
function criticValues(
  critics: NamedTensors,
  names: readonly string[],
  observation: tf.Tensor2D,
  action: tf.Tensor2D,
): tf.Tensor1D[] {
  const input = tf.concat([observation, action], 1)
  return names.map((name) => tf.reshape(perceptron(critics, name, input), [observation.shape[0]]))
}

/** SAC's: the lower of two critics counts, against over-estimation. */
export const twinCritics: CriticModel = sharedTargetCritics(['first', 'second'], (values) =>
  values.reduce((least, value) => tf.minimum(least, value)),
)
