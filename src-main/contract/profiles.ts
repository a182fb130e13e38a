import { z } from 'zod'
import { until } from './comparison.ts'
import { comparedRuns, facet, resultFigure, runGroup, scoreBounds } from './comparisons.ts'
import { id, interval } from './numbers.ts'

export const profilesRequest = comparedRuns.omit({ facetBy: true }).extend({
  score: resultFigure.default('finalReturn'),
  bounds: z.array(scoreBounds).max(100).default([]),
  baseline: z.string().nullable().default(null),
  until: until.default('end'),
})
export type ProfilesRequest = z.input<typeof profilesRequest>

export const scoredTask = facet.extend({
  runs: z.int(),
  /** What counts as a score of 0 and of 1; null where no run has a value. */
  worst: z.number().nullable(),
  best: z.number().nullable(),
  /** Set by the user; else those of the worst and of the best run compared. */
  isGiven: z.boolean(),
  /** Why it counts in no score; null where it does. */
  refusal: z.string().nullable(),
})
export type ScoredTask = z.infer<typeof scoredTask>

export const seriesProfile = z.object({
  series: z.string(),
  runs: z.int(),
  tasks: z.int(),
  /** At each threshold: share of its runs with a score above it, averaged over tasks; low and high bound it pointwise at 95 %. */
  share: z.array(z.number()),
  low: z.array(z.number()).nullable(),
  high: z.array(z.number()).nullable(),
  interquartileMean: interval,
  /** By how much its scores fall short of 1 on average; every task counts alike. */
  optimalityGap: interval,
  /** Chance that one of its runs scores above one of the baseline on the same task; null for the baseline, or where they have no task in common. */
  improvement: interval.nullable(),
  refusals: z.array(z.string()),
  warnings: z.array(z.string()),
})
export type SeriesProfile = z.infer<typeof seriesProfile>

/** Scores of methods over all tasks of the runs compared, each task on a scale of its own. */
export const comparisonProfiles = z.object({
  groups: z.array(runGroup),
  tasks: z.array(scoredTask),
  score: resultFigure,
  thresholds: z.array(z.number()),
  results: z.array(seriesProfile),
  baseline: z.string().nullable(),
  missing: z.array(id),
})
export type ComparisonProfiles = z.infer<typeof comparisonProfiles>
