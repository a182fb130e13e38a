import type { Database } from 'better-sqlite3'
import { type SavedDraft, type TransferDraft, transferDraft } from '../contract/transfer-drafts.ts'
import { readStored } from './stored.ts'

interface DraftRow {
  id: number
  created_at: number
  updated_at: number
  draft: string
}

export type DraftStore = ReturnType<typeof draftStore>

export function draftStore(db: Database) {
  const insert = db.prepare<{ at: number; draft: string }, DraftRow>(
    'INSERT INTO transfer_drafts (created_at, updated_at, draft) VALUES (@at, @at, @draft) RETURNING *',
  )
  const update = db.prepare<{ id: number; at: number; draft: string }, DraftRow>(
    'UPDATE transfer_drafts SET updated_at = @at, draft = @draft WHERE id = @id RETURNING *',
  )
  const selectAll = db.prepare<[], DraftRow>(
    'SELECT * FROM transfer_drafts ORDER BY updated_at DESC, id DESC',
  )
  const selectOne = db.prepare<{ id: number }, DraftRow>('SELECT * FROM transfer_drafts WHERE id = @id')
  const remove = db.prepare<{ id: number }>('DELETE FROM transfer_drafts WHERE id = @id')

  return {
    insert(draft: TransferDraft, at: number): SavedDraft {
      const row = insert.get({ at, draft: JSON.stringify(draft) })
      if (row === undefined) throw new Error('The draft was not inserted.')
      return rowToDraft(row)
    },
    /** Null: there is no such draft. */
    update(id: number, draft: TransferDraft, at: number): SavedDraft | null {
      const row = update.get({ id, at, draft: JSON.stringify(draft) })
      return row === undefined ? null : rowToDraft(row)
    },
    /** Latest first. */
    list: (): SavedDraft[] => selectAll.all().map(rowToDraft),
    get(id: number): SavedDraft | null {
      const row = selectOne.get({ id })
      return row === undefined ? null : rowToDraft(row)
    },
    delete(id: number): void {
      remove.run({ id })
    },
  }
}

function rowToDraft(row: DraftRow): SavedDraft {
  return {
    ...readStored(transferDraft, JSON.parse(row.draft), `Draft ${row.id}`),
    id: row.id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
