import { z } from 'zod'
import { id } from './numbers.ts'
import { methodName, phase } from './transfer.ts'
import { uncheckedRequest } from './transfer-plan.ts'

export const dryRunRequest = z.object({
  request: uncheckedRequest,
  /** Seconds of training measured for each method and phase, start-up apart. */
  secondsEach: z.number().min(0.2).max(60).default(5),
})
export type DryRunRequest = z.input<typeof dryRunRequest>

/** How fast one method trains in one phase on this machine, with as many workers beside it as will train at once. */
export const dryRunMeasurement = z.object({
  method: methodName,
  phase,
  stepsPerSecond: z.number(),
  /** Twice the standard error of the mean to either side, at least a tenth. */
  low: z.number(),
  high: z.number(),
  memoryMegabytes: z.number().nullable(),
  /** Of one checkpoint's networks as the lab stores them. */
  checkpointBytes: z.number(),
})
export type DryRunMeasurement = z.infer<typeof dryRunMeasurement>

/** From the fastest to the slowest that was measured. */
export const dryRunResult = z.object({
  seconds: z.object({ low: z.number(), high: z.number() }),
  bytes: z.object({ low: z.number(), high: z.number() }),
  /** Of all workers together. */
  memoryMegabytes: z.number().nullable(),
  slots: z.int(),
  /** Runs that trained meanwhile and slowed the measurement. */
  trainingBeside: z.int(),
})
export type DryRunResult = z.infer<typeof dryRunResult>

/** Comes again and again; the last one has the result, or says why there is none. */
export const dryRunProgress = z.object({
  share: z.number(),
  measurements: z.array(dryRunMeasurement),
  result: dryRunResult.nullable(),
  refusal: z.string().nullable(),
})
export type DryRunProgress = z.infer<typeof dryRunProgress>

/** How wide the 95 % interval of the failure rate is expected to be, by the number of seeds. */
export const expectedWidth = z.object({
  method: methodName,
  /** Earlier fine-tuning runs that this rests on; 0: none, and the widest case is shown. */
  runs: z.int(),
  failureRate: z.number(),
  /** Standard deviation of the rate between seeds of one experiment; null where it is not known. */
  spread: z.number().nullable(),
  episodesPerRun: z.number(),
  points: z.array(z.object({ seeds: z.int(), width: z.number() })),
})
export type ExpectedWidth = z.infer<typeof expectedWidth>

export const thresholdRequest = z.object({
  /** Of a pre-training run with a safety critic; its last checkpoint judges, unless one is named. */
  runId: id,
  checkpointId: id.optional(),
})
export type ThresholdRequest = z.input<typeof thresholdRequest>

/** What one threshold would have done in fresh episodes without a mask. */
export const thresholdPoint = z.object({
  epsilonSafe: z.number(),
  /** Share of the actions after which nothing failed within the horizon that it would have refused. */
  falseAlarmRate: z.number(),
  /** Share of the failures within the horizon of which it would have refused an action. */
  failuresForeseen: z.number(),
  /** Median over these failures of the steps from the first such action to the failure, that action counted; null: it foresaw none. */
  stepsAhead: z.number().nullable(),
})
export type ThresholdPoint = z.infer<typeof thresholdPoint>

export const thresholdTable = z.object({
  episodes: z.int(),
  failures: z.int(),
  /** Those among them that the policy did not meet by itself: after a random action in a random place. */
  soughtFailures: z.int(),
  harmlessActions: z.int(),
  /** Steps ahead that the critic looks. */
  horizon: z.int(),
  /** From the strictest on, spaced by magnitude over what the critic says; none where no action was harmless. */
  points: z.array(thresholdPoint),
  /** The strictest thresholds that refuse at most 20 %, 10 % and so on down to 0.1 % of the harmless actions. */
  byRate: z.array(thresholdPoint.extend({ askedRate: z.number() })),
})
export type ThresholdTable = z.infer<typeof thresholdTable>

export const thresholdProgress = z.object({ share: z.number(), table: thresholdTable.nullable() })
export type ThresholdProgress = z.infer<typeof thresholdProgress>
