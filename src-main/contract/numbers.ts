import { z } from 'zod'

/** Primary key of a row in the lab's database. */
export const id = z.int().positive()

/** Milliseconds since 1970, UTC. */
export const timestamp = z.int().nonnegative()

export const stepCount = z.int().positive()

export const seed = z
  .int()
  .nonnegative()
  .max(2 ** 31 - 1)

/** A figure over seeds: its mean and a 95 % interval; null where nothing was measured. */
export const interval = z.object({
  mean: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
})
export type Interval = z.infer<typeof interval>

/** Of nothing that was measured. */
export const unknownInterval: Interval = { mean: null, low: null, high: null }
