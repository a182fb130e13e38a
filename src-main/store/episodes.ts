import type { Database } from 'better-sqlite3'
import { type Episode, episodeKind, outcome } from '../contract/episodes.ts'
import type { EpisodeRecord } from '../training/messages.ts'
import { readStored } from './stored.ts'

export interface EpisodeRow {
  id: number
  run_id: number
  episode_index: number
  kind: string
  step: number
  return: number
  length: number
  outcome: string
  cause: string | null
  final_q_safe: number | null
  warning_lead: number | null
  has_frames: 0 | 1
}

export type EpisodeOutcome = readonly [
  index: number,
  kind: string,
  step: number,
  return_: number,
  outcome: string,
]

export type EpisodeStore = ReturnType<typeof episodeStore>

export const episodeColumns = `episodes.*, EXISTS
  (SELECT 1 FROM episode_frames WHERE episode_id = episodes.id AND replaced_by IS NULL) AS has_frames`

export function episodeStore(db: Database) {
  const insert = db.prepare<Record<string, unknown>>(
    `INSERT INTO episodes (run_id, episode_index, kind, step, return, length, outcome, cause, final_q_safe, warning_lead)
     VALUES (@runId, @index, @kind, @step, @return, @length, @outcome, @cause, @finalQSafe, @warningLead)`,
  )
  const selectOne = db.prepare<{ id: number }, EpisodeRow>(
    `SELECT ${episodeColumns} FROM episodes WHERE id = @id`,
  )
  const selectOfRun = db.prepare<{ runId: number; fromIndex: number; limit: number }, EpisodeRow>(
    `SELECT ${episodeColumns} FROM episodes WHERE run_id = @runId AND episode_index >= @fromIndex
     ORDER BY episode_index LIMIT @limit`,
  )
  const selectOutcomes = db
    .prepare<{ runId: number; fromIndex: number; limit: number }, EpisodeOutcome>(
      `SELECT episode_index, kind, step, return, outcome FROM episodes
       WHERE run_id = @runId AND episode_index >= @fromIndex ORDER BY episode_index LIMIT @limit`,
    )
    .raw()
  const deleteFrom = db.prepare<{ runId: number; index: number }>(
    'DELETE FROM episodes WHERE run_id = @runId AND episode_index >= @index',
  )

  return {
    /** Returns the new row's id. */
    insert(runId: number, episode: EpisodeRecord): number {
      const { frames, replacesFramesOf, ...columns } = episode
      return Number(insert.run({ runId, ...columns }).lastInsertRowid)
    },
    get(id: number): Episode | null {
      const row = selectOne.get({ id })
      return row === undefined ? null : rowToEpisode(row)
    },
    listOfRun: (runId: number, fromIndex: number, limit: number): Episode[] =>
      selectOfRun.all({ runId, fromIndex, limit }).map(rowToEpisode),
    /** The bare counts of many episodes, several times as fast as whole ones. */
    listOutcomes: (runId: number, fromIndex: number, limit: number): EpisodeOutcome[] =>
      selectOutcomes.all({ runId, fromIndex, limit }),
    /** Episodes with an index of at least `index`, frames included. */
    deleteFrom(runId: number, index: number): void {
      deleteFrom.run({ runId, index })
    },
  }
}

export function rowToEpisode(row: EpisodeRow): Episode {
  return {
    id: row.id,
    runId: row.run_id,
    index: row.episode_index,
    kind: readStored(episodeKind, row.kind, `Episode ${row.id}`),
    step: row.step,
    return: row.return,
    length: row.length,
    outcome: readStored(outcome, row.outcome, `Episode ${row.id}`),
    cause: row.cause,
    finalQSafe: row.final_q_safe,
    warningLead: row.warning_lead,
    hasFrames: row.has_frames === 1,
  }
}
