import { z } from 'zod'
import { until } from './comparison.ts'
import { id, interval, timestamp } from './numbers.ts'
import { methodName, phase } from './transfer.ts'

/** What the x axis counts, from the beginning of each run. Episodes are training episodes and extra rollouts; so are failures. */
export const xAxis = z.enum(['steps', 'episodes', 'seconds', 'failures'])
export type XAxis = z.infer<typeof xAxis>

export const average = z.enum(['mean', 'iqm'])
export type Average = z.infer<typeof average>

/** Figures that are counted from episodes. Any other name is that of a recorded metric. */
export const episodeFigures = [
  'return',
  'failureRate',
  'overallFailureRate',
  'cumulativeFailures',
  'success',
] as const
export type EpisodeFigure = (typeof episodeFigures)[number]

/** Stands for environment and task parameters together. */
export const taskKey = 'task'

/**
 * What runs are grouped by: `run`, `method`, `experiment`, `phase`, `seed`, the dotted name of a setting or a task parameter,
 * `pretraining.` before one for that of the pre-training run, `task`: environment and task parameters together, or `settings`: everything but the seed.
 */
const groupKeys = z.array(z.string().max(200)).max(20)

/** What panels are laid out by, a panel for each value; null: one panel. */
const facetBy = z.string().max(200).nullable().default(null)

/** The visible part of an x axis. */
const range = z.object({ from: z.number(), to: z.number() })

/** Figures of a whole run, and whether more or less of it is better. */
export const resultFigures = {
  finalReturn: 'higher',
  successRate: 'higher',
  failureRate: 'lower',
  cumulativeFailures: 'lower',
  firstFailure: 'higher',
  worstReturns: 'higher',
  meanReturn: 'higher',
} as const
export type ResultFigure = keyof typeof resultFigures
export const resultFigure = z.enum([
  'finalReturn',
  'successRate',
  'failureRate',
  'cumulativeFailures',
  'firstFailure',
  'worstReturns',
  'meanReturn',
])

/** What counts as a score of 0 and of 1 on one task. */
export const scoreBounds = z.object({ task: z.string().max(40), worst: z.number(), best: z.number() })
export type ScoreBounds = z.infer<typeof scoreBounds>

const end = z.union([z.number(), z.string().max(400)])

/** A range on the axis of a setting or a figure: runs between both ends are chosen. Words stand in their order. */
export const brush = z.object({ axis: z.string().max(200), from: end, to: end })
export type Brush = z.infer<typeof brush>

/** How a comparison looks, all of it: kept in the address and in a saved comparison. */
export const comparisonView = z.object({
  experimentIds: z.array(id).max(1000).default([]),
  runIds: z.array(id).max(1000).default([]),
  phase: z.enum(['finetune', 'pretrain', 'all']).default('finetune'),
  groupBy: groupKeys.default(['settings']),
  facetBy,
  /** Whether the panels of a figure have one y axis. */
  sharesY: z.boolean().default(false),
  x: xAxis.default('steps'),
  average: average.default('mean'),
  /** Names of figures, in the order in which they stand. */
  figures: z.array(z.string().max(200)).max(40).default(['return', 'failureRate', 'cumulativeFailures']),
  /** Episodes over which return, failure rate and success are averaged at each point. */
  window: z.int().positive().max(100_000).default(100),
  /** Points of the grid over which the drawn line is smoothed; 1: as it is. Exports keep the unsmoothed numbers. */
  smoothing: z.int().positive().max(100).default(1),
  showsRuns: z.boolean().default(false),
  /** Whether a group's curve goes on where fewer than all of its runs have got to. */
  showsTails: z.boolean().default(true),
  zoom: range.nullable().default(null),
  /** What differences are measured against in each panel: a series, or null for the first. */
  baseline: z.string().max(200).nullable().default(null),
  until: until.default('end'),
  /** What profiles are of. */
  score: resultFigure.default('finalReturn'),
  /** Where the user has set them; elsewhere between the worst and the best run compared. */
  bounds: z.array(scoreBounds).max(100).default([]),
  /** All of them together choose runs, which stand out in every part. */
  brushes: z.array(brush).max(40).default([]),
  section: z
    .enum(['curves', 'safety', 'statistics', 'profiles', 'settings', 'calibration', 'phases'])
    .default('curves'),
})
export type ComparisonView = z.infer<typeof comparisonView>

