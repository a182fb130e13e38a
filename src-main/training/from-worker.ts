import { z } from 'zod'
import { episode, evaluationEpisode } from '../contract/episodes.ts'
import { provenance } from '../contract/runs.ts'
import type { FromWorker } from './messages.ts'

/** Any number, NaN and the infinities included: a loss that has run away is no broken message. */
const measurement = z.custom<number>((value) => typeof value === 'number')
const count = z.int().nonnegative()

const arrayBundle = z.object({
  values: z.record(z.string(), z.unknown()),
  arrays: z.record(
    z.string(),
    z.union([
      z.instanceof(Float32Array),
      z.instanceof(Float64Array),
      z.instanceof(Int32Array),
      z.instanceof(Uint32Array),
      z.instanceof(Uint8Array),
    ]),
  ),
})

export const recordedFrames = z.object({
  stateEvery: z.int().positive(),
  keptStates: z.instanceof(Float64Array),
  actions: z.instanceof(Float32Array),
  rewards: z.instanceof(Float64Array),
  qSafe: z.instanceof(Float32Array),
  candidates: z.instanceof(Float32Array),
  candidateQSafe: z.instanceof(Float32Array),
  chosen: z.instanceof(Int32Array),
})

const trainingBatch = z.object({
  step: count,
  environmentSteps: count,
  // Steps over no time at all: nothing was measured.
  stepsPerSecond: z.number().nonnegative().catch(0),
  trainedSeconds: z.number().nonnegative(),
  recentReturn: z.number().nullable(),
  metrics: z.array(z.object({ step: count, values: z.record(z.string(), measurement) })),
  episodes: z.array(
    episode
      .omit({ id: true, runId: true, hasFrames: true })
      .extend({ frames: recordedFrames.nullable(), replacesFramesOf: count.nullable() }),
  ),
  evaluations: z.array(evaluationEpisode),
})

const fromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), provenance }),
  z.object({
    type: z.literal('calibrated'),
    threshold: z.object({
      epsilonSafe: z.number().min(0).max(1),
      episodes: count,
      harmlessActions: count,
      failures: count,
      failuresForeseen: z.number().min(0).max(1),
    }),
  }),
  z.object({ type: z.literal('batch'), batch: trainingBatch }),
  z.object({
    type: z.literal('checkpoint'),
    batch: trainingBatch,
    checkpoint: z.object({ step: count, networks: arrayBundle, resume: arrayBundle }),
  }),
  z.object({ type: z.literal('finished') }),
  z.object({ type: z.literal('stopped') }),
  z.object({ type: z.literal('failed'), message: z.string(), detail: z.string() }),
])

/** A worker may run on another machine and another version: what it says is checked before it is written. */
export function parseFromWorker(message: unknown): FromWorker {
  const parsed = fromWorker.safeParse(message)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new TypeError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown message'}`)
}
