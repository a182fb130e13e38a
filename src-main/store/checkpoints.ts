import type { Database } from 'better-sqlite3'
import type { Checkpoint } from '../contract/runs.ts'
import type { ArrayBundle } from '../training/messages.ts'
import { decodeArrays, encodeArrays } from './array-codec.ts'
import type { Progress } from './runs.ts'

interface CheckpointRow {
  id: number
  run_id: number
  step: number
  episode_index: number
  environment_steps: number
  recent_return: number | null
  trained_seconds: number
  created_at: number
  bytes: number
  resumable: 0 | 1
}

export interface NewCheckpoint extends Progress {
  /** Episodes of all kinds that the run had begun to count before it; the first one after it has this index. */
  episodeIndex: number
  networks: ArrayBundle
  createdAt: number
}

/** What a run goes back to: its counters at a checkpoint. */
export interface CheckpointProgress extends Progress {
  id: number
  episodeIndex: number
}

export type CheckpointStore = ReturnType<typeof checkpointStore>

const columns = `id, run_id, step, episode_index, environment_steps, recent_return, trained_seconds, created_at, bytes,
  EXISTS (SELECT 1 FROM resume_data WHERE checkpoint_id = checkpoints.id) AS resumable`

export function checkpointStore(db: Database) {
  // A run that is stopped just after a checkpoint writes one for the same step again.
  const upsert = db.prepare<Record<string, unknown>, CheckpointRow>(
    `INSERT INTO checkpoints
       (run_id, step, episode_index, environment_steps, recent_return, trained_seconds, created_at, bytes, networks)
     SELECT @runId, @step, @episodeIndex, @environmentSteps, @recentReturn, trained_seconds, @createdAt, @bytes, @networks
     FROM runs WHERE id = @runId
     ON CONFLICT (run_id, step) DO UPDATE SET episode_index = excluded.episode_index,
       environment_steps = excluded.environment_steps, recent_return = excluded.recent_return,
       trained_seconds = excluded.trained_seconds, created_at = excluded.created_at,
       bytes = excluded.bytes, networks = excluded.networks
     RETURNING ${columns}`,
  )
  const selectOne = db.prepare<{ id: number }, CheckpointRow>(
    `SELECT ${columns} FROM checkpoints WHERE id = @id`,
  )
  const selectOfRun = db.prepare<{ runId: number }, CheckpointRow>(
    `SELECT ${columns} FROM checkpoints WHERE run_id = @runId ORDER BY step`,
  )
  const selectLast = db.prepare<{ runId: number }, CheckpointRow>(
    `SELECT ${columns} FROM checkpoints WHERE run_id = @runId ORDER BY step DESC LIMIT 1`,
  )
  const selectAt = db.prepare<{ runId: number; step: number }, CheckpointRow>(
    `SELECT ${columns} FROM checkpoints WHERE run_id = @runId AND step = @step`,
  )
  const selectTimes = db.prepare<{ runId: number }, { step: number; trainedSeconds: number }>(
    'SELECT step, trained_seconds AS trainedSeconds FROM checkpoints WHERE run_id = @runId ORDER BY step',
  )
  const selectNetworks = db.prepare<{ id: number }, { networks: Buffer }>(
    'SELECT networks FROM checkpoints WHERE id = @id',
  )
  // Of an episode that somebody marked, those before and after it show how the critic saw it.
  const selectNeeded = db
    .prepare<{ runId: number }, number>(
      `SELECT id FROM checkpoints WHERE run_id = @runId AND (
         id IN (SELECT pretrain_checkpoint_id FROM runs WHERE pretrain_run_id = @runId)
         OR id IN (SELECT checkpoint_id FROM resume_data WHERE run_id = @runId)
         OR step IN (SELECT (SELECT max(step) FROM checkpoints WHERE run_id = @runId AND step <= episodes.step)
           FROM episodes WHERE run_id = @runId AND id IN (SELECT episode_id FROM episode_marks))
         OR step IN (SELECT (SELECT min(step) FROM checkpoints WHERE run_id = @runId AND step >= episodes.step)
           FROM episodes WHERE run_id = @runId AND id IN (SELECT episode_id FROM episode_marks)))`,
    )
    .pluck()
  const deleteOne = db.prepare<{ id: number }>('DELETE FROM checkpoints WHERE id = @id')
  const deleteAfter = db.prepare<{ runId: number; step: number }>(
    'DELETE FROM checkpoints WHERE run_id = @runId AND step > @step',
  )

  return {
    /** The run's trained seconds are taken from its row, which the batch before the checkpoint has brought up to date. */
    insert(runId: number, checkpoint: Omit<NewCheckpoint, 'trainedSeconds'>): Checkpoint {
      const networks = encodeArrays(checkpoint.networks)
      const row = upsert.get({ runId, ...checkpoint, networks, bytes: networks.byteLength })
      if (row === undefined) throw new Error(`The checkpoint of run ${runId} was not inserted.`)
      return rowToCheckpoint(row)
    },
    get(id: number): Checkpoint | null {
      const row = selectOne.get({ id })
      return row === undefined ? null : rowToCheckpoint(row)
    },
    listOfRun: (runId: number): Checkpoint[] => selectOfRun.all({ runId }).map(rowToCheckpoint),
    /** Seconds of training at each checkpoint, in the order of their steps. */
    listTimes: (runId: number): { step: number; trainedSeconds: number }[] => selectTimes.all({ runId }),
    getLast(runId: number): Checkpoint | null {
      const row = selectLast.get({ runId })
      return row === undefined ? null : rowToCheckpoint(row)
    },
    getProgress(runId: number, step: number): CheckpointProgress | null {
      const row = selectAt.get({ runId, step })
      return row === undefined ? null : rowToProgress(row)
    },
    getNetworks(id: number): ArrayBundle | null {
      const row = selectNetworks.get({ id })
      return row === undefined ? null : decodeArrays(row.networks, `checkpoint ${id}`)
    },
    /** Those that another run began from, that this run can go on from, or that lie around an episode with marks. */
    listNeeded: (runId: number): number[] => selectNeeded.all({ runId }),
    delete(id: number): void {
      deleteOne.run({ id })
    },
    deleteAfter(runId: number, step: number): void {
      deleteAfter.run({ runId, step })
    },
  }
}

function rowToCheckpoint(row: CheckpointRow): Checkpoint {
  return {
    id: row.id,
    runId: row.run_id,
    step: row.step,
    createdAt: row.created_at,
    bytes: row.bytes,
    resumable: row.resumable === 1,
  }
}

function rowToProgress(row: CheckpointRow): CheckpointProgress {
  return {
    id: row.id,
    step: row.step,
    episodeIndex: row.episode_index,
    environmentSteps: row.environment_steps,
    recentReturn: row.recent_return,
    trainedSeconds: row.trained_seconds,
  }
}
