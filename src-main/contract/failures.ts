import { z } from 'zod'
import { episode, episodeKind } from './episodes.ts'
import { id, seed } from './numbers.ts'
import { methodName, phase } from './transfer.ts'

export const failure = episode.extend({ phase, method: z.string(), seed: z.int() })
export type Failure = z.infer<typeof failure>

const count = z.int().nonnegative()
const share = z.number().min(0).max(1)

/** Which failures are meant; bounds are included, and what is left out does not matter. */
export const failureScope = z.object({
  runId: id.optional(),
  experimentId: id.optional(),
  /** Any of these causes, word for word; the empty text: none was recorded. */
  causes: z.array(z.string()).max(500).optional(),
  /** Part of the cause, in capitals or not. */
  text: z.string().trim().min(1).max(200).optional(),
  fromStep: count.optional(),
  toStep: count.optional(),
  /** In frames; failures of methods without a safety critic have none and are left out by any bound. */
  fromWarningLead: count.optional(),
  toWarningLead: count.optional(),
  /** Of the last action; likewise. */
  fromQSafe: share.optional(),
  toQSafe: share.optional(),
  method: methodName.optional(),
  phase: phase.optional(),
  seed: seed.optional(),
  kind: episodeKind.optional(),
})
export type FailureScope = z.infer<typeof failureScope>

/** run: by run, then as they happened. What is not known stands last, either way round. */
export const failureSort = z.enum(['run', 'step', 'cause', 'length', 'return', 'finalQSafe', 'warningLead'])
export type FailureSort = z.infer<typeof failureSort>

/** Which failures and in which order. */
export const failureOrder = failureScope.extend({
  sort: failureSort.default('run'),
  descending: z.boolean().default(false),
})
export type FailureOrder = z.infer<typeof failureOrder>

export const failureFilter = failureOrder.extend({
  limit: z.int().positive().max(10_000).default(1000),
  offset: z.int().nonnegative().default(0),
})
export type FailureFilter = z.infer<typeof failureFilter>

/** How often each value comes, the most frequent first. */
const tally = z.array(z.object({ value: z.string(), count }))
export type Tally = z.infer<typeof tally>

/** Counts in equal bins from `low` to `high`; null: there is nothing to count. */
export const distribution = z.object({ low: z.number(), high: z.number(), counts: z.array(count) }).nullable()
export type Distribution = z.infer<typeof distribution>

/**
 * What the failures of a scope are like. Each tally and distribution counts those that all other conditions of the scope let through, so that it
 * shows what a change of its own condition would bring.
 */
export const failureSummary = z.object({
  total: count,
  /** Runs they happened in. */
  runs: count,
  /** Those of methods with a safety critic, and how many of these it did not warn of: Q_safe of the last action was not above the threshold. */
  judged: count,
  withoutWarning: count,
  causes: tally,
  methods: tally,
  phases: tally,
  kinds: tally,
  steps: distribution,
  warningLeads: distribution,
  finalQSafe: distribution,
})
export type FailureSummary = z.infer<typeof failureSummary>

/** Where a failure stands in an order; null: it is not among those. */
export const failureNeighbours = z
  .object({ position: count, total: count, previousId: id.nullable(), nextId: id.nullable() })
  .nullable()
export type FailureNeighbours = z.infer<typeof failureNeighbours>

/**
 * Ways of the main body as seen from above. Packed: `offsets` (ids + 1, in points; the i-th way is from offsets[i] to offsets[i + 1], empty where no
 * frames were kept) and `points` (x, y of each).
 */
export const failurePaths = z.object({
  arrays: z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
})
export type FailurePaths = z.infer<typeof failurePaths>
