import type { Database } from 'better-sqlite3'
import { type Experiment, transferRequest } from '../contract/transfer.ts'
import { readStored } from './stored.ts'

interface ExperimentRow {
  id: number
  name: string
  created_at: number
  request: string
  note: string
  deleted_at: number | null
}

export type ExperimentStore = ReturnType<typeof experimentStore>

export function experimentStore(db: Database) {
  const insert = db.prepare<Omit<ExperimentRow, 'id' | 'deleted_at'>, ExperimentRow>(
    'INSERT INTO experiments (name, created_at, request, note) VALUES (@name, @created_at, @request, @note) RETURNING *',
  )
  const selectAll = db.prepare<[], ExperimentRow>(
    'SELECT * FROM experiments WHERE deleted_at IS NULL ORDER BY id',
  )
  const selectOne = db.prepare<{ id: number }, ExperimentRow>('SELECT * FROM experiments WHERE id = @id')
  const update = db.prepare<{ id: number; name: string; note: string }>(
    'UPDATE experiments SET name = @name, note = @note WHERE id = @id',
  )

  return {
    insert(experiment: Omit<Experiment, 'id' | 'note'> & { note?: string }): Experiment {
      const row = insert.get({
        name: experiment.name,
        created_at: experiment.createdAt,
        request: JSON.stringify(experiment.request),
        note: experiment.note ?? '',
      })
      if (row === undefined) throw new Error(`Experiment ${experiment.name} was not inserted.`)
      return rowToExperiment(row)
    },
    list: (): Experiment[] => selectAll.all().map(rowToExperiment),
    get(id: number): Experiment | null {
      const row = selectOne.get({ id })
      return row === undefined || row.deleted_at !== null ? null : rowToExperiment(row)
    },
    update(id: number, { name, note }: { name: string; note: string }): void {
      update.run({ id, name, note })
    },
  }
}

function rowToExperiment(row: ExperimentRow): Experiment {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    request: readStored(transferRequest, JSON.parse(row.request), `Experiment ${row.id}`),
    note: row.note,
  }
}
