import { z } from 'zod'
import { id, interval } from './numbers.ts'
import { runState } from './runs.ts'
import { methodName, phase } from './transfer.ts'

/** Where the figures of whole runs are taken: where each run ends, or at the last step that all runs compared have reached. */
export const until = z.enum(['end', 'common'])

const phaseResult = z.object({
  /** Training episodes over all seeds, evaluation apart. */
  episodes: z.int(),
  failures: z.int(),
  /** Failed share of the training episodes, mean over seeds with a 95 % interval. */
  failureRate: interval,
  /** Mean return of the last 100 training episodes, over seeds. */
  finalReturn: interval,
  /** Share of successes among the last 100 training episodes, over seeds. */
  successRate: interval,
  /** Why its runs are not averaged, in sentences: the means are null then. */
  refusals: z.array(z.string()),
})

export const methodResult = phaseResult.extend({
  method: methodName,
  /** Values of what was swept, by the names that comparisons group by; empty without a sweep. */
  swept: z.record(z.string(), z.json()),
  runs: z.array(z.object({ id, seed: z.int(), phase, steps: z.int(), state: runState })),
  pretraining: phaseResult,
})
export type MethodResult = z.infer<typeof methodResult>
export type PhaseResult = z.infer<typeof phaseResult>

/** The result table of an experiment; the figures count fine-tuning only, pre-training stands beside them. */
export const experimentResult = z.object({ experiment: id, methods: z.array(methodResult) })
export type ExperimentResult = z.infer<typeof experimentResult>
