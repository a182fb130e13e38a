import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalDensity, normalDistribution, normalQuantile } from '../../src-main/statistics/normal.ts'

/** Published values, or worked out with scipy.stats.norm 1.14 (cdf and ppf). */
describe('normalDistribution()', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [-6, 9.865876450376981e-10],
    [-10, 7.6198530241605e-24],
    [9, 1],
  ])('is the share below %d', (x, share) => {
    expect(Math.abs(normalDistribution(x) - share) / share).toBeLessThan(1e-12)
  })

  it('has the density as its slope', () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (x) => {
        const slope = (normalDistribution(x + 1e-5) - normalDistribution(x - 1e-5)) / 2e-5
        expect(slope).toBeCloseTo(normalDensity(x), 8)
      }),
    )
  })
})

describe('normalQuantile()', () => {
  it.each([
    [0.1, -1.2815515655446004],
    [0.3, -0.5244005127080409],
    [0.975, 1.959963984540054],
    [1e-9, -5.997807015007688],
  ])('of %d', (probability, x) => {
    expect(normalQuantile(probability)).toBeCloseTo(x, 10)
  })

  it('undoes the distribution function', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (probability) => {
        expect(normalDistribution(normalQuantile(probability))).toBeCloseTo(probability, 12)
      }),
    )
  })

  it.each([0, 1, -0.1, Number.NaN])('refuses %d', (probability) => {
    expect(() => normalQuantile(probability)).toThrow('above 0 and below 1')
  })
})
