import { z } from 'zod'
import { id, interval } from './numbers.ts'
import { environmentName, methodName, phase } from './transfer.ts'

/** Which of the paper's figures, from which runs. */
export const reproductionQuery = z.object({
  /** A figure's name, or all. */
  figure: z.string().max(40).default('all'),
  /** Environments, each for all of its target tasks, or single target tasks. */
  environments: z.array(z.string().max(80)).min(1).max(30).default(['drunk-spider']),
  methods: z
    .array(methodName)
    .min(1)
    .default([...methodName.options]),
  /** Runs of each method, with the seeds from 0 on. */
  seeds: z.int().min(1).max(100).default(5),
  /** `paper`, or a share of the lengths of the preset `study`. */
  budget: z.union([z.literal('paper'), z.number().positive().max(100)]).default(1),
})
export type ReproductionQuery = z.output<typeof reproductionQuery>

/** What can be asked for, and how verdicts come about. */
export const reproductionChoice = z.object({
  figures: z.array(z.object({ name: z.string(), title: z.string() })),
  targets: z.array(z.object({ name: z.string(), label: z.string(), environment: environmentName })),
  rules: z.array(z.string()),
})
export type ReproductionChoice = z.infer<typeof reproductionChoice>

export const verdict = z.enum(['reproduced', 'partly', 'not reproduced', 'not enough runs'])
export const checkOutcome = z.enum(['holds', 'unclear', 'contradicted', 'too few seeds'])

/** One figure on one target task: the paper's claim in our words, our numbers, and what they make of it. */
export const reproductionFinding = z.object({
  figure: z.string(),
  title: z.string(),
  target: z.string(),
  phase,
  claim: z.string(),
  verdict,
  /** Why it is this verdict, in a sentence. */
  why: z.string(),
  checks: z.array(
    z.object({
      sentence: z.string(),
      measured: interval,
      /** Of a share, which is read in hundredths; null: of its own, as returns are. */
      unit: z.enum(['%', 'percentage points']).nullable(),
      seeds: z.int(),
      outcome: checkOutcome,
    }),
  ),
  /** What lines or points of the figure are. */
  arms: z.array(
    z.object({
      label: z.string(),
      method: methodName,
      /** Finished runs that are taken, and how many it takes. */
      runIds: z.array(id),
      needed: z.int(),
      episodes: z.int(),
      failures: z.int(),
      failureRate: interval,
      finalReturn: interval,
      successRate: interval,
    }),
  ),
  /** The figure as an SVG file whose colours are custom properties; null where nothing is there to be drawn. */
  svg: z.string().nullable(),
})
export type ReproductionFinding = z.infer<typeof reproductionFinding>
export type ReproductionVerdict = z.infer<typeof verdict>

export const reproductionProgress = z.object({
  done: z.int(),
  total: z.int(),
  finding: reproductionFinding,
})
export type ReproductionProgress = z.infer<typeof reproductionProgress>

/** Which runs are there, and what it takes to train the rest. */
export const reproductionStanding = z.object({
  needed: z.int(),
  finished: z.int(),
  /** Needed runs, and those that they start from, which are in the lab and not finished. */
  unfinishedIds: z.array(id),
  /** Runs that are not in the lab at all, with the pre-trainings that they start from. */
  missing: z.array(z.object({ what: z.string(), method: methodName, phase, count: z.int() })),
  /** As if nothing else trained; null where runs like these have never been trained here. */
  secondsLeft: z.object({ low: z.number(), high: z.number() }).nullable(),
  slots: z.int(),
  bytes: z.number(),
  freeBytes: z.number(),
  /** The lab starts by itself what has to wait for its pre-training. */
  isGoingOn: z.boolean(),
  /** Why the lab could not start the rest. */
  problem: z.string().nullable(),
})
export type ReproductionStanding = z.infer<typeof reproductionStanding>
