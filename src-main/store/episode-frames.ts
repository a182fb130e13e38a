import type { Database } from 'better-sqlite3'
import type { RecordedFrames } from '../contract/episodes.ts'
import { recordedFrames } from '../training/from-worker.ts'
import type { ArrayBundle } from '../training/messages.ts'
import { decodeArrays, encodeArrays } from './array-codec.ts'

interface FramesRow {
  data: Buffer
}

/** Candidates are drawn as arrows and never acted on, so they are kept in steps of 1/32767 of the range of an action, at half the size. */
const STEPS = 32_767
const toSteps = (actions: Float32Array) => Int16Array.from(actions, (action) => Math.round(action * STEPS))
const fromSteps = (steps: Int16Array) => Float32Array.from(steps, (step) => step / STEPS)

export function encodeFrames({ stateEvery, keptStates, candidates, ...rest }: RecordedFrames): Buffer {
  const arrays = { ...rest, states: keptStates, candidates: toSteps(candidates) }
  return encodeArrays({ values: { stateEvery }, arrays })
}

/** @throws z.ZodError where the bundle holds something else than frames. */
export function parseFrames({ values, arrays }: ArrayBundle): RecordedFrames {
  const { states, candidates, ...rest } = arrays
  return recordedFrames.parse({
    ...rest,
    stateEvery: values.stateEvery ?? 1,
    keptStates: states,
    candidates: candidates instanceof Int16Array ? fromSteps(candidates) : candidates,
  })
}

export type FrameStore = ReturnType<typeof frameStore>

/**
 * Frames that leave the reservoir are hidden first and deleted with the next checkpoint: a run that goes back to
 * a checkpoint takes back the replacements made since.
 */
export function frameStore(db: Database) {
  const insert = db.prepare<{ episodeId: number; bytes: number; data: Buffer }>(
    'INSERT INTO episode_frames (episode_id, bytes, data) VALUES (@episodeId, @bytes, @data)',
  )
  const select = db.prepare<{ episodeId: number }, FramesRow>(
    'SELECT data FROM episode_frames WHERE episode_id = @episodeId AND replaced_by IS NULL',
  )
  const ofRun = 'episode_id IN (SELECT id FROM episodes WHERE run_id = @runId'
  const hide = db.prepare<{ runId: number; index: number; by: number }>(
    `UPDATE episode_frames SET replaced_by = @by WHERE ${ofRun} AND episode_index = @index)`,
  )
  const unhide = db.prepare<{ runId: number; from: number }>(
    `UPDATE episode_frames SET replaced_by = NULL WHERE replaced_by >= @from AND ${ofRun})`,
  )
  const deleteHidden = db.prepare<{ runId: number; before: number }>(
    `DELETE FROM episode_frames WHERE replaced_by < @before AND ${ofRun})`,
  )

  return {
    insert(episodeId: number, frames: RecordedFrames): void {
      const data = encodeFrames(frames)
      insert.run({ episodeId, bytes: data.byteLength, data })
    },
    get(episodeId: number): RecordedFrames | null {
      const row = select.get({ episodeId })
      if (row === undefined) return null
      return parseFrames(decodeArrays(row.data, `episode ${episodeId}`))
    },
    /** The episode with index `index` gives its place to the one with index `by`. */
    hide(runId: number, index: number, by: number): void {
      hide.run({ runId, index, by })
    },
    /** Takes back replacements by episodes with an index of at least `from`. */
    unhide(runId: number, from: number): void {
      unhide.run({ runId, from })
    },
    deleteHidden(runId: number, before: number): void {
      deleteHidden.run({ runId, before })
    },
  }
}
