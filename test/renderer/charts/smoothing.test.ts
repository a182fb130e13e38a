import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cumulativeSum, trailingMean } from '../../../src-renderer/charts/smoothing.ts'

describe('trailingMean()', () => {
  it('averages the last values, and fewer at the start', () => {
    expect(trailingMean([2, 4, 6, 8], 2)).toEqual([2, 3, 5, 7])
  })

  it('leaves the values alone with a window of one', () => {
    expect(trailingMean([3, -1, 5], 1)).toEqual([3, -1, 5])
  })

  it('agrees with the mean of each window taken afresh', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 300 })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), (list, window) => {
        for (const [index, mean] of trailingMean(list, window).entries()) {
          const part = list.slice(Math.max(0, index + 1 - window), index + 1)
          expect(mean).toBeCloseTo(part.reduce((sum, value) => sum + value, 0) / part.length, 6)
        }
      }),
    )
  })

  it('does not drift over a long run', () => {
    const values = Array.from({ length: 200_000 }, (_, index) => (index % 2 === 0 ? 1e8 : 0.1))
    expect(trailingMean([...values, ...Array(100).fill(0.1)], 100).at(-1)).toBeCloseTo(0.1, 6)
  })
})

describe('cumulativeSum()', () => {
  it('adds up', () => {
    expect(cumulativeSum([1, 0, 2])).toEqual([1, 1, 3])
  })
})
