import type { Average } from '../../contract/comparisons.ts'
import type { SeedResampler } from '../../statistics/seed-resampler.ts'
import type { RunSeries } from './series.ts'

export interface GroupCurve {
  mid: Float64Array
  low: Float64Array
  high: Float64Array
  /** Runs behind each point. */
  count: Int32Array
}

/** Whole numbers where there are no more of them than points: there are no half episodes. */
export function makeGrid(from: number, to: number, points: number, isWhole: boolean): Float64Array {
  const first = isWhole ? Math.ceil(from) : from
  const last = isWhole ? Math.floor(to) : to
  if (isWhole && last - first < points)
    return Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
  return Float64Array.from({ length: points }, (_, index) => {
    const x = first + (index / (points - 1)) * (last - first)
    return isWhole ? Math.round(x) : x
  })
}

/** Values on the grid; NaN before the series begins and after the run's end. */
export function sampleSeries({ x, y, end }: RunSeries, grid: Float64Array): Float64Array {
  const values = new Float64Array(grid.length).fill(Number.NaN)
  let next = 0
  for (const [place, at] of grid.entries()) {
    while (next < x.length && (x[next] ?? 0) <= at) next++
    if (next > 0 && at <= end) values[place] = y[next - 1] ?? Number.NaN
  }
  return values
}

/**
 * Average and band over runs that have values. A curve begins where all of them have begun. Where some have ended it goes on with the rest, and `count`
 * says how many those are.
 */
export function averageRuns(
  series: readonly RunSeries[],
  grid: Float64Array,
  average: Average,
  resampler: SeedResampler,
): GroupCurve {
  const withValues = series.filter(({ x }) => x.length > 0)
  const start = Math.max(...withValues.map(({ x }) => x[0] ?? 0))
  const sampled = withValues.map((one) => sampleSeries(one, grid))
  const empty = () => new Float64Array(grid.length).fill(Number.NaN)
  const curve = { mid: empty(), low: empty(), high: empty(), count: new Int32Array(grid.length) }
  for (const [place, at] of grid.entries()) {
    const present = sampled
      .map((values) => values[place] ?? Number.NaN)
      .filter((value) => !Number.isNaN(value))
    curve.count[place] = present.length
    if (present.length === 0 || at < start) continue
    const { mid, low, high } = resampler.band(present, average)
    curve.mid[place] = mid
    curve.low[place] = low
    curve.high[place] = high
  }
  return curve
}
