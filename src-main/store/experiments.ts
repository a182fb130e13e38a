import type { Database } from 'better-sqlite3'
import { type Experiment, transferRequest } from '../contract/transfer.ts'

interface ExperimentRow {
  id: number
  name: string
  created_at: number
  request: string
}

export type ExperimentStore = ReturnType<typeof experimentStore>

export function experimentStore(db: Database) {
  const insert = db.prepare<Omit<ExperimentRow, 'id'>, ExperimentRow>(
    'INSERT INTO experiments (name, created_at, request) VALUES (@name, @created_at, @request) RETURNING *',
  )
  const selectAll = db.prepare<[], ExperimentRow>('SELECT * FROM experiments ORDER BY id')
  const selectOne = db.prepare<{ id: number }, ExperimentRow>('SELECT * FROM experiments WHERE id = @id')

  return {
    insert(experiment: Omit<Experiment, 'id'>): Experiment {
      const row = insert.get({
        name: experiment.name,
        created_at: experiment.createdAt,
        request: JSON.stringify(experiment.request),
      })
      if (row === undefined) throw new Error(`Experiment ${experiment.name} was not inserted.`)
      return rowToExperiment(row)
    },
    list: (): Experiment[] => selectAll.all().map(rowToExperiment),
    get(id: number): Experiment | null {
      const row = selectOne.get({ id })
      return row === undefined ? null : rowToExperiment(row)
    },
  }
}

function rowToExperiment(row: ExperimentRow): Experiment {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    request: transferRequest.parse(JSON.parse(row.request)),
  }
}