export const savedComparison = z.object({
  id,
  name: z.string().trim().min(1).max(120),
  createdAt: timestamp,
  updatedAt: timestamp,
  view: comparisonView,
})
export type SavedComparison = z.infer<typeof savedComparison>

/** Runs that are taken together; a run that is not in the lab any more is left out, and `missing` says so. */
export const comparedRuns = z.object({
  runIds: z.array(id).max(1000),
  groupBy: groupKeys.default(['settings']),
  facetBy,
})

/** One panel of each figure. */
export const facet = z.object({
  /** The same for the same values. */
  id: z.string(),
  /** What tells the panels apart; nothing where runs are not laid out in panels. */
  values: z.record(z.string(), z.json()),
})
export type Facet = z.infer<typeof facet>

export const runGroup = z.object({
  /** The same for the same grouping and values, whatever else is compared. */
  id: z.string(),
  /** The same for groups that stand for the same in different panels: they look alike. The id itself where there is one panel. */
  series: z.string(),
  /** The panel in which it stands. */
  facet: z.string(),
  /** What tells the groups apart. */
  values: z.record(z.string(), z.json()),
  /** Null where its runs are of several. */
  method: methodName.nullable(),
  experimentId: id.nullable(),
  runs: z.array(z.object({ id, seed: z.int(), phase, experimentId: id })),
})
export type RunGroup = z.infer<typeof runGroup>

export const curvesRequest = comparedRuns.extend({
  /** runs: of the runs themselves. pretraining: of those that they started from, in the groups of the runs that did. */
  of: z.enum(['runs', 'pretraining']).default('runs'),
  x: xAxis.default('steps'),
  figures: z.array(z.string().max(200)).min(1).max(40),
  average: average.default('mean'),
  window: z.int().positive().max(100_000).default(100),
  /** Points of the common grid. */
  points: z.int().min(2).max(2000).default(200),
  range: range.nullable().default(null),
  /** Whether each run's own curve comes along. */
  withRuns: z.boolean().default(false),
})
export type CurvesRequest = z.input<typeof curvesRequest>

/**
 * Curves of groups on one grid. Packed: `x`; for figure f and group g (their places in the lists) `f/g/mid`, `f/g/low`, `f/g/high` and
 * `f/g/count`, how many runs stand behind each point: mid is NaN where none does or where one has not begun yet, low and high where fewer than two do.
 * With runs, for each of a group's runs r `f/g/r/x` and `f/g/r/y`: its own values, thinned out to the least and the greatest of each stretch.
 */
export const comparisonCurves = z.object({
  groups: z.array(runGroup),
  facets: z.array(facet),
  /** Settings in which the groups of one series differ between panels, besides those that the panels are laid out by. */
  differsBetweenFacets: z.array(z.string()),
  /** Groups without a curve of their own, as their runs are not to be averaged, and why. */
  refusals: z.array(z.object({ groupId: z.string(), text: z.string(), areTasksMixed: z.boolean() })),
  figures: z.array(z.string()),
  /** Recorded metrics of the runs compared. */
  metricNames: z.array(z.string()),
  /** Runs asked for that are not in the lab. */
  missing: z.array(id),
  /** Where the longest run has got to on the x axis. */
  end: z.number(),
  arrays: z.instanceof(Blob),
})
export type ComparisonCurves = z.infer<typeof comparisonCurves>

/** Of a group against the baseline: difference of the means with a 95 % interval. */
export const difference = z.object({
  mean: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Seeds that both have, resampled together; null: resampled each on its own. */
  pairs: z.int().nullable(),
  /** In standard deviations: d_z over pairs, Hedges' g without; null with fewer than two runs on a side or no spread. */
  effectSize: z.number().nullable(),
  /** Chance that a run of the group is better than one of the baseline, a tie counting half. */
  improvement: z.number(),
  verdict: z.enum(['better', 'worse', 'unclear']),
})
export type Difference = z.infer<typeof difference>

const runResult = z.object({
  id,
  seed: z.int(),
  state: z.string(),
  episodes: z.int(),
  failures: z.int(),
  /** Null before the first episode. */
  figures: z.record(resultFigure, z.number().nullable()),
  epsilonSafe: z.number().nullable(),
  /** No other run compared has both a higher return and a lower failure rate. */
  isPareto: z.boolean(),
})
export type RunResult = z.infer<typeof runResult>

