import type { Database } from 'better-sqlite3'
import type { EpisodeFrames } from '../contract/episodes.ts'
import { episodeFrames } from '../training/from-worker.ts'
import { decodeArrays, encodeArrays } from './array-codec.ts'

interface FramesRow {
  data: Buffer
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
    insert(episodeId: number, frames: EpisodeFrames): void {
      const data = encodeArrays({ values: {}, arrays: { ...frames } })
      insert.run({ episodeId, bytes: data.byteLength, data })
    },
    get(episodeId: number): EpisodeFrames | null {
      const row = select.get({ episodeId })
      return row === undefined
        ? null
        : episodeFrames.parse(decodeArrays(row.data, `episode ${episodeId}`).arrays)
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
