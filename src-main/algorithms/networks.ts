import * as tf from '@tensorflow/tfjs'
import type { NamedTensors } from '../engine/engine.ts'
import { type ParameterGroup, type ParameterShape, parameterView } from '../engine/parameters.ts'
import type { Random } from '../random.ts'

/** Shapes of a multilayer perceptron's weights; `prefix` keeps apart several networks in one group. */
export function perceptronShapes(
  prefix: string,
  inputSize: number,
  hiddenSizes: readonly number[],
  outputSize: number,
): ParameterShape[] {
  const sizes = [inputSize, ...hiddenSizes, outputSize]
  return sizes.slice(1).flatMap((size, layer) => [
    { name: `${prefix}${layer}.weight`, shape: [sizes[layer] ?? 0, size] },
    { name: `${prefix}${layer}.bias`, shape: [size] },
  ])
}

/** ReLU that keeps its output, not its input, for the backward pass: the layer before it can then run in one operator with it. */
const relu = tf.customGrad<tf.Tensor2D>((...inputs) => {
  const [x, save] = inputs
  if (!(x instanceof tf.Tensor) || typeof save !== 'function') throw new TypeError('relu takes one tensor.')
  const value = tf.relu(x) as tf.Tensor2D
  save([value])
  return { value, gradFunc: (dy, [output]) => tf.mul(dy, tf.step(output ?? value)) }
})

/** Applies the perceptron `prefix` with ReLU between its layers: [batch, inputSize] to [batch, outputSize]. */
export function perceptron(parameters: NamedTensors, prefix: string, input: tf.Tensor2D): tf.Tensor2D {
  let x = input
  for (let layer = 0; ; layer++) {
    const weight = parameters[`${prefix}${layer}.weight`]
    const bias = parameters[`${prefix}${layer}.bias`]
    if (!weight || !bias) throw new Error(`The network ${prefix} has no layer ${layer}.`)
    const last = !(`${prefix}${layer + 1}.weight` in parameters)
    // TensorFlow.js fuses only linear layers while it differentiates, so the activation stands apart.
    x = tf.fused.matMul({ a: x, b: weight as tf.Tensor2D, bias }) as tf.Tensor2D
    if (last) return x
    x = relu(x)
  }
}

/** By how much the perceptron's output changes, to first order, where its weights move along `direction`, which has the same names. */
export function perceptronTangent(
  parameters: NamedTensors,
  direction: NamedTensors,
  prefix: string,
  input: tf.Tensor2D,
): tf.Tensor2D {
  let x = input
  let change: tf.Tensor2D | null = null
  for (let layer = 0; ; layer++) {
    const [weight, bias] = [parameters[`${prefix}${layer}.weight`], parameters[`${prefix}${layer}.bias`]]
    const [weightChange, biasChange] = [
      direction[`${prefix}${layer}.weight`],
      direction[`${prefix}${layer}.bias`],
    ]
    if (!weight || !bias || !weightChange || !biasChange)
      throw new Error(`The network ${prefix} has no layer ${layer}.`)
    const own = tf.fused.matMul({ a: x, b: weightChange as tf.Tensor2D, bias: biasChange }) as tf.Tensor2D
    const through: tf.Tensor2D = change ? tf.add(own, tf.matMul(change, weight as tf.Tensor2D)) : own
    if (!(`${prefix}${layer + 1}.weight` in parameters)) return through
    x = tf.relu(tf.fused.matMul({ a: x, b: weight as tf.Tensor2D, bias }) as tf.Tensor2D)
    change = tf.mul(through, tf.step(x))
  }
}

/** Uniform on +-1/sqrt(fan-in) for weights and biases, as PyTorch's linear layers start. */
export function initializePerceptron(group: ParameterGroup, random: Random): void {
  let bound = 0
  for (const parameter of group.parameters) {
    if (parameter.shape.length === 2) bound = 1 / Math.sqrt(parameter.shape[0] ?? 1)
    const view = parameterView(group.values, parameter)
    for (let i = 0; i < view.length; i++) view[i] = bound * (2 * random.uniform() - 1)
  }
}
