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
  /** The loss of a batch, and the mean value of its actions. Its gradient is taken by the critics alone. */
  loss(batch: CriticBatch): { loss: tf.Scalar; meanQ: tf.Scalar }
  /** What the policy's objective holds for (s, a) beside the entropy, [batch]. */
  value(critics: NamedTensors, observation: tf.Tensor2D, action: tf.Tensor2D): tf.Tensor1D
}

/** Weights of several critics in one group. */
export const criticShapes = (
  names: readonly string[],
  inputSize: number,
  hiddenSizes: readonly number[],
  outputSize = 1,
): ParameterShape[] => names.flatMap((name) => perceptronShapes(name, inputSize, hiddenSizes, outputSize))

/** Critics at (s, a), each [batch]. */
export function criticValues(
  critics: NamedTensors,
  names: readonly string[],
  observation: tf.Tensor2D,
  action: tf.Tensor2D,
): tf.Tensor1D[] {
  const input = tf.concat([observation, action], 1)
  return names.map((name) => tf.reshape(perceptron(critics, name, input), [observation.shape[0]]))
}

/** The loss of critics that all learn towards one target: the mean of their mean squared errors. */
export function sharedTargetLoss(values: readonly tf.Tensor1D[], target: tf.Tensor): tf.Scalar {
  const losses = values.map((value) => tf.mean(tf.square(tf.sub(value, target))))
  return tf.mul(
    losses.reduce((sum, loss) => tf.add(sum, loss)),
    1 / values.length,
  )
}

const TWINS = ['first', 'second']

/** SAC's: the lower of two critics counts, against over-estimation. */
export const twinCritics: CriticModel = {
  shapes: (inputSize, hiddenSizes) => criticShapes(TWINS, inputSize, hiddenSizes),
  loss(batch) {
    const { reward, continuation, nextEntropyCost } = batch
    const next = lower(criticValues(batch.targetCritics, TWINS, batch.nextObservation, batch.nextAction))
    const target = tf.add(reward, tf.mul(continuation, tf.sub(next, nextEntropyCost)))
    const values = criticValues(batch.critics, TWINS, batch.observation, batch.action)
    return { loss: sharedTargetLoss(values, target), meanQ: tf.mean(values[0] ?? 0) }
  },
  value: (critics, observation, action) => lower(criticValues(critics, TWINS, observation, action)),
}

const lower = (values: readonly tf.Tensor1D[]): tf.Tensor1D =>
  values.reduce((least, value) => tf.minimum(least, value))
