import { describe, expect, it } from 'vitest'
import { differenceOfMeans, probabilityOfImprovement } from '../../src-main/statistics/differences.ts'
import { paretoFront } from '../../src-main/statistics/pareto.ts'

const bySeed = (values: readonly number[], firstSeed = 0) =>
  values.map((value, index) => ({ seed: firstSeed + index, value }))

describe('differenceOfMeans()', () => {
  it('cancels what a seed does to both sides where the seeds are the same', () => {
    const theirs = [10, 200, -3000, 40, 5]
    const difference = differenceOfMeans(bySeed(theirs.map((value) => value + 2)), bySeed(theirs))
    expect(difference?.pairs).toBe(5)
    expect(difference?.mean).toBeCloseTo(2)
    expect(difference?.low).toBeCloseTo(2)
    expect(difference?.high).toBeCloseTo(2)
  })

  it('takes the sides apart where the seeds are others, or one stands twice', () => {
    const other = differenceOfMeans(bySeed([1, 3]), bySeed([0, 10], 7))
    expect(other?.pairs).toBeNull()
    // Means of two drawn from two are the least, the middle and the greatest with chances 1/4, 1/2, 1/4; 2.5 % lie inside the least 1/16.
    expect(other).toMatchObject({ mean: -3, low: 1 - 10, high: 3 - 0 })
    expect(differenceOfMeans([...bySeed([1, 2]), ...bySeed([3])], bySeed([1, 2, 3]))?.pairs).toBeNull()
  })

  it('agrees with the normal interval for many values', () => {
    // 1 to 400 against 1 to 400 in steps of a half plus 50: standard error sqrt(s1^2/400 + s2^2/400), s^2 = (n^2 - 1)/12 * step^2.
    const ours = Array.from({ length: 400 }, (_, index) => 1 + index)
    const theirs = Array.from({ length: 400 }, (_, index) => 50 + index / 2)
    const error = Math.sqrt((400 ** 2 - 1) / 12 / 400 + (400 ** 2 - 1) / 12 / 4 / 400)
    const difference = differenceOfMeans(bySeed(ours), bySeed(theirs, 1000))
    const centre = 200.5 - 149.75
    expect(difference?.mean).toBeCloseTo(centre)
    expect(difference?.low).toBeGreaterThan(centre - 1.96 * error - 0.5)
    expect(difference?.low).toBeLessThan(centre - 1.96 * error + 0.5)
    expect(difference?.high).toBeGreaterThan(centre + 1.96 * error - 0.5)
    expect(difference?.high).toBeLessThan(centre + 1.96 * error + 0.5)
  })

  it('has no interval for one value, and is nothing without any', () => {
    expect(differenceOfMeans(bySeed([4]), bySeed([1]))).toEqual({
      mean: 3,
      low: null,
      high: null,
      pairs: 1,
      effectSize: null,
    })
    expect(differenceOfMeans([], bySeed([1]))).toBeNull()
  })
})

describe('probabilityOfImprovement()', () => {
  it('counts a tie half', () => {
    // scipy.stats.mannwhitneyu([1, 2, 3], [2, 2, 0]).statistic is 6: 3 wins over 0, 2 over 2 for 3, two ties of 2; 6 of 9 pairs.
    expect(probabilityOfImprovement([1, 2, 3], [2, 2, 0])).toBeCloseTo(6 / 9)
    expect(probabilityOfImprovement([], [1])).toBeNull()
  })
})

describe('paretoFront()', () => {
  it('holds what no other beats in gain and cost', () => {
    const trades = [
      { gain: 10, cost: 5 },
      { gain: 10, cost: 4 },
      { gain: 3, cost: 1 },
      { gain: 2, cost: 1 },
      { gain: 10, cost: 4 },
    ]
    expect(paretoFront(trades)).toEqual([false, true, true, false, true])
  })
})
