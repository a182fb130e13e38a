import type { Database } from 'better-sqlite3'
import type { MetricHistory, MetricPoint, Series } from '../contract/metrics.ts'

interface MetricRow {
  step: number
  value: number
}

export type MetricStore = ReturnType<typeof metricStore>

export function metricStore(db: Database) {
  const nameIds = new Map<string, number>()
  const selectNameId = db.prepare<{ name: string }, { id: number }>(
    'SELECT id FROM metric_names WHERE name = @name',
  )
  const insertName = db.prepare<{ name: string }>('INSERT INTO metric_names (name) VALUES (@name)')
  const upsert = db.prepare<{ runId: number; nameId: number; step: number; value: number }>(
    `INSERT INTO metrics (run_id, name_id, step, value) VALUES (@runId, @nameId, @step, @value)
     ON CONFLICT DO UPDATE SET value = excluded.value`,
  )
  const selectNames = db.prepare<{ runId: number }, { id: number; name: string }>(
    `SELECT id, name FROM metric_names WHERE EXISTS
       (SELECT 1 FROM metrics WHERE run_id = @runId AND name_id = metric_names.id) ORDER BY name`,
  )
  const selectSeries = db.prepare<{ runId: number; nameId: number; afterStep: number }, MetricRow>(
    'SELECT step, value FROM metrics WHERE run_id = @runId AND name_id = @nameId AND step > @afterStep ORDER BY step',
  )
  const selectPage = db
    .prepare<{ runId: number; name: string; afterStep: number; limit: number }, readonly [number, number]>(
      `SELECT step, value FROM metrics WHERE run_id = @runId AND step > @afterStep
         AND name_id = (SELECT id FROM metric_names WHERE name = @name) ORDER BY step LIMIT @limit`,
    )
    .raw()
  const selectAllNames = db.prepare<[], string>('SELECT name FROM metric_names ORDER BY name').pluck()
  const selectLatest = db.prepare<{ name: string }, { runId: number; value: number }>(
    `SELECT runId, value FROM (SELECT runs.id AS runId, (SELECT value FROM metrics WHERE run_id = runs.id
         AND name_id = (SELECT id FROM metric_names WHERE name = @name) ORDER BY step DESC LIMIT 1) AS value
       FROM runs WHERE deleted_at IS NULL) WHERE value IS NOT NULL`,
  )
  const deleteAfter = db.prepare<{ runId: number; nameId: number; step: number }>(
    'DELETE FROM metrics WHERE run_id = @runId AND name_id = @nameId AND step > @step',
  )

  // Kept only once the name is sure to be in the database: a transaction that is rolled back takes its names along.
  const nameId = (name: string): number => {
    const known = nameIds.get(name)
    if (known !== undefined) return known
    const row = selectNameId.get({ name })
    if (row === undefined) return Number(insertName.run({ name }).lastInsertRowid)
    nameIds.set(name, row.id)
    return row.id
  }

  const listNames = (runId: number, names?: readonly string[]) =>
    selectNames.all({ runId }).filter(({ name }) => names === undefined || names.includes(name))

  return {
    listAllNames: (): string[] => selectAllNames.all(),
    /** Of each run that is not deleted and has the metric, its value at the last step. */
    listLatest: (name: string): { runId: number; value: number }[] => selectLatest.all({ name }),
    listNames: (runId: number): string[] => selectNames.all({ runId }).map(({ name }) => name),
    /** Steps and values of one metric after a step, for histories that are too long to be read at once. */
    listPage: (runId: number, name: string, afterStep: number, limit: number) =>
      selectPage.all({ runId, name, afterStep, limit }),
    /** A point at a step that has one replaces it. Values that are not finite are left out: there is nothing to draw. */
    insert(runId: number, points: readonly MetricPoint[]): void {
      for (const { step, values } of points) {
        for (const [name, value] of Object.entries(values)) {
          if (Number.isFinite(value)) upsert.run({ runId, nameId: nameId(name), step, value })
        }
      }
    },
    history(runId: number, names?: readonly string[], afterStep = -1): MetricHistory {
      const history: [string, Series][] = listNames(runId, names).map(({ id, name }) => {
        const rows = selectSeries.all({ runId, nameId: id, afterStep })
        return [name, { steps: rows.map((row) => row.step), values: rows.map((row) => row.value) }]
      })
      return Object.fromEntries(history.filter(([, series]) => series.steps.length > 0))
    },
    deleteAfter(runId: number, step: number): void {
      for (const { id } of listNames(runId)) deleteAfter.run({ runId, nameId: id, step })
    },
  }
}
