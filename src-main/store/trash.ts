import type { Database } from 'better-sqlite3'
import { active } from './runs.ts'

export type TrashStore = ReturnType<typeof trashStore>

/** What was deleted and can still be restored: rows with a `deleted_at`, which no list shows. */
export function trashStore(db: Database) {
  const markRun = db.prepare<{ id: number; at: number | null }>(
    'UPDATE runs SET deleted_at = @at WHERE id = @id',
  )
  const markExperiment = db.prepare<{ id: number; at: number | null }>(
    'UPDATE experiments SET deleted_at = @at WHERE id = @id',
  )
  const selectMoment = db
    .prepare<{ id: number }, number | null>('SELECT deleted_at FROM experiments WHERE id = @id')
    .pluck()
  const selectRunsOf = db
    .prepare<{ experimentId: number; at: number }, number>(
      `SELECT id FROM runs WHERE deleted_at = @at AND (experiment_id = @experimentId
         OR pretrain_run_id IN (SELECT id FROM runs WHERE experiment_id = @experimentId)) ORDER BY id`,
    )
    .pluck()
  const selectFinetunes = db
    .prepare<{ id: number }, number>(
      'SELECT id FROM runs WHERE pretrain_run_id = @id AND deleted_at IS NULL ORDER BY id',
    )
    .pluck()
  // A worker may still be writing its last checkpoint, and a run that is kept needs the one it started from.
  const deleteRuns = db.prepare<{ before: number }>(
    `DELETE FROM runs WHERE deleted_at < @before AND state NOT IN ${active}
       AND id NOT IN (SELECT pretrain_run_id FROM runs WHERE pretrain_run_id IS NOT NULL
         AND (deleted_at IS NULL OR deleted_at >= @before OR state IN ${active}))`,
  )
  const deleteExperiments = db.prepare<{ before: number }>(
    'DELETE FROM experiments WHERE deleted_at < @before AND id NOT IN (SELECT experiment_id FROM runs)',
  )

  return {
    putRun: (id: number, at: number): void => void markRun.run({ id, at }),
    takeRun: (id: number): void => void markRun.run({ id, at: null }),
    putExperiment: (id: number, at: number): void => void markExperiment.run({ id, at }),
    takeExperiment: (id: number): void => void markExperiment.run({ id, at: null }),
    /** When the experiment was deleted; null where it was not. */
    momentOf: (id: number): number | null => selectMoment.get({ id }) ?? null,
    /** Runs that went together with the experiment, also those of others that started from its pre-training. */
    listRunsDeletedWith: (experimentId: number, at: number): number[] =>
      selectRunsOf.all({ experimentId, at }),
    /** Runs outside the trash that started, or will start, from this one. */
    listFinetunesOf: (id: number): number[] => selectFinetunes.all({ id }),
    /** For good, what was deleted before a moment or, without one, everything; gives how many went. */
    empty: (before = Number.MAX_SAFE_INTEGER): { runs: number; experiments: number } => ({
      runs: deleteRuns.run({ before }).changes,
      experiments: deleteExperiments.run({ before }).changes,
    }),
  }
}
