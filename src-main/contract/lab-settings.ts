import { z } from 'zod'

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

/** What is chosen for a lab as a whole and holds until it is changed. */
export const labSettings = z.object({
  /** How many runs train at once; null: as many as the machine has cores. */
  slots: z.int().min(1).max(256).nullable().catch(null),
  /** Applied to each run as it finishes. */
  finishedCheckpoints: checkpointRule.catch({ keep: 'all' }),
})
export type LabSettings = z.infer<typeof labSettings>
