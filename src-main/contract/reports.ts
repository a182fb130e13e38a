import { z } from 'zod'
import { calibrationRequest, comparedRuns, comparisonView, statisticsRequest } from './comparisons.ts'
import { id } from './numbers.ts'

/** What a report of one file is about: an experiment, or the very runs of a comparison in its groups. */
export const reportRequest = z.discriminatedUnion('about', [
  z.object({ about: z.literal('experiment'), id }),
  comparedRuns.extend({
    about: z.literal('runs'),
    title: z.string().trim().min(1).max(120).nullable().default(null),
    runIds: z.array(id).min(1).max(1000),
    baseline: statisticsRequest.shape.baseline,
    until: statisticsRequest.shape.until,
    x: comparisonView.shape.x,
    average: comparisonView.shape.average,
    window: comparisonView.shape.window,
    /** Episodes with which safety critics are probed; null: they are not. */
    probeEpisodes: calibrationRequest.shape.episodes.unwrap().nullable().default(null),
  }),
])
export type ReportRequest = z.input<typeof reportRequest>
