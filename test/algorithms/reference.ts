import { expect } from 'vitest'
import type { Transition } from '../../src-main/algorithms/replay-buffer.ts'
import type { ParameterGroup } from '../../src-main/engine/parameters.ts'
import type { Random } from '../../src-main/random.ts'

/**
 * The paper's formulas once more, one number at a time in double precision, with gradients by central differences: another route to what
 * the compiled programs give.
 */
export interface Network {
  /** By prefix. */
  perceptrons: ReadonlyMap<string, readonly Layer[]>
  values: Float64Array
}

interface Layer {
  rows: number
  columns: number
  weight: number
  bias: number
}

/** The group as it stands now; later updates do not reach the copy. */
export function copyOf({ parameters, values }: ParameterGroup): Network {
  const perceptrons = new Map<string, Layer[]>()
  for (const { name, shape, offset } of parameters) {
    const [, prefix = '', kind] = /^(.*\D)\d+\.(weight|bias)$/.exec(name) ?? []
    const layers = perceptrons.get(prefix) ?? []
    perceptrons.set(prefix, layers)
    const [rows = 0, columns = 0] = shape
    if (kind === 'weight') layers.push({ rows, columns, weight: offset, bias: Number.NaN })
    else Object.assign(layers.at(-1) ?? {}, { bias: offset })
  }
  return { perceptrons, values: Float64Array.from(values) }
}

/** Output of the perceptron `prefix` for one input. */
export function forward(
  { perceptrons, values }: Network,
  prefix: string,
  input: ArrayLike<number>,
): number[] {
  const layers = perceptrons.get(prefix)
  if (!layers) throw new Error(`There is no network ${prefix}.`)
  let x = Array.from(input)
  for (const [index, { rows, columns, weight, bias }] of layers.entries()) {
    if (x.length !== rows)
      throw new RangeError(`Layer ${index} of ${prefix} takes ${rows} numbers, not ${x.length}.`)
    const next: number[] = []
    for (let column = 0; column < columns; column++) {
      let sum = at(values, bias + column)
      for (let row = 0; row < rows; row++) sum += at(x, row) * at(values, weight + row * columns + column)
      next.push(index < layers.length - 1 ? Math.max(0, sum) : sum)
    }
    x = next
  }
  return x
}

export function at(values: ArrayLike<number>, index: number): number {
  const value = values[index]
  if (value === undefined) throw new RangeError(`There is no number ${index} among ${values.length}.`)
  return value
}

/** Density of tanh(u), u ~ N(mean, deviation), by the change of variables; da/du = 1 / cosh(u)^2. */
export function logDensity(unsquashed: number, mean: number, deviation: number): number {
  const standard = (unsquashed - mean) / deviation
  return (
    -0.5 * standard ** 2 -
    Math.log(deviation * Math.sqrt(2 * Math.PI)) +
    2 * (Math.abs(unsquashed) + Math.log1p(Math.exp(-2 * Math.abs(unsquashed))) - Math.LN2)
  )
}

/** Action and log-probability of a policy head [means, log deviations] under standard normal noise. */
export function sampleAction(head: readonly number[], noise: ArrayLike<number>) {
  const size = head.length / 2
  let logProbability = 0
  const action = Array.from({ length: size }, (_, axis) => {
    const deviation = Math.exp(Math.min(2, Math.max(-20, at(head, size + axis))))
    const unsquashed = at(head, axis) + deviation * at(noise, axis)
    logProbability += logDensity(unsquashed, at(head, axis), deviation)
    return Math.tanh(unsquashed)
  })
  return { action, logProbability }
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** d loss / d network by central differences. */
export function gradientOf(network: Network, loss: () => number): Float64Array {
  const { values } = network
  const step = 1e-5
  return values.map((value, index) => {
    values[index] = value + step
    const above = loss()
    values[index] = value - step
    const below = loss()
    values[index] = value
    return (above - below) / (2 * step)
  })
}

/** Largest difference, relative to the largest of the expected numbers. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, relative = 1e-4): void {
  expect(actual).toHaveLength(expected.length)
  const scale = Math.max(...Array.from(expected, Math.abs))
  expect(scale).toBeGreaterThan(0)
  const difference = Math.max(...Array.from(expected, (value, index) => Math.abs(value - at(actual, index))))
  expect(difference / scale).toBeLessThan(relative)
}

/** The transitions that a buffer filled with these in this order draws next from a generator in this state. */
export const drawn = (transitions: readonly Transition[], random: Random, count: number): Transition[] =>
  Array.from({ length: count }, () => {
    const transition = transitions[random.integer(transitions.length)]
    if (!transition) throw new RangeError('The buffer is empty.')
    return transition
  })

/** Rows of standard normal noise as the programs get it. */
export function noiseRows(random: Random, rows: number, width: number): Float32Array[] {
  const flat = new Float32Array(rows * width)
  random.fillNormal(flat)
  return Array.from({ length: rows }, (_, row) => flat.subarray(row * width, (row + 1) * width))
}

/** Kingma & Ba 2015, Algorithm 1, in double precision. */
export function textbookAdam(learningRate: number) {
  let step = 0
  let first: number[] = []
  let second: number[] = []
  return (values: ArrayLike<number>, gradient: ArrayLike<number>): number[] => {
    step++
    first = Array.from(gradient, (g, i) => 0.9 * (first[i] ?? 0) + 0.1 * g)
    second = Array.from(gradient, (g, i) => 0.999 * (second[i] ?? 0) + 0.001 * g * g)
    return Array.from(values, (value, i) => {
      const corrected = at(first, i) / (1 - 0.9 ** step)
      return value - (learningRate * corrected) / (Math.sqrt(at(second, i) / (1 - 0.999 ** step)) + 1e-8)
    })
  }
}
