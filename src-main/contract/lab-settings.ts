import { z } from 'zod'
import { id } from './numbers.ts'
import { reproductionQuery } from './reproductions.ts'

/** Which checkpoints of a run are kept. */
export const checkpointRule = z.discriminatedUnion('keep', [
  z.object({ keep: z.literal('all') }),
  /** The last ones, and of those before them every n-th, counted from the first. */
  z.object({
    keep: z.literal('some'),
    last: z.int().min(1).max(1000),
    every: z.int().min(1).max(1000),
  }),
])
export type CheckpointRule = z.infer<typeof checkpointRule>

export const thinningRequest = z.object({
  rule: checkpointRule,
  /** Left out: all runs. */
  runIds: z.array(id).max(10_000).optional(),
  /** True: says what would go, and deletes nothing. */
  isTrial: z.boolean(),
})
export type ThinningRequest = z.infer<typeof thinningRequest>

/** What thinning out deletes, or would. */
export const thinning = z.object({
  /** Runs that lose checkpoints. */
  runs: z.int(),
  checkpoints: z.int(),
  bytes: z.number(),
  /** Checkpoints that the rule would drop and that something still needs. */
  needed: z.int(),
  /** Runs that have not finished; theirs are left alone. */
  unfinished: z.int(),
})
export type Thinning = z.infer<typeof thinning>

/** What is chosen for a lab as a whole and holds until it is changed. */
export const labSettings = z.object({
  /** How many runs train at once; null: as many as the machine has cores. */
  slots: z.int().min(1).max(256).nullable().catch(null),
  /** Applied to each run as it finishes. */
  finishedCheckpoints: checkpointRule.catch({ keep: 'all' }),
  /** What the lab trains run after run whenever it is open. */
  followedReproductions: z.array(reproductionQuery).catch([]),
})
export type LabSettings = z.infer<typeof labSettings>
