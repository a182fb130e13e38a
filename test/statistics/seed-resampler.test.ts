import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interquartileMean, mean, quantile } from '../../src-main/statistics/averages.ts'
import { SeedResampler } from '../../src-main/statistics/seed-resampler.ts'

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 12 })

/** Every way to draw n of n values, averaged: the bootstrap distribution itself. */
function allResamples(items: readonly number[], average: (drawn: number[]) => number): number[] {
  const n = items.length
  return Array.from({ length: n ** n }, (_, code) =>
    average(Array.from({ length: n }, (_, place) => items[Math.floor(code / n ** place) % n] ?? 0)),
  ).sort((a, b) => a - b)
}

describe('SeedResampler', () => {
  it('has the average of the values in the middle', () => {
    fc.assert(
      fc.property(values, (items) => {
        const resampler = new SeedResampler({ resamples: 50 })
        expect(resampler.band(items, 'mean').mid).toBeCloseTo(mean(items), 6)
        expect(resampler.band(items, 'iqm').mid).toBeCloseTo(interquartileMean(items), 6)
      }),
    )
  })

  it.each(['mean', 'iqm'] as const)(
    'comes close to the exact bootstrap distribution of the %s',
    (average) => {
      const items = [3, -1, 10, 4, 4.5]
      const exact = allResamples(items, average === 'mean' ? mean : interquartileMean)
      const { low, high } = new SeedResampler({ resamples: 40_000 }).band(items, average)
      // Of 40,000 draws the share below a quantile is off by 0.0015 (two standard errors of sqrt(0.025 * 0.975 / 40,000)).
      expect(low).toBeGreaterThanOrEqual(quantile(exact, 0.0235))
      expect(low).toBeLessThanOrEqual(quantile(exact, 0.0265))
      expect(high).toBeGreaterThanOrEqual(quantile(exact, 0.9735))
      expect(high).toBeLessThanOrEqual(quantile(exact, 0.9765))
    },
  )

  it('keeps the bounds between the least and the greatest value, and them in order', () => {
    fc.assert(
      fc.property(values, fc.constantFrom('mean', 'iqm'), (items, average) => {
        const { low, high } = new SeedResampler({ resamples: 200 }).band(items, average)
        const slack = 1e-9 * Math.max(1, ...items.map(Math.abs))
        expect(low).toBeGreaterThanOrEqual(Math.min(...items) - slack)
        expect(high).toBeLessThanOrEqual(Math.max(...items) + slack)
        expect(low).toBeLessThanOrEqual(high)
      }),
    )
  })

  it('gives the same band again, and shifts it with the values', () => {
    const items = [1, 5, 2, 8]
    const band = new SeedResampler().band(items, 'mean')
    expect(new SeedResampler().band(items, 'mean')).toEqual(band)
    const shifted = new SeedResampler().band(
      items.map((value) => value + 100),
      'mean',
    )
    expect(shifted.low).toBeCloseTo(band.low + 100, 9)
    expect(shifted.high).toBeCloseTo(band.high + 100, 9)
  })

  it('has no bounds for one value', () => {
    expect(new SeedResampler().band([7], 'mean')).toEqual({ mid: 7, low: Number.NaN, high: Number.NaN })
  })
})
