import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  areaUnderRoc,
  brierScore,
  type Prediction,
  reliabilityBins,
  rocPoints,
} from '../../src-main/statistics/calibration.ts'

const predictions = (...pairs: [number, 0 | 1][]): Prediction[] =>
  pairs.map(([chance, event]) => ({ chance, event: event === 1 }))

const tied = predictions([0.9, 1], [0.5, 0], [0.5, 1], [0.5, 0], [0.1, 0], [0.1, 1])

describe('brierScore()', () => {
  it('is the mean squared distance', () => {
    expect(brierScore(predictions([0.9, 1], [0.2, 0], [0.5, 1]))).toBeCloseTo((0.01 + 0.04 + 0.25) / 3, 12)
    expect(brierScore([])).toBeNull()
  })
})

describe('rocPoints()', () => {
  it('moves both rates at once where chances are tied', () => {
    expect(rocPoints(tied)).toEqual([
      { threshold: Number.POSITIVE_INFINITY, falsePositiveRate: 0, truePositiveRate: 0 },
      { threshold: 0.9, falsePositiveRate: 0, truePositiveRate: 1 / 3 },
      { threshold: 0.5, falsePositiveRate: 2 / 3, truePositiveRate: 2 / 3 },
      { threshold: 0.1, falsePositiveRate: 1, truePositiveRate: 1 },
    ])
  })

  it('is empty without events or without non-events', () => {
    expect(rocPoints(predictions([0.3, 1]))).toEqual([])
    expect(rocPoints(predictions([0.3, 0]))).toEqual([])
  })
})

describe('areaUnderRoc()', () => {
  it('is the share of pairs in the right order, ties half', () => {
    // Pairs of events 0.9, 0.5, 0.1 and others 0.5, 0.5, 0.1: 3 + (0.5 + 0.5 + 1) + 0.5 of 9.
    expect(areaUnderRoc(tied)).toBeCloseTo(5.5 / 9, 12)
    expect(areaUnderRoc(predictions([0.2, 0], [0.8, 1]))).toBe(1)
    expect(areaUnderRoc(predictions([0.2, 1], [0.8, 0]))).toBe(0)
    expect(areaUnderRoc(predictions([0.5, 1], [0.5, 0]))).toBe(0.5)
    expect(areaUnderRoc(predictions([0.5, 1]))).toBeNull()
  })

  it('agrees with counting pairs', () => {
    const some = fc.record({ chance: fc.integer({ min: 0, max: 6 }).map((n) => n / 6), event: fc.boolean() })
    fc.assert(
      fc.property(fc.array(some, { maxLength: 30 }), (given) => {
        const events = given.filter(({ event }) => event)
        const others = given.filter(({ event }) => !event)
        if (events.length * others.length === 0) return areaUnderRoc(given) === null
        const order = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0)
        const right = events.flatMap((e) => others.map((o): number => order(e.chance, o.chance)))
        const counted = right.reduce((sum, value) => sum + value, 0) / right.length
        return Math.abs((areaUnderRoc(given) ?? Number.NaN) - counted) < 1e-12
      }),
    )
  })
})

describe('reliabilityBins()', () => {
  it('sorts chances into bins of equal width, the ends included', () => {
    const given = predictions([0, 0], [0.25, 1], [0.3, 0], [0.5, 1], [1, 1], [1.0000001, 1])
    expect(reliabilityBins(given, 4)).toEqual([
      { low: 0, high: 0.25, count: 1, predicted: 0, observed: 0 },
      { low: 0.25, high: 0.5, count: 2, predicted: 0.275, observed: 0.5 },
      { low: 0.5, high: 0.75, count: 1, predicted: 0.5, observed: 1 },
      { low: 0.75, high: 1, count: 2, predicted: expect.closeTo(1, 6), observed: 1 },
    ])
  })

  it('says of an empty bin that nothing was predicted', () => {
    expect(reliabilityBins([], 1)).toEqual([{ low: 0, high: 1, count: 0, predicted: null, observed: null }])
  })
})