/** Share of a group's runs that have trained without a failure so far (Kaplan and Meier). A run that never failed is watched until its end. */
export const survival = z.object({
  runs: z.int(),
  failed: z.int(),
  /** Where at most half of them have not failed yet; null where more than half never do. */
  median: z.number().nullable(),
  /** Where the run watched longest ends or fails. */
  end: z.number(),
  /** One for each place at which first failures came, in their order. */
  drops: z.array(
    z.object({
      at: z.number(),
      atRisk: z.int(),
      failures: z.int(),
      share: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
  /** Where runs ended that never failed. */
  censored: z.array(z.number()),
})
export type Survival = z.infer<typeof survival>

export const groupResult = z.object({
  groupId: z.string(),
  runs: z.array(runResult),
  figures: z.record(resultFigure, interval),
  /** Against the baseline; null for the baseline itself and where one of both has no runs with values. */
  differences: z.record(resultFigure, difference.nullable()),
  isPareto: z.boolean(),
  /** Until the first failure, in policy steps and in training episodes with extra rollouts. */
  survival: z.object({ steps: survival, episodes: survival }),
  /** Of the pre-training runs that these started from; null where they are pre-training runs themselves. */
  pretraining: z
    .object({ runs: z.int(), episodes: z.int(), failures: z.int(), failureRate: interval })
    .nullable(),
  /** Why its runs are not averaged or not set against the baseline, in sentences: the figures concerned are null. */
  refusals: z.array(z.string()),
  /** What weakens its figures, in sentences. */
  warnings: z.array(z.string()),
})
export type GroupResult = z.infer<typeof groupResult>

export const statisticsRequest = comparedRuns.extend({
  baseline: z.string().nullable().default(null),
  until: until.default('end'),
})
export type StatisticsRequest = z.input<typeof statisticsRequest>

export const comparisonStatistics = z.object({
  groups: z.array(runGroup),
  facets: z.array(facet),
  results: z.array(groupResult),
  /** The last step that all runs compared have reached, those aside that have not begun; null without runs. */
  commonStep: z.number().nullable(),
  /** A series; null without runs. */
  baseline: z.string().nullable(),
  missing: z.array(id),
})
export type ComparisonStatistics = z.infer<typeof comparisonStatistics>

/** Settings and task parameters that are not the same in all runs; `values` in the order of `runIds`, null where a run has no such setting. */
export const settingDifferences = z.object({
  runIds: z.array(id),
  rows: z.array(z.object({ name: z.string(), values: z.array(z.json()) })),
  /** Names by which these runs can be grouped, those that differ first. */
  groupKeys: z.array(z.string()),
  missing: z.array(id),
})
export type SettingDifferences = z.infer<typeof settingDifferences>

const shares = z.object({
  low: z.number(),
  high: z.number(),
  count: z.int(),
  predicted: z.number().nullable(),
  observed: z.number().nullable(),
})

/** How well Q_safe tells failures, from fresh episodes: a random first action from a random place, then the policy. */
export const criticCalibration = z.object({
  episodes: z.int(),
  failures: z.int(),
  epsilonSafe: z.number(),
  /** Steps within which a failure counts as foretold. */
  horizon: z.int(),
  auc: z.object({ failsNow: z.number().nullable(), failsWithinHorizon: z.number().nullable() }),
  brier: z.number().nullable(),
  meanQSafe: z.number(),
  meanDiscountedFailure: z.number(),
  recallAtEpsilon: z.number().nullable(),
  falseAlarmRateAtEpsilon: z.number().nullable(),
  roc: z.array(z.object({ falsePositiveRate: z.number(), truePositiveRate: z.number() })),
  reliability: z.array(shares),
})
export type CriticCalibration = z.infer<typeof criticCalibration>

export const calibrationRequest = z.object({
  runIds: z.array(id).max(100),
  episodes: z.int().min(20).max(20_000).default(500),
  seed: z.int().nonnegative().default(0),
})
export type CalibrationRequest = z.input<typeof calibrationRequest>

/** Comes again and again: how far one run is, and at last what came out or why nothing did. */
export const calibrationProgress = z.object({
  runId: id,
  /** Of this run's episodes. */
  done: z.int(),
  total: z.int(),
  calibration: criticCalibration.nullable(),
  refusal: z.string().nullable(),
})
export type CalibrationProgress = z.infer<typeof calibrationProgress>
