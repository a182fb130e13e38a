import type { Database } from 'better-sqlite3'
import { type ComparisonView, comparisonView, type SavedComparison } from '../contract/comparisons.ts'
import { readStored } from './stored.ts'

interface SavedComparisonRow {
  id: number
  name: string
  created_at: number
  updated_at: number
  view: string
}

export type SavedComparisonStore = ReturnType<typeof savedComparisonStore>

export function savedComparisonStore(db: Database) {
  const insert = db.prepare<Omit<SavedComparisonRow, 'id'>, SavedComparisonRow>(
    `INSERT INTO saved_comparisons (name, created_at, updated_at, view)
     VALUES (@name, @created_at, @updated_at, @view) RETURNING *`,
  )
  const selectAll = db.prepare<[], SavedComparisonRow>('SELECT * FROM saved_comparisons ORDER BY id')
  const update = db.prepare<Omit<SavedComparisonRow, 'created_at'>, SavedComparisonRow>(
    'UPDATE saved_comparisons SET name = @name, updated_at = @updated_at, view = @view WHERE id = @id RETURNING *',
  )
  const deleteOne = db.prepare<{ id: number }>('DELETE FROM saved_comparisons WHERE id = @id')
  const selectOne = db.prepare<{ id: number }, SavedComparisonRow>(
    'SELECT * FROM saved_comparisons WHERE id = @id',
  )

  return {
    insert(name: string, view: ComparisonView, at: number): SavedComparison {
      const row = insert.get({ name, created_at: at, updated_at: at, view: JSON.stringify(view) })
      if (row === undefined) throw new Error(`Comparison ${name} was not inserted.`)
      return rowToSaved(row)
    },
    list: (): SavedComparison[] => selectAll.all().map(rowToSaved),
    get(id: number): SavedComparison | null {
      const row = selectOne.get({ id })
      return row === undefined ? null : rowToSaved(row)
    },
    update(id: number, name: string, view: ComparisonView, at: number): SavedComparison | null {
      const row = update.get({ id, name, updated_at: at, view: JSON.stringify(view) })
      return row === undefined ? null : rowToSaved(row)
    },
    /** Whether there was one. */
    delete: (id: number): boolean => deleteOne.run({ id }).changes > 0,
  }
}

function rowToSaved(row: SavedComparisonRow): SavedComparison {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    view: readStored(comparisonView, JSON.parse(row.view), `The saved comparison ${row.name}`),
  }
}
