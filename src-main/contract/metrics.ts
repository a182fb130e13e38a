import { z } from 'zod'
import { id } from './numbers.ts'

/** One metric of a run, in the order of its steps. */
export const series = z.object({ steps: z.array(z.int()), values: z.array(z.number()) })
export type Series = z.infer<typeof series>

export const metricHistory = z.record(z.string(), series)
export type MetricHistory = z.infer<typeof metricHistory>

/** Metrics measured at one policy step of a run. */
export const metricPoint = z.object({
  step: z.int().nonnegative(),
  values: z.record(z.string(), z.number()),
})
export type MetricPoint = z.infer<typeof metricPoint>

export const metricQuery = z.object({ runId: id, names: z.array(z.string()).optional() })

/** A stretch of metrics: all metrics and all steps where nothing else is asked for. */
export const metricWindowQuery = metricQuery.extend({
  from: z.int().nonnegative().optional(),
  to: z.int().nonnegative().optional(),
  /** What is longer is thinned out to the least and the greatest value of each of so many stretches, and keeps its first and last. */
  stretches: z.int().positive().max(10_000).default(1000),
})

/** `total` points lie in the window; where the series has fewer it was thinned out. */
export const metricWindow = z.record(z.string(), series.extend({ total: z.int() }))
export type MetricWindow = z.infer<typeof metricWindow>

/** `values[i]` is of the run `runIds[i]`. */
export const latestValues = z.object({ runIds: z.array(id), values: z.array(z.number()) })
export type LatestValues = z.infer<typeof latestValues>
