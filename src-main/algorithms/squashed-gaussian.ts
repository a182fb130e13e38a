import * as tf from '@tensorflow/tfjs'
import { elementCount } from '../engine/engine.ts'

/** Bounds of the log standard deviation before squashing (Haarnoja et al. 2018, their code). */
export const LOG_DEVIATION_BOUNDS = [-20, 2] as const

export interface SampledAction {
  /** [batch, actionSize], each in (-1, 1). */
  action: tf.Tensor2D
  /** log pi(a|s), [batch]. */
  logProbability: tf.Tensor1D
}

/**
 * tanh of a Gaussian, reparametrised: gradients flow from the action to the policy.
 * @param head [batch or 1, 2 actionSize]: mean, then log standard deviation.
 * @param noise [batch, actionSize], standard normal.
 */
export function sampleSquashedGaussian(head: tf.Tensor2D, noise: tf.Tensor2D): SampledAction {
  const actionSize = noise.shape[1]
  const rows = head.shape[0]
  const mean = tf.slice(head, [0, 0], [rows, actionSize])
  const logDeviation = tf.clipByValue(
    tf.slice(head, [0, actionSize], [rows, actionSize]),
    ...LOG_DEVIATION_BOUNDS,
  )
  const unsquashed = tf.add(mean, tf.mul(tf.exp(logDeviation), noise)) as tf.Tensor2D
  // log N(u; mean, deviation) - log(1 - tanh(u)^2), the latter written so that it stays finite for large |u| (SAC, appendix C).
  const gaussian = tf.sub(tf.mul(tf.square(noise), -0.5), tf.add(logDeviation, 0.5 * Math.log(2 * Math.PI)))
  const squash = tf.mul(tf.sub(tf.sub(Math.log(2), unsquashed), tf.softplus(tf.mul(unsquashed, -2))), 2)
  return { action: tf.tanh(unsquashed), logProbability: tf.sum(tf.sub(gaussian, squash), 1) }
}

/** The action without noise: tanh of the mean. */
export function meanAction(head: tf.Tensor2D): tf.Tensor2D {
  const actionSize = elementCount(head.shape) / head.shape[0] / 2
  return tf.tanh(tf.slice(head, [0, 0], [head.shape[0], actionSize]))
}
