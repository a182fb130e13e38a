import type { Database } from 'better-sqlite3'
import type { EpisodeMark, NewEpisodeMark } from '../contract/replays.ts'

interface MarkRow {
  id: number
  episode_id: number
  frame: number
  last_frame: number | null
  label: string
}

export type MarkStore = ReturnType<typeof markStore>

export function markStore(db: Database) {
  const columns = 'id, episode_id, frame, last_frame, label'
  const insert = db.prepare<Omit<EpisodeMark, 'id'>, MarkRow>(
    `INSERT INTO episode_marks (episode_id, frame, last_frame, label) VALUES (@episodeId, @frame, @lastFrame, @label) RETURNING ${columns}`,
  )
  const selectOfEpisode = db.prepare<{ episodeId: number }, MarkRow>(
    `SELECT ${columns} FROM episode_marks WHERE episode_id = @episodeId ORDER BY frame, id`,
  )
  const update = db.prepare<{ id: number; label: string }, MarkRow>(
    `UPDATE episode_marks SET label = @label WHERE id = @id RETURNING ${columns}`,
  )
  const remove = db.prepare<{ id: number }>('DELETE FROM episode_marks WHERE id = @id')

  return {
    insert(mark: NewEpisodeMark): EpisodeMark {
      const row = insert.get({ ...mark, lastFrame: mark.lastFrame ?? null })
      if (row === undefined) throw new Error(`A mark of episode ${mark.episodeId} was not inserted.`)
      return rowToMark(row)
    },
    /** By frame. */
    listOfEpisode: (episodeId: number): EpisodeMark[] => selectOfEpisode.all({ episodeId }).map(rowToMark),
    /** Null: there is no such mark. */
    rename(id: number, label: string): EpisodeMark | null {
      const row = update.get({ id, label })
      return row === undefined ? null : rowToMark(row)
    },
    delete: (id: number): boolean => remove.run({ id }).changes > 0,
  }
}

function rowToMark({ id, episode_id, frame, last_frame, label }: MarkRow): EpisodeMark {
  return { id, episodeId: episode_id, frame, lastFrame: last_frame, label }
}
