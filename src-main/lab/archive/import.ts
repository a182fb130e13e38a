import { setImmediate as nextTurn } from 'node:timers/promises'
import type { z } from 'zod'
import { decodeArrays } from '../../store/array-codec.ts'
import { parseFrames } from '../../store/episode-frames.ts'
import type { Staging } from '../../store/staging.ts'
import {
  type ArchivedRun,
  archivedCheckpoint,
  archivedEpisode,
  archivedMetric,
  type RunFileName,
  runEntryName,
} from './format.ts'
import { type OpenArchive, parseLine } from './read.ts'
import { damaged, readLines, readPack } from './records.ts'

export interface StageOptions {
  onProgress: (share: number) => void
  /** Throws where the import is cancelled. */
  check: () => void
}

/** Reads the whole archive, checks every part of it and puts it into the staging. */
export async function stageArchive(
  archive: OpenArchive,
  staging: Staging,
  options: StageOptions,
): Promise<void> {
  let done = 0
  const read = async function* (name: string): AsyncGenerator<Buffer> {
    for await (const chunk of archive.read(name)) {
      yield chunk
      done += chunk.byteLength
      options.check()
      options.onProgress(done / Math.max(1, archive.bytes))
      await nextTurn()
    }
  }
  for (const run of archive.runs) {
    stageRun(run, staging)
    await stageFiles(run.key, staging, read)
  }
  if (staging.checkpointsWithoutNetworks() > 0) throw damaged('checkpoints.pack', 'has not all networks')
}

function stageRun(run: ArchivedRun, staging: Staging): void {
  // Without its replay buffers a run cannot go on where it was, and nothing is to train by itself after an import.
  const isOver = run.state === 'finished' || run.state === 'failed'
  staging.insert('runs', {
    key: run.key,
    pretrain_key: run.pretrainKey,
    pretrain_step: run.pretrainStep,
    specification: JSON.stringify(run.specification),
    state: isOver ? run.state : 'stopped',
    error: run.error,
    step: run.step,
    environment_steps: run.environmentSteps,
    episodes: run.episodes,
    failures: run.failures,
    successes: run.successes,
    recent_return: run.recentReturn,
    trained_seconds: run.trainedSeconds,
    created_at: run.createdAt,
    started_at: run.startedAt,
    ended_at: run.endedAt,
    provenance: run.provenance === null ? null : JSON.stringify(run.provenance),
    note: run.note,
    tags: JSON.stringify(run.tags),
  })
  for (const event of run.events) staging.insert('events', { key: run.key, ...event })
  for (const { finalQSafe, ...episode } of run.evaluations) {
    try {
      staging.insert('evaluations', { key: run.key, ...episode, final_q_safe: finalQSafe })
    } catch (cause) {
      throw damaged('runs.jsonl', 'has an evaluation twice', cause)
    }
  }
}

async function stageFiles(
  key: number,
  staging: Staging,
  read: (name: string) => AsyncGenerator<Buffer>,
): Promise<void> {
  const name = (file: RunFileName) => runEntryName(key, file)
  const lines = async function* <T>(file: RunFileName, schema: z.ZodType<T>): AsyncGenerator<T> {
    for await (const line of readLines(read(name(file)), name(file)))
      yield parseLine(schema, line, name(file))
  }
  const insert = (file: RunFileName, table: string, row: Parameters<Staging['insert']>[1]) => {
    try {
      staging.insert(table, { key, ...row })
    } catch (cause) {
      // The keys of the staged tables: a step, an episode or a checkpoint that is there twice.
      throw damaged(name(file), 'has something twice', cause)
    }
  }

  for await (const { name: metric, steps, values } of lines('metrics.jsonl', archivedMetric))
    for (const [place, step] of steps.entries())
      insert('metrics.jsonl', 'metrics', { name: metric, step, value: values[place] ?? 0 })

  for await (const { marks, index, finalQSafe, warningLead, ...episode } of lines(
    'episodes.jsonl',
    archivedEpisode,
  )) {
    insert('episodes.jsonl', 'episodes', {
      ...episode,
      episode_index: index,
      final_q_safe: finalQSafe,
      warning_lead: warningLead,
    })
    for (const { lastFrame, ...mark } of marks)
      insert('episodes.jsonl', 'marks', { ...mark, last_frame: lastFrame, episode_index: index })
  }

  for await (const { key: index, data } of readPack(read(name('frames.pack')), name('frames.pack'))) {
    if (!staging.hasEpisode(key, index))
      throw damaged(name('frames.pack'), `has frames of no episode (${index})`)
    const bundle = unpack(data, name('frames.pack'))
    try {
      parseFrames(bundle)
    } catch {
      throw damaged(name('frames.pack'), 'holds something else than frames')
    }
    insert('frames.pack', 'frames', { episode_index: index, data })
  }

  for await (const checkpoint of lines('checkpoints.jsonl', archivedCheckpoint))
    insert('checkpoints.jsonl', 'checkpoints', {
      step: checkpoint.step,
      episode_index: checkpoint.episodeIndex,
      environment_steps: checkpoint.environmentSteps,
      recent_return: checkpoint.recentReturn,
      trained_seconds: checkpoint.trainedSeconds,
      created_at: checkpoint.createdAt,
    })

  for await (const { key: step, data } of readPack(
    read(name('checkpoints.pack')),
    name('checkpoints.pack'),
  )) {
    unpack(data, name('checkpoints.pack'))
    if (staging.setNetworks(key, step, data) !== 1)
      throw damaged(name('checkpoints.pack'), `has networks of no checkpoint (${step})`)
  }
}

function unpack(data: Buffer, name: string) {
  try {
    return decodeArrays(data, name)
  } catch (cause) {
    throw damaged(name, 'holds arrays that do not read back', cause)
  }
}
