import type { Database } from 'better-sqlite3'
import type { KeptEpisode } from '../contract/episode-references.ts'

export type KeptEpisodeStore = ReturnType<typeof keptEpisodeStore>

export function keptEpisodeStore(db: Database) {
  const insert = db.prepare<Record<string, unknown>, { id: number }>(
    `INSERT INTO kept_episodes (created_at, name, sha256, bytes, data)
     VALUES (@createdAt, @name, @sha256, @bytes, @data) RETURNING id`,
  )
  const selectIdBySum = db
    .prepare<{ sha256: string }, number>('SELECT id FROM kept_episodes WHERE sha256 = @sha256')
    .pluck()
  const selectAll = db.prepare<[], KeptEpisode>(
    'SELECT id, created_at AS createdAt, name FROM kept_episodes ORDER BY id',
  )
  const selectData = db
    .prepare<{ id: number }, Buffer>('SELECT data FROM kept_episodes WHERE id = @id')
    .pluck()
  const deleteOne = db.prepare<{ id: number }>('DELETE FROM kept_episodes WHERE id = @id')

  return {
    /** Returns the id of the one with these bytes, which may have been there already. */
    insert(name: string, sha256: string, data: Uint8Array, createdAt: number): number {
      const known = selectIdBySum.get({ sha256 })
      if (known !== undefined) return known
      const row = insert.get({ createdAt, name, sha256, bytes: data.byteLength, data })
      if (row === undefined) throw new Error(`The episode ${name} was not inserted.`)
      return row.id
    },
    list: (): KeptEpisode[] => selectAll.all(),
    /** The bytes of the file it came in. */
    getData: (id: number): Buffer | null => selectData.get({ id }) ?? null,
    /** Whether there was one. */
    delete: (id: number): boolean => deleteOne.run({ id }).changes > 0,
  }
}
