import type { z } from 'zod'
import {
  type ComparisonCurves,
  type curvesRequest,
  type EpisodeFigure,
  episodeFigures,
} from '../../contract/comparisons.ts'
import { type PackableArray, packArrays } from '../../contract/packed-arrays.ts'
import type { Run } from '../../contract/runs.ts'
import { MinMaxPyramid } from '../../statistics/min-max-pyramid.ts'
import { SeedResampler } from '../../statistics/seed-resampler.ts'
import type { Store } from '../../store/store.ts'
import type { MetricHistories } from '../metric-histories.ts'
import { firstAbove } from '../metrics.ts'
import { averageRuns, makeGrid } from './alignment.ts'
import { type Breathe, breather } from './breath.ts'
import type { ComparedRuns } from './compared-runs.ts'
import { refuseMixture, refuseTasks } from './refusals.ts'
import type { RunHistories } from './run-history.ts'
import { endOf, episodeSeries, metricSeries, type RunSeries } from './series.ts'

export interface CurveSources {
  store: Store
  histories: RunHistories
  metrics: MetricHistories
}

type Request = z.output<typeof curvesRequest>

const isEpisodeFigure = (figure: string): figure is EpisodeFigure =>
  episodeFigures.some((name) => name === figure)

export async function compareCurves(
  sources: CurveSources,
  { described, runs, groups, facets, differsBetweenFacets, missing }: ComparedRuns,
  request: Request,
): Promise<ComparisonCurves> {
  const breathe = breather()
  const { figures, x: axis, points, range, average, withRuns } = request
  const resampler = new SeedResampler()
  const cache = new Map<string, RunSeries>()
  const seriesOf = async (runId: number, figure: string) => {
    const key = `${runId} ${figure}`
    const series = cache.get(key) ?? (await readSeries(sources, runs.get(runId), figure, request, breathe))
    cache.set(key, series)
    return series
  }

  let end = 0
  for (const { runs: members } of groups)
    for (const { id } of members) {
      const run = runs.get(id)
      if (run) end = Math.max(end, endOf(await sources.histories.get(run, breathe), axis))
      await breathe()
    }
  const grid = makeGrid(
    range?.from ?? 0,
    range?.to ?? end,
    points,
    axis === 'episodes' || axis === 'failures',
  )
  const begun = new Map(
    described.flatMap((one) => (one.run.episodes > 0 ? [[one.run.id, one] as const] : [])),
  )
  const refusals = groups.flatMap((group) => {
    const members = group.runs.flatMap(({ id }) => begun.get(id) ?? [])
    const text = refuseMixture(members)
    return text === null ? [] : [{ groupId: group.id, text, areTasksMixed: refuseTasks(members) !== null }]
  })
  const isRefused = new Set(refusals.map(({ groupId }) => groupId))
  const arrays: Record<string, PackableArray> = { x: grid }
  for (const [f, figure] of figures.entries()) {
    for (const [g, group] of groups.entries()) {
      const series: RunSeries[] = []
      for (const { id } of group.runs) series.push(await seriesOf(id, figure))
      const curve = averageRuns(isRefused.has(group.id) ? [] : series, grid, average, resampler)
      for (const [name, values] of Object.entries(curve)) arrays[`${f}/${g}/${name}`] = values
      if (withRuns)
        for (const [r, one] of series.entries()) {
          const thinned = thinOut(one, grid.at(0) ?? 0, grid.at(-1) ?? 0, points)
          arrays[`${f}/${g}/${r}/x`] = thinned.x
          arrays[`${f}/${g}/${r}/y`] = thinned.y
          await breathe()
        }
      await breathe()
    }
  }
  const names = new Set([...runs.keys()].flatMap((id) => sources.store.metrics.listNames(id)))
  return {
    groups,
    facets,
    differsBetweenFacets,
    refusals,
    figures,
    metricNames: [...names].sort(),
    missing,
    end,
    arrays: new Blob([packArrays(arrays)]),
  }
}

async function readSeries(
  { histories, metrics }: CurveSources,
  run: Run | undefined,
  figure: string,
  { x: axis, window }: Request,
  breathe: Breathe,
): Promise<RunSeries> {
  if (!run) return { x: new Float64Array(0), y: new Float64Array(0), end: 0 }
  const history = await histories.get(run, breathe)
  if (isEpisodeFigure(figure)) return episodeSeries(history, figure, axis, window)
  return metricSeries(history, await metrics.get(run, figure, breathe), axis)
}

/** The visible part of a series with one point before it, its extremes kept. */
export function thinOut(
  { x, y }: RunSeries,
  from: number,
  to: number,
  buckets: number,
): { x: Float64Array; y: Float64Array } {
  const first = Math.max(0, firstAbove(x, from) - 1)
  const last = firstAbove(x, to)
  if (last - first <= 2 * buckets) return { x: x.slice(first, last), y: y.slice(first, last) }
  const places = new MinMaxPyramid(y.slice(first, last)).places(0, last - first, buckets)
  return {
    x: Float64Array.from(places, (place) => x[first + place] ?? 0),
    y: Float64Array.from(places, (place) => y[first + place] ?? 0),
  }
}
