import { z } from 'zod'
import { episodeKind, evaluationEpisode, outcome } from '../../contract/episodes.ts'
import { id, timestamp } from '../../contract/numbers.ts'
import { note, provenance, runEventKind, tag } from '../../contract/runs.ts'
import { runSpecification, transferRequest } from '../../contract/transfer.ts'

/**
 * An experiment as one file: a zip with, in this order,
 *
 *     runs.jsonl                    a run per line, with its notes, tags and log
 *     runs/KEY/metrics.jsonl        a metric per line: all its steps and values
 *     runs/KEY/episodes.jsonl       an episode per line, with its marks
 *     runs/KEY/frames.pack          the recorded frames of episodes, by their index
 *     runs/KEY/checkpoints.jsonl    a checkpoint per line
 *     runs/KEY/checkpoints.pack     their networks, by their step
 *     manifest.json                 format, experiment, and of each other entry its size and SHA-256
 *
 * KEY numbers the runs inside the archive. Replay buffers are left out: they are large, and only needed to go on training.
 */
export const archiveExtension = '.sqrlx'
export const formatName = 'sqrl-lab-experiment'
export const formatVersion = 1

/** An archive comes from somebody else: what goes beyond these is refused before it is unpacked. */
export const limits = {
  entries: 10_000,
  /** Unpacked, all entries together. */
  bytes: 64 * 2 ** 30,
  /** Unpacked bytes for each packed one, of entries larger than a mebibyte. */
  ratio: 100,
  ratioFreeBytes: 2 ** 20,
  manifestBytes: 16 * 2 ** 20,
  lineBytes: 64 * 2 ** 20,
  recordBytes: 256 * 2 ** 20,
}

export const runFileNames = [
  'metrics.jsonl',
  'episodes.jsonl',
  'frames.pack',
  'checkpoints.jsonl',
  'checkpoints.pack',
] as const
export type RunFileName = (typeof runFileNames)[number]

export const runEntryName = (key: number, file: RunFileName): string => `runs/${key}/${file}`

const count = z.int().nonnegative()

export const manifestHead = z.object({ format: z.literal(formatName), version: z.int().positive() })

export const manifest = manifestHead.extend({
  application: z.string().max(200),
  exportedAt: timestamp,
  experiment: z.object({
    name: z.string().min(1).max(200),
    createdAt: timestamp,
    request: transferRequest,
    note,
  }),
  entries: z
    .array(z.object({ name: z.string().max(200), bytes: count, sha256: z.string().regex(/^[\da-f]{64}$/) }))
    .max(limits.entries),
})
export type Manifest = z.infer<typeof manifest>

export const archivedRun = z.object({
  key: id,
  pretrainKey: id.nullable(),
  /** Step of the checkpoint that a fine-tuning run started from. */
  pretrainStep: count.nullable(),
  specification: runSpecification,
  state: z.enum(['queued', 'paused', 'stopped', 'interrupted', 'finished', 'failed']),
  error: z.string().nullable(),
  step: count,
  environmentSteps: count,
  episodes: count,
  failures: count,
  successes: count,
  recentReturn: z.number().nullable(),
  trainedSeconds: z.number().nonnegative(),
  createdAt: timestamp,
  startedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  provenance: provenance.nullable(),
  note,
  tags: z.array(tag).max(50),
  /** Archives of before there were any have none. */
  evaluations: z.array(evaluationEpisode).max(1_000_000).default([]),
  events: z.array(z.object({ at: timestamp, step: count, kind: runEventKind, text: z.string().max(10_000) })),
})
export type ArchivedRun = z.infer<typeof archivedRun>

export const archivedMetric = z
  .object({ name: z.string().min(1).max(200), steps: z.array(count), values: z.array(z.number()) })
  .refine(({ steps, values }) => steps.length === values.length, 'steps and values differ in number')
export type ArchivedMetric = z.infer<typeof archivedMetric>

export const archivedEpisode = z.object({
  index: count,
  kind: episodeKind,
  step: count,
  return: z.number(),
  length: z.int().positive(),
  outcome,
  cause: z.string().max(1000).nullable(),
  finalQSafe: z.number().nullable(),
  warningLead: count.nullable(),
  marks: z.array(
    z.object({ frame: count, lastFrame: count.nullable().default(null), label: z.string().max(1000) }),
  ),
})
export type ArchivedEpisode = z.infer<typeof archivedEpisode>

export const archivedCheckpoint = z.object({
  step: count,
  episodeIndex: count,
  environmentSteps: count,
  recentReturn: z.number().nullable(),
  trainedSeconds: z.number().nonnegative(),
  createdAt: timestamp,
})
export type ArchivedCheckpoint = z.infer<typeof archivedCheckpoint>
