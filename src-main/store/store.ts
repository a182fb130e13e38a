import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { Checkpoint } from '../contract/runs.ts'
import type { CheckpointParts, TrainingBatch } from '../training/messages.ts'
import { archiveRowStore } from './archive-rows.ts'
import { backUp, type CopyOptions } from './backup.ts'
import { checkpointStore } from './checkpoints.ts'
import { frameStore } from './episode-frames.ts'
import { markStore } from './episode-marks.ts'
import { episodeStore } from './episodes.ts'
import { LabError, toLabError } from './errors.ts'
import { evaluationStore } from './evaluations.ts'
import { experimentStore } from './experiments.ts'
import { failureStore } from './failures.ts'
import { keptEpisodeStore } from './kept-episodes.ts'
import { labSettingsStore } from './lab-settings.ts'
import { metricStore } from './metrics.ts'
import { resumeStore } from './resume-data.ts'
import { runEventStore, stateSentences } from './run-events.ts'
import { runStore, type StateChange } from './runs.ts'
import { savedComparisonStore } from './saved-comparisons.ts'
import { sizeStore } from './sizes.ts'
import { draftStore } from './transfer-drafts.ts'
import { trashStore } from './trash.ts'

export type Store = ReturnType<typeof createStore>

/** The tables of an open lab, and the few writes that touch several of them and stand or fall together. */
export function createStore(db: Database, folder: string) {
  const experiments = experimentStore(db)
  const runs = runStore(db)
  const metrics = metricStore(db)
  const evaluations = evaluationStore(db)
  const episodes = episodeStore(db)
  const failures = failureStore(db)
  const frames = frameStore(db)
  const marks = markStore(db)
  const keptEpisodes = keptEpisodeStore(db)
  const checkpoints = checkpointStore(db)
  const resumeData = resumeStore(db)
  const savedComparisons = savedComparisonStore(db)
  const sizes = sizeStore(db)
  const events = runEventStore(db)
  const trash = trashStore(db)
  const labSettings = labSettingsStore(db)
  const drafts = draftStore(db)
  const archiveRows = archiveRowStore(db)

  const transaction = <T>(work: () => T): T => {
    try {
      return db.transaction(work).immediate()
    } catch (error) {
      throw toLabError(error, folder)
    }
  }

  const writeBatch = (runId: number, batch: TrainingBatch): void => {
    runs.addProgress(runId, batch)
    metrics.insert(runId, batch.metrics)
    evaluations.insert(runId, batch.evaluations)
    for (const episode of batch.episodes) {
      const id = episodes.insert(runId, episode)
      if (episode.frames !== null) frames.insert(id, episode.frames)
      if (episode.replacesFramesOf !== null) frames.hide(runId, episode.replacesFramesOf, episode.index)
    }
  }

  const deleteAll = (runId: number): void => {
    metrics.deleteAfter(runId, -1)
    evaluations.deleteAfter(runId, -1)
    episodes.deleteFrom(runId, 0)
    checkpoints.deleteAfter(runId, -1)
    runs.resetProgress(runId, { step: 0, environmentSteps: 0, recentReturn: null, trainedSeconds: 0 })
  }

  return {
    folder,
    labSettings,
    experiments,
    runs,
    metrics,
    evaluations,
    episodes,
    failures,
    frames,
    marks,
    keptEpisodes,
    checkpoints,
    resumeData,
    savedComparisons,
    sizes,
    events,
    trash,
    drafts,
    archiveRows,
    /** Several writes as one; all others are transactions of their own. */
    transaction,
    /** A state and the line of the log that tells of it. */
    changeState: (runId: number, change: StateChange, text?: string): void =>
      transaction(() => {
        const { state, error, at } = change
        runs.updateState(runId, change)
        events.insert(runId, { kind: state, text: text ?? error ?? stateSentences[state], at })
      }),
    applyBatch: (runId: number, batch: TrainingBatch): void => transaction(() => writeBatch(runId, batch)),

    /** The batch, the networks and, in place of the last checkpoint's, the replay buffers. */
    applyCheckpoint: (runId: number, batch: TrainingBatch, parts: CheckpointParts): Checkpoint =>
      transaction(() => {
        const episodeIndex = episodeIndexOf(parts)
        writeBatch(runId, batch)
        const { id } = checkpoints.insert(runId, {
          step: parts.step,
          episodeIndex,
          environmentSteps: batch.environmentSteps,
          recentReturn: batch.recentReturn,
          networks: parts.networks,
          createdAt: Date.now(),
        })
        resumeData.replace(runId, id, parts.resume)
        frames.deleteHidden(runId, episodeIndex)
        events.insert(runId, { kind: 'checkpoint', text: 'A checkpoint was written.', at: Date.now() })
        const checkpoint = checkpoints.get(id)
        if (checkpoint === null) throw new Error(`Checkpoint ${id} vanished while it was written.`)
        return checkpoint
      }),

    /**
     * Forgets what a run recorded after its checkpoint at `step`, so that going on from there records it anew. Step 0 without
     * a checkpoint is the run's beginning.
     */
    rewindTo: (runId: number, step: number): void =>
      transaction(() => {
        const checkpoint = checkpoints.getProgress(runId, step)
        if (checkpoint === null) {
          if (step === 0) return deleteAll(runId)
          throw new LabError('NOT_FOUND', `Run ${runId} has no checkpoint at step ${step}.`)
        }
        const { id, episodeIndex, ...progress } = checkpoint
        metrics.deleteAfter(runId, step)
        evaluations.deleteAfter(runId, step)
        episodes.deleteFrom(runId, episodeIndex)
        frames.unhide(runId, episodeIndex)
        checkpoints.deleteAfter(runId, step)
        runs.resetProgress(runId, progress)
      }),

    sqliteVersion: (): string => db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? 'unknown',

    /** Returns the bytes of the backup. */
    backUp: (file: string, options?: CopyOptions): Promise<number> => backUp(db, file, options),

    /** Gives `bytes` of unused space back to the disk, at least a page; returns how many are left. */
    compact(bytes: number): number {
      const pageSize = Number(db.pragma('page_size', { simple: true }))
      transaction(() => db.pragma(`incremental_vacuum(${Math.max(1, Math.ceil(bytes / pageSize))})`))
      return Number(db.pragma('freelist_count', { simple: true })) * pageSize
    },

    close(): void {
      if (!db.open) return
      try {
        db.pragma('incremental_vacuum')
      } finally {
        db.close()
      }
    },
  }
}

const counters = z.object({ episodeIndex: z.int().nonnegative() })

function episodeIndexOf(parts: CheckpointParts): number {
  const parsed = counters.safeParse(parts.networks.values)
  if (parsed.success) return parsed.data.episodeIndex
  throw new LabError(
    'INVALID',
    `The checkpoint at step ${parts.step} does not say how many episodes came before it.`,
  )
}
