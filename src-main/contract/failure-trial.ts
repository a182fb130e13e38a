import { z } from 'zod'
import { task } from './transfer.ts'

export const failureTrialRequest = z.object({ task, episodes: z.int().min(1).max(500).default(40) })
export type FailureTrialRequest = z.input<typeof failureTrialRequest>

/** How episodes of one kind ended. */
const trialOutcome = z.object({
  actions: z.enum(['random', 'still']),
  episodes: z.int(),
  failures: z.int(),
  successes: z.int(),
  timeouts: z.int(),
  /** Of the failures, the most frequent first. */
  causes: z.array(z.object({ cause: z.string(), count: z.int() })),
  /** Steps before a failure, in the median; null without one. */
  failureAfter: z.number().nullable(),
})
export type TrialOutcome = z.infer<typeof trialOutcome>

/** What a task calls a failure, seen in a sample of episodes that nobody has learnt anything from. */
export const failureTrial = z.object({
  outcomes: z.array(trialOutcome),
  /** What came out, and what is odd about it. */
  sentences: z.array(z.string()),
  /** Whether the sample suggests that failure does not mean what it should. */
  isOdd: z.boolean(),
})
export type FailureTrial = z.infer<typeof failureTrial>
