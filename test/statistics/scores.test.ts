import { describe, expect, it } from 'vitest'
import { interquartileMean } from '../../src-main/statistics/averages.ts'
import { probabilityOfImprovement } from '../../src-main/statistics/differences.ts'
import { hedgesG, pairedEffectSize } from '../../src-main/statistics/effect-size.ts'
import { meanHeight, optimalityGap, performanceProfile, worstMean } from '../../src-main/statistics/scores.ts'

/** By task and seed. */
const ours = [
  [0.828, 0.021, 0.789, 1.216, 1.115, 0.228, 0.39],
  [0.351, 1.057, 0.948, 1.061, 0.044, 1.122, 0.549],
  [0.053, 1.187, 0.706, 0.004, 0.949, 0.704, 0.037],
]
const theirs = [
  [0.162, 0.8, 1.275, 0.895, 0.938],
  [0.872, 0.499, 0.891, 0.506, 0.683],
  [0.841, 1.296, 0.846, 0.176, 0.403],
]

describe('figures of scores, as rliable 1.2 gives them', () => {
  it('interquartile mean and optimality gap', () => {
    expect(interquartileMean(ours.flat())).toBeCloseTo(0.6817272727272727, 12)
    expect(optimalityGap(ours.flat())).toBeCloseTo(0.39995238095238095, 12)
  })

  it('probability of improvement, averaged over tasks', () => {
    const byTask = ours.map((task, index) => probabilityOfImprovement(task, theirs[index] ?? []) ?? 0)
    expect(byTask.reduce((sum, one) => sum + one, 0) / byTask.length).toBeCloseTo(0.44761904761904764, 12)
  })

  it('performance profile', () => {
    const profile = performanceProfile([...ours, []], [0, 0.25, 0.5, 0.75, 1, 1.25])
    const expected = [1, 0.7142857142857143, 0.619047619047619, 0.4761904761904761, 0.28571428571428564, 0]
    for (const [index, share] of profile.entries())
      expect(share).toBeCloseTo(expected[index] ?? Number.NaN, 12)
  })
})

describe('effect sizes, worked out with NumPy 2', () => {
  const [a, b] = [
    [3.1, 2.7, 4.4, 3.9, 5],
    [2.2, 2.9, 3.1, 2.5, 3.3],
  ]

  it('Hedges’ g, and Cohen’s d_z of pairs', () => {
    expect(hedgesG(a, b)).toBeCloseTo(1.3899760523778264 * 0.9032258064516129, 12)
    expect(pairedEffectSize(a.map((value, index) => value - (b[index] ?? 0)))).toBeCloseTo(
      1.3791341373925126,
      12,
    )
  })

  it('say nothing of one value, or of values without a spread', () => {
    expect(hedgesG([1], b)).toBeNull()
    expect(hedgesG([1, 1], [2, 2])).toBeNull()
    expect(pairedEffectSize([0.5, 0.5])).toBeNull()
  })
})

describe('worstMean()', () => {
  it('is the mean of the lowest share, rounded up to whole values', () => {
    const values = [5, 1, 4, 2, 3]
    expect(worstMean(values, 0.4)).toBe(1.5)
    expect(worstMean(values, 0.01)).toBe(1)
    expect(worstMean(values, 1)).toBe(3)
    expect(worstMean([], 0.1)).toBeNull()
  })
})

describe('meanHeight()', () => {
  it('is the area under a curve over its span', () => {
    expect(meanHeight([0, 1, 4], [0, 2, 2])).toBe((1 + 6) / 4)
    expect(meanHeight([3], [1])).toBeNull()
    expect(() => meanHeight([0, 1], [1])).toThrow('a y for each x')
  })
})
