import { z } from 'zod'
import { id, stepCount, timestamp } from './numbers.ts'
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

/** One word for the user's own order of things: no spaces or commas, so that it can be typed into a filter. */
export const tag = z
  .string()
  .trim()
  .regex(/^[^\s,:]+$/, 'a tag is one word without commas and colons')
  .max(40)

export const note = z.string().max(20_000)

export const run = z.object({
  id,
  experimentId: id,
  /** The pre-training run that a fine-tuning run starts from. */
  pretrainRunId: id.nullable(),
  /** The checkpoint of it that is started from; null: its last one, as soon as it is finished. */
  pretrainCheckpointId: id.nullable(),
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
  /** Policy steps per second to be expected, from the spread of the last minute; only while it trains. */
  pace: z.object({ low: z.number(), high: z.number() }).nullish(),
  /** Seconds of training, over all its workers. */
  trainedSeconds: z.number().nonnegative(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  provenance: provenance.nullable(),
  note,
  tags: z.array(tag),
  /** Set when the run is in the trash, which a watcher hears once; lists leave it out. */
  deletedAt: timestamp.nullable(),
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

/** A zip with the networks as ONNX and for TensorFlow.js. */
export const checkpointDownload = z.object({
  fileName: z.string(),
  bytes: z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
})
export type CheckpointDownload = z.infer<typeof checkpointDownload>

export const runEventKind = z.enum([
  ...runState.options,
  'checkpoint',
  'extended',
  'rewound',
  'thinned',
  'calibrated',
  'deleted',
  'restored',
])
export type RunEventKind = z.infer<typeof runEventKind>

/** What befell a run: a line of its log, written together with the change itself. */
export const runEvent = z.object({
  id,
  at: timestamp,
  /** Policy steps recorded when it happened. */
  step: z.int().nonnegative(),
  kind: runEventKind,
  text: z.string(),
})
export type RunEvent = z.infer<typeof runEvent>

/** What can be done to many runs at once. */
export const runCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pause') }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('extend'), steps: stepCount }),
  z.object({ type: z.literal('tag'), add: z.array(tag).default([]), remove: z.array(tag).default([]) }),
  /** A pre-training run is deleted with the fine-tuning runs that started from it, or refused while there are some. */
  z.object({ type: z.literal('delete'), withFinetuning: z.boolean().default(false) }),
  z.object({ type: z.literal('restore') }),
])
export type RunCommand = z.infer<typeof runCommand>

/** How far a command over many runs is; what is listed is new since the last message. */
export const commandProgress = z.object({
  done: z.int(),
  total: z.int(),
  /** Runs that were changed, also those that were not named themselves. */
  changed: z.array(id),
  refused: z.array(z.object({ id, reason: z.string() })),
})
export type CommandProgress = z.infer<typeof commandProgress>
