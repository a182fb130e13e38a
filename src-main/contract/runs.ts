import { z } from 'zod'
import { id, timestamp } from './numbers.ts'
import { runSpecification } from './transfer.ts'

/**
 * queued: waits for a slot or for its pre-training run. running: a worker trains it. pausing, stopping: the worker writes a checkpoint and then leaves.
 * paused: by the user, goes on when resumed. stopped: by the user for good (it can still be resumed). interrupted: the lab or the worker died; resumable.
 * finished: all steps done. failed: the training itself gave up; `error` says why.
 */
export const runState = z.enum([
  'queued',
  'running',
  'pausing',
  'paused',
  'stopping',
  'stopped',
  'interrupted',
  'finished',
  'failed',
])
export type RunState = z.infer<typeof runState>

/** What the machine and the software were when the run was trained. */
export const provenance = z.object({
  application: z.string(),
  gitCommit: z.string().nullable(),
  engine: z.string(),
  threads: z.int(),
  cpu: z.string(),
  platform: z.string(),
  packages: z.record(z.string(), z.string()),
})
export type Provenance = z.infer<typeof provenance>

export const run = z.object({
  id,
  experimentId: id,
  /** The pre-training run that a fine-tuning run starts from. */
  pretrainRunId: id.nullable(),
  specification: runSpecification,
  state: runState,
  error: z.string().nullable(),
  /** Policy steps recorded so far. */
  step: z.int().nonnegative(),
  /** All environment steps so far, the safety critic's extra rollouts included. */
  environmentSteps: z.int().nonnegative(),
  /** Training episodes (policy steps and extra rollouts) that have ended, and how. */
  episodes: z.int().nonnegative(),
  failures: z.int().nonnegative(),
  successes: z.int().nonnegative(),
  /** Mean return of the last 100 policy episodes; null before the first. */
  recentReturn: z.number().nullable(),
  stepsPerSecond: z.number().nullable(),
  /** Seconds of training, over all its workers. */
  trainedSeconds: z.number().nonnegative(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  provenance: provenance.nullable(),
})
export type Run = z.infer<typeof run>

export const checkpoint = z.object({
  id,
  runId: id,
  step: z.int().nonnegative(),
  createdAt: timestamp,
  bytes: z.int().nonnegative(),
  /** True while the replay buffers of this checkpoint are kept, so that the run continues exactly from here. */
  resumable: z.boolean(),
})
export type Checkpoint = z.infer<typeof checkpoint>
