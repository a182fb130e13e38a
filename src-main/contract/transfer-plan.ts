import { z } from 'zod'
import { id, stepCount } from './numbers.ts'
import { methodName, phase, sweptEntries, task, transferRequest } from './transfer.ts'

/** What is wrong with one entry of a request. */
export const transferProblem = z.object({
  /** Where: such as `['settings', 'sqrl.epsilonSafe']` or `['seeds', 1]`. */
  path: z.array(z.union([z.string(), z.number()])),
  /** To be read beside the field. */
  message: z.string(),
  /** To be read alone. */
  sentence: z.string(),
})
export type TransferProblem = z.infer<typeof transferProblem>

/** A request as a form or a file has it: anything, until the plan says what is wrong with it. */
export const uncheckedRequest = z.record(z.string(), z.unknown())
export type UncheckedRequest = z.infer<typeof uncheckedRequest>

/** One value that differs between two plans. */
export const planDifference = z.object({
  where: z.enum(['request', 'pretrainTask', 'targetTask', 'settings', 'steps']),
  /** A parameter, a dotted setting or an entry of the request. */
  name: z.string(),
  /** Null: in both. */
  phase: phase.nullable(),
  before: z.json(),
  /** `{ each: […] }` where the runs differ in it. */
  after: z.json(),
})
export type PlanDifference = z.infer<typeof planDifference>

/** How one thing of the pre-training fits the target task. */
export const compatibilityFinding = z.object({
  subject: z.string(),
  pretraining: z.string(),
  target: z.string(),
  /** same: nothing to mind. differs: allowed, and what follows is said. refused: it cannot be started. */
  verdict: z.enum(['same', 'differs', 'refused']),
  explanation: z.string(),
})
export type CompatibilityFinding = z.infer<typeof compatibilityFinding>

/** What fine-tuning takes over from pre-training. */
export const carriedPart = z.object({ part: z.string(), carries: z.boolean(), explanation: z.string() })
export type CarriedPart = z.infer<typeof carriedPart>

export const compatibility = z.object({
  method: methodName,
  findings: z.array(compatibilityFinding),
  parts: z.array(carriedPart),
})
export type Compatibility = z.infer<typeof compatibility>

export const plannedRun = z.object({
  method: methodName,
  phase,
  seed: z.int(),
  steps: stepCount,
  /** A run that is there already and is only started from. */
  existingRunId: id.nullable(),
})
export type PlannedRunSummary = z.infer<typeof plannedRun>

/** What holds where a request says nothing, from its preset or from the run that it starts from. */
export const requestDefaults = z.object({
  pretrainTask: z.record(z.string(), z.json()),
  /** What the target takes over from the pre-training task, unless it is changed. */
  targetTask: z.record(z.string(), z.json()),
  settings: z.record(z.string(), z.object({ pretrain: z.json(), finetune: z.json() })),
  pretrainSteps: stepCount,
  finetuneSteps: stepCount,
})
export type RequestDefaults = z.infer<typeof requestDefaults>

/** What several values of some settings make of a transfer. */
export const sweepSummary = z.object({
  /** What varies, in the order of the request. */
  axes: z.array(
    z.object({
      where: z.enum(sweptEntries),
      name: z.string(),
      isDrawn: z.boolean(),
      /** True: pre-training does not depend on it, so all its values start from the same pre-trained run. */
      sharesPretraining: z.boolean(),
      /** In the order of the combinations, each once. */
      values: z.array(z.json()),
    }),
  ),
  combinations: z.int(),
  /** The first hundred: their values in the order of the axes. */
  first: z.array(z.array(z.json())),
})
export type SweepSummary = z.infer<typeof sweepSummary>

export const transferPlan = z.object({
  problems: z.array(transferProblem),
  /** With its defaults; null while something is wrong. */
  request: transferRequest.nullable(),
  runs: z.array(plannedRun),
  /** The tasks of the first combination, as far as they can be settled. */
  tasks: z.object({ pretrain: task.nullable(), finetune: task.nullable() }),
  /** Null where not even environment and preset can be told. */
  defaults: requestDefaults.nullable(),
  /** Null where every setting has one value. */
  sweep: sweepSummary.nullable(),
  /** From what the preset settles (or the run that is started from), phase by phase. */
  differences: z.array(planDifference),
  /** From the parent of a clone. */
  parentDifferences: z.array(planDifference),
  compatibility: z.array(compatibility),
  /** The command that does the same, quoted for a shell. */
  command: z.string().nullable(),
  /** What the new runs will roughly add to the lab. */
  bytes: z.number(),
  freeBytes: z.number(),
})
export type TransferPlan = z.infer<typeof transferPlan>

export const planQuery = z.object({
  request: uncheckedRequest,
  /** The request that this one was cloned from. */
  parent: transferRequest.optional(),
})
export type PlanQuery = z.input<typeof planQuery>
