import { describe, expect, it } from 'vitest'
import {
  fisherOfHeads,
  logDensities,
  meanDivergence,
  sampleUnsquashed,
  squashedEntropy,
  surrogate,
  surrogateGradient,
} from '../../../src-main/algorithms/cpo/gaussian-heads.ts'
import { seededRandom } from '../../../src-main/random.ts'
import { at, expectClose, logDensity, mean } from '../reference.ts'

const actionSize = 2
/** Two rows: means, then log deviations; the last beyond its upper bound of 2. */
const heads = [0.3, -1.2, -0.4, 0.5, 1.1, 0.2, -1, 2.5]
const moved = heads.map((value, i) => value + 0.1 * Math.sin(3 * i + 1))
const actions = Float32Array.of(0.5, -0.7, 0.9, 3.1)
const weights = Float64Array.of(1.7, -0.6)

const deviationOf = (logDeviation: number) => Math.exp(Math.min(2, logDeviation))
const numbers = heads.length / 2
const place = (index: number) => {
  const row = Math.floor(index / actionSize)
  return { row, mean: row * actionSize + index, deviation: row * actionSize + index + actionSize }
}

/** d value / d heads by central differences. */
const differences = (value: (heads: number[]) => number, from: readonly number[]) =>
  from.map((_, i) => {
    const shifted = (by: number) => value(from.map((number, j) => (j === i ? number + by : number)))
    return (shifted(1e-5) - shifted(-1e-5)) / 2e-5
  })

describe('logDensities()', () => {
  it('gives under the tanh what the squashed density is above it, less the change of variables', () => {
    const found = logDensities(heads, actions, actionSize)
    for (const row of [0, 1]) {
      let expected = 0
      for (let index = row * actionSize; index < (row + 1) * actionSize; index++) {
        const { mean, deviation } = place(index)
        const u = at(actions, index)
        const squash = Math.log(1 - Math.tanh(u) ** 2)
        expected += logDensity(u, at(heads, mean), deviationOf(at(heads, deviation))) + squash
      }
      expect(at(found, row)).toBeCloseTo(expected, 6)
    }
  })
})

describe('meanDivergence()', () => {
  it('is the mean over the rows of what integration gives, and the same above the tanh', () => {
    let expected = 0
    for (let index = 0; index < numbers; index++) {
      const { mean, deviation } = place(index)
      const [a, b] = [at(heads, mean), at(moved, mean)]
      const [s, t] = [deviationOf(at(heads, deviation)), deviationOf(at(moved, deviation))]
      for (let u = a - 12 * s; u < a + 12 * s; u += s / 200) {
        // Densities of tanh(u): the change of variables is the same in both, and falls out of the ratio and of p da.
        const p = Math.exp(-(((u - a) / s) ** 2) / 2) / (s * Math.sqrt(2 * Math.PI))
        expected += p * (logDensity(u, a, s) - logDensity(u, b, t)) * (s / 200)
      }
    }
    expect(meanDivergence(heads, moved, actionSize)).toBeCloseTo(expected / 2, 5)
    expect(meanDivergence(heads, heads, actionSize)).toBe(0)
  })

  it('has the Fisher matrix as its curvature', () => {
    const change = heads.map((_, i) => Math.cos(5 * i))
    const along = (length: number) =>
      meanDivergence(
        heads,
        heads.map((value, i) => value + length * at(change, i)),
        actionSize,
      )
    const product = fisherOfHeads(heads, change, actionSize)
    const quadratic = change.reduce((sum, value, i) => sum + value * at(product, i), 0)
    expect((along(1e-3) + along(-1e-3)) / 1e-6).toBeCloseTo(quadratic, 3)
    expect(at(product, 7)).toBe(0) // beyond its bound
  })
})

describe('surrogate()', () => {
  const before = logDensities(heads, actions, actionSize)

  it('is the weighted mean of the likelihood ratios above 1', () => {
    const after = logDensities(moved, actions, actionSize)
    const expected = mean(
      [0, 1].map((row) => (Math.exp(at(after, row) - at(before, row)) - 1) * at(weights, row)),
    )
    expect(surrogate(before, moved, actions, weights, actionSize)).toBeCloseTo(expected, 12)
    expect(surrogate(before, heads, actions, weights, actionSize)).toBe(0)
  })

  it('has the gradient that differences give', () => {
    expectClose(
      surrogateGradient(heads, actions, weights, actionSize),
      differences((at) => surrogate(before, at, actions, weights, actionSize), heads),
      1e-6,
    )
  })
})

describe('sampleUnsquashed()', () => {
  it('has mean, deviation and entropy of the policy', () => {
    const [head, count] = [[0.4, Math.log(0.6)], 40_000]
    const noise = new Float32Array(1)
    const random = seededRandom(1)
    const drawn = Float32Array.from({ length: count }, () => {
      random.fillNormal(noise)
      return at(sampleUnsquashed(head, noise), 0)
    })
    expect(mean([...drawn])).toBeCloseTo(0.4, 1)
    expect(Math.sqrt(mean([...drawn].map((u) => (u - 0.4) ** 2)))).toBeCloseTo(0.6, 1)
    const rows = Array.from({ length: count }, () => head).flat()
    const squashed = mean([...drawn].map((u) => -logDensity(u, 0.4, 0.6)))
    expect(squashedEntropy(rows, drawn, 1)).toBeCloseTo(squashed, 6)
  })
})
