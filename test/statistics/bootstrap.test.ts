import { describe, expect, it } from 'vitest'
import { interquartileMean, quantile } from '../../src-main/statistics/averages.ts'
import {
  bootstrapInterquartileMean,
  bootstrapMean,
  bootstrappingMean,
} from '../../src-main/statistics/bootstrap.ts'

describe('interquartileMean()', () => {
  // scipy.stats.trim_mean(values, 0.25)
  it.each([
    [[1, 2, 4], 7 / 3],
    [[1, 2, 4, 8], 3],
    [[16, 1, 8, 2, 4], 14 / 3],
    [[1, 2, 4, 8, 16, 32, 64, 128, 256, 512], 42],
  ])('of %j is %d', (values, expected) => {
    expect(interquartileMean(values)).toBeCloseTo(expected, 12)
  })
})

describe('quantile()', () => {
  // numpy.percentile([1, 2, 4, 8], [0, 10, 50, 97.5, 100])
  it('interpolates between neighbours', () => {
    const at = [0, 0.1, 0.5, 0.975, 1].map((share) => quantile([1, 2, 4, 8], share))
    expect(at).toEqual([1, 1.3, 3, expect.closeTo(7.7, 12), 8])
  })
})

describe('bootstrapMean()', () => {
  it('comes close to the interval of 400,000 resamples drawn with numpy', () => {
    const { mean, low, high } = bootstrapMean([3.1, -2, 5.5, 0.3, 7.7])
    expect(mean).toBeCloseTo(2.92, 12)
    expect(Math.abs((low ?? 0) - -0.06)).toBeLessThan(0.15)
    expect(Math.abs((high ?? 0) - 5.9)).toBeLessThan(0.15)
  })

  it('is the same for the same seed and another for another', () => {
    const values = [3.1, -2, 5.5, 0.3, 7.7, 1.9, 8.25]
    const few = { resamples: 200 }
    expect(bootstrapMean(values, few)).toEqual(bootstrapMean(values, few))
    expect(bootstrapMean(values, { ...few, seed: 1 })).not.toEqual(bootstrapMean(values, few))
  })

  it('covers the mean of the values, more tightly at a lower level', () => {
    const values = [1, 2, 3, 4, 10]
    const wide = bootstrapMean(values)
    const narrow = bootstrapMean(values, { level: 0.5 })
    expect(wide.low).toBeLessThan(narrow.low ?? 0)
    expect(narrow.low).toBeLessThan(4)
    expect(narrow.high).toBeGreaterThan(4)
    expect(wide.high).toBeGreaterThan(narrow.high ?? 0)
  })

  it('draws the same numbers with pauses as without, and pauses often', () => {
    const values = [3.1, -2, 5.5, 0.3, 7.7]
    const work = bootstrappingMean(values, { resamples: 50_000 })
    let pauses = 0
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) {
        expect(step.value).toEqual(bootstrapMean(values, { resamples: 50_000 }))
        break
      }
      pauses++
    }
    expect(pauses).toBe(50)
  })

  it('claims no spread from one seed, and nothing from none', () => {
    expect(bootstrapMean([5])).toEqual({ mean: 5, low: null, high: null })
    expect(bootstrapMean([])).toEqual({ mean: null, low: null, high: null })
  })
})

describe('bootstrapInterquartileMean()', () => {
  const scores = [
    [1, 4, 2, 8, 5],
    [10, 30, 20, 25, 11],
    [0.5, 0.1, 0.9, 0.3, 0.2],
  ]

  it('comes close to the interval of 200,000 stratified resamples drawn with numpy', () => {
    const { mean, low, high } = bootstrapInterquartileMean(scores)
    expect(mean).toBeCloseTo(4.711111111111111, 12)
    expect(Math.abs((low ?? 0) - 3.62222222)).toBeLessThan(0.15)
    expect(Math.abs((high ?? 0) - 7.53333333)).toBeLessThan(0.15)
  })

  it('draws within tasks: tasks whose seeds agree have no spread', () => {
    const apart = [
      [1, 1, 1],
      [100, 100, 100],
    ]
    expect(bootstrapInterquartileMean(apart)).toEqual({ mean: 50.5, low: 50.5, high: 50.5 })
  })

  it('claims no spread from one seed a task, and nothing from none', () => {
    expect(bootstrapInterquartileMean([[1], [3], []])).toEqual({ mean: 2, low: null, high: null })
    expect(bootstrapInterquartileMean([[]])).toEqual({ mean: null, low: null, high: null })
  })
})
