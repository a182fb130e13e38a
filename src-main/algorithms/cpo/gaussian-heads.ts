import { LOG_DEVIATION_BOUNDS } from '../squashed-gaussian.ts'

/**
 * Densities of Gaussian policies in double precision, from the networks' heads: for each row the means, then the log standard deviations, flat. They are
 * those under the tanh, at unsquashed actions: squashing is one to one, so likelihood ratios and KL divergences are the same above it.
 */
export type Heads = ArrayLike<number>

const [LOWEST, HIGHEST] = LOG_DEVIATION_BOUNDS
const LOG_ROOT_TAU = 0.5 * Math.log(2 * Math.PI)

const bounded = (logDeviation: number): number => Math.min(HIGHEST, Math.max(LOWEST, logDeviation))
/** Beyond its bounds a log deviation has no gradient. */
const isFree = (logDeviation: number): boolean => logDeviation > LOWEST && logDeviation < HIGHEST

/** Calls `visit` for each number of each action, with the indices of its mean and of its log deviation in the heads. */
function eachNumber(
  actions: number,
  actionSize: number,
  visit: (index: number, row: number, mean: number, deviation: number) => void,
): void {
  for (let index = 0; index < actions; index++) {
    const row = Math.floor(index / actionSize)
    const mean = row * actionSize + index
    visit(index, row, mean, mean + actionSize)
  }
}

/** Mean plus deviation times noise. */
export function sampleUnsquashed(heads: Heads, noise: Float32Array): Float32Array {
  const sampled = new Float32Array(noise.length)
  eachNumber(noise.length, noise.length, (index, _, mean, deviation) => {
    sampled[index] = (heads[mean] ?? 0) + Math.exp(bounded(heads[deviation] ?? 0)) * (noise[index] ?? 0)
  })
  return sampled
}

/** log N(u; mean, deviation) of each row. */
export function logDensities(heads: Heads, unsquashed: Float32Array, actionSize: number): Float64Array {
  const result = new Float64Array(unsquashed.length / actionSize)
  eachNumber(unsquashed.length, actionSize, (index, row, mean, deviation) => {
    const logDeviation = bounded(heads[deviation] ?? 0)
    const standard = ((unsquashed[index] ?? 0) - (heads[mean] ?? 0)) / Math.exp(logDeviation)
    result[row] = (result[row] ?? 0) - 0.5 * standard ** 2 - logDeviation - LOG_ROOT_TAU
  })
  return result
}

/** Entropy of the squashed policy, estimated at its own actions: -E[log N(u) - log(1 - tanh(u)^2)]. */
export function squashedEntropy(heads: Heads, unsquashed: Float32Array, actionSize: number): number {
  let sum = -logDensities(heads, unsquashed, actionSize).reduce((total, value) => total + value, 0)
  for (const u of unsquashed) {
    const size = Math.abs(u)
    sum += 2 * (Math.LN2 - size - Math.log1p(Math.exp(-2 * size)))
  }
  return sum / (unsquashed.length / actionSize)
}

/** Mean over the rows of KL(before || after). */
export function meanDivergence(before: Heads, after: Heads, actionSize: number): number {
  const actions = before.length / 2
  let sum = 0
  eachNumber(actions, actionSize, (_, __, mean, deviation) => {
    const [from, to] = [bounded(before[deviation] ?? 0), bounded(after[deviation] ?? 0)]
    const shift = (before[mean] ?? 0) - (after[mean] ?? 0)
    sum += to - from + (Math.exp(2 * from) + shift ** 2) / (2 * Math.exp(2 * to)) - 0.5
  })
  return sum / (actions / actionSize)
}

/** Mean of (ratio - 1) weight: by how much a surrogate is above its value before. */
export function surrogate(
  before: Float64Array,
  heads: Heads,
  unsquashed: Float32Array,
  weights: Float64Array,
  actionSize: number,
): number {
  const densities = logDensities(heads, unsquashed, actionSize)
  let sum = 0
  for (let row = 0; row < weights.length; row++)
    sum += Math.expm1((densities[row] ?? 0) - (before[row] ?? 0)) * (weights[row] ?? 0)
  return sum / weights.length
}

/** d / d heads of `surrogate` where the heads are those before. */
export function surrogateGradient(
  heads: Heads,
  unsquashed: Float32Array,
  weights: Float64Array,
  actionSize: number,
): Float32Array {
  const gradient = new Float32Array(heads.length)
  eachNumber(unsquashed.length, actionSize, (index, row, mean, deviation) => {
    const logDeviation = heads[deviation] ?? 0
    const width = Math.exp(bounded(logDeviation))
    const standard = ((unsquashed[index] ?? 0) - (heads[mean] ?? 0)) / width
    const weight = (weights[row] ?? 0) / weights.length
    gradient[mean] = (weight * standard) / width
    gradient[deviation] = isFree(logDeviation) ? weight * (standard ** 2 - 1) : 0
  })
  return gradient
}

/** The Fisher matrix of the mean divergence with respect to the heads, times a change of the heads: 1 / deviation^2 for means, 2 for log deviations. */
export function fisherOfHeads(heads: Heads, change: Heads, actionSize: number): Float32Array {
  const result = new Float32Array(heads.length)
  const actions = heads.length / 2
  const rows = actions / actionSize
  eachNumber(actions, actionSize, (_, __, mean, deviation) => {
    const logDeviation = heads[deviation] ?? 0
    result[mean] = (change[mean] ?? 0) / Math.exp(2 * bounded(logDeviation)) / rows
    result[deviation] = isFree(logDeviation) ? (2 * (change[deviation] ?? 0)) / rows : 0
  })
  return result
}
