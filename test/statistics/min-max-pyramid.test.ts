import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MinMaxPyramid } from '../../src-main/statistics/min-max-pyramid.ts'

const series = fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN), fc.integer()), {
  maxLength: 1200,
})

describe('MinMaxPyramid', () => {
  it('has the extremes of the data for any window', () => {
    fc.assert(
      fc.property(series, fc.nat(1300), fc.nat(1300), (items, a, b) => {
        const [from, to] = [Math.min(a, b, items.length), Math.min(Math.max(a, b), items.length)]
        const window = items.slice(from, to).filter((value) => !Number.isNaN(value))
        const found = new MinMaxPyramid(Float64Array.from(items)).extremes(from, to)
        if (window.length === 0) {
          expect(found).toBeNull()
          return
        }
        // Compared by ===, for which 0 is -0.
        expect(
          window.reduce((least, value) => (value < least ? value : least)) === items[found?.least ?? -1],
        ).toBe(true)
        expect(
          window.reduce((greatest, value) => (value > greatest ? value : greatest)) ===
            items[found?.greatest ?? -1],
        ).toBe(true)
        expect(found?.least).toBeGreaterThanOrEqual(from)
        expect(found?.greatest).toBeLessThan(to)
      }),
      { numRuns: 300 },
    )
  })

  it('thins out to ascending places of the window, its ends and its extremes among them', () => {
    fc.assert(
      fc.property(
        series,
        fc.nat(1200),
        fc.nat(1200),
        fc.integer({ min: 1, max: 40 }),
        (items, a, b, buckets) => {
          const [from, to] = [Math.min(a, b, items.length), Math.min(Math.max(a, b), items.length)]
          const pyramid = new MinMaxPyramid(Float64Array.from(items))
          const places = pyramid.places(from, to, buckets)
          expect(places.length).toBeLessThanOrEqual(2 * buckets + 2)
          expect(places).toEqual([...new Set(places)].sort((x, y) => x - y))
          if (from < to) expect([places[0], places.at(-1)]).toEqual([from, to - 1])
          const extremes = pyramid.extremes(from, to)
          if (extremes === null) return
          const kept = places
            .map((place) => items[place] ?? Number.NaN)
            .filter((value) => !Number.isNaN(value))
          expect(Math.min(...kept)).toBe(Math.min(items[extremes.least] ?? 0))
          expect(Math.max(...kept)).toBe(Math.max(items[extremes.greatest] ?? 0))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('keeps all where there is room for all', () => {
    const pyramid = new MinMaxPyramid(Float64Array.from({ length: 100 }, (_, index) => index))
    expect(pyramid.places(10, 30, 10)).toEqual(Array.from({ length: 20 }, (_, index) => 10 + index))
  })
})
