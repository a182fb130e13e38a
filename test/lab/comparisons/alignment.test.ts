import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averageRuns, makeGrid, sampleSeries } from '../../../src-main/lab/comparisons/alignment.ts'
import { thinOut } from '../../../src-main/lab/comparisons/curves.ts'
import type { RunSeries } from '../../../src-main/lab/comparisons/series.ts'
import { SeedResampler } from '../../../src-main/statistics/seed-resampler.ts'

const runSeries = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: -9, max: 9 })), { maxLength: 40 })
  .chain((points) =>
    fc.nat(20).map((more): RunSeries => {
      const ascending = points.toSorted(([a], [b]) => a - b)
      const x = Float64Array.from(ascending, ([at]) => at)
      return { x, y: Float64Array.from(ascending, ([, value]) => value), end: (x.at(-1) ?? 0) + more }
    }),
  )

/** The value at `at`, looked up the plain way. */
function valueAt({ x, y, end }: RunSeries, at: number): number | null {
  if (at > end) return null
  const place = [...x].findLastIndex((one) => one <= at)
  return place < 0 ? null : (y[place] ?? null)
}

const grid = makeGrid(0, 70, 36, false)

describe('sampleSeries()', () => {
  it('gives at each x the last value at or before it, until the run ends', () => {
    fc.assert(
      fc.property(runSeries, (series) => {
        const sampled = [...sampleSeries(series, grid)].map((value) => (Number.isNaN(value) ? null : value))
        expect(sampled).toEqual([...grid].map((at) => valueAt(series, at)))
      }),
    )
  })
})

describe('averageRuns()', () => {
  it('counts the runs behind each point and averages these alone', () => {
    fc.assert(
      fc.property(fc.array(runSeries, { minLength: 1, maxLength: 6 }), (all) => {
        const curve = averageRuns(all, grid, 'mean', new SeedResampler({ resamples: 20 }))
        const begun = all.filter(({ x }) => x.length > 0)
        for (const [place, at] of grid.entries()) {
          const values = all.map((series) => valueAt(series, at)).filter((value) => value !== null)
          expect(curve.count[place]).toBe(values.length)
          const haveAllBegun = begun.every(({ x }) => (x[0] ?? 0) <= at)
          if (values.length === 0 || !haveAllBegun) expect(curve.mid[place]).toBeNaN()
          else
            expect(curve.mid[place]).toBeCloseTo(
              values.reduce((sum, value) => sum + value, 0) / values.length,
            )
          if (values.length < 2) expect(curve.low[place]).toBeNaN()
        }
      }),
    )
  })
})

describe('makeGrid()', () => {
  it('has every whole number where they fit, and both ends where they do not', () => {
    expect([...makeGrid(0, 6.5, 200, true)]).toEqual([0, 1, 2, 3, 4, 5, 6])
    const wide = makeGrid(10, 5000, 200, true)
    expect([wide.length, wide[0], wide.at(-1)]).toEqual([200, 10, 5000])
    expect(wide.every((x) => Number.isInteger(x))).toBe(true)
  })
})

describe('thinOut()', () => {
  it('keeps the spikes of what is in sight', () => {
    const y = Float64Array.from({ length: 10_000 }, (_, index) => Math.sin(index))
    y[4321] = 99
    y[8765] = -99
    const series = { x: Float64Array.from(y.keys()), y, end: 10_000 }
    expect([...thinOut(series, 4000, 5000, 50).y]).toContain(99)
    expect(Math.min(...thinOut(series, 4000, 5000, 50).y)).toBeGreaterThan(-2)
    const all = thinOut(series, 0, 10_000, 100)
    expect([Math.min(...all.y), Math.max(...all.y)]).toEqual([-99, 99])
    expect(all.x.length).toBeLessThanOrEqual(202)
  })
})
