import type { Database } from 'better-sqlite3'
import type { ArrayBundle } from '../training/messages.ts'
import { decodeArrays, encodeArrays } from './array-codec.ts'

interface ResumeRow {
  checkpoint_id: number
  step: number
  bytes: number
}

export type ResumeStore = ReturnType<typeof resumeStore>

/** One row a run at most: the replay buffers of its newest checkpoint. */
export function resumeStore(db: Database) {
  const replace = db.prepare<{ runId: number; checkpointId: number; bytes: number; data: Buffer }>(
    `INSERT INTO resume_data (run_id, checkpoint_id, bytes, data) VALUES (@runId, @checkpointId, @bytes, @data)
     ON CONFLICT (run_id) DO UPDATE SET checkpoint_id = excluded.checkpoint_id, bytes = excluded.bytes, data = excluded.data`,
  )
  const select = db.prepare<{ runId: number }, ResumeRow>(
    `SELECT checkpoint_id, step, resume_data.bytes FROM resume_data JOIN checkpoints ON checkpoints.id = checkpoint_id
     WHERE resume_data.run_id = @runId`,
  )
  const selectData = db.prepare<{ runId: number }, { data: Buffer }>(
    'SELECT data FROM resume_data WHERE run_id = @runId',
  )
  const remove = db.prepare<{ runId: number }>('DELETE FROM resume_data WHERE run_id = @runId')

  return {
    replace(runId: number, checkpointId: number, bundle: ArrayBundle): void {
      const data = encodeArrays(bundle)
      replace.run({ runId, checkpointId, bytes: data.byteLength, data })
    },
    /** Which checkpoint a run can go on from, and how large its buffers are stored. */
    describe(runId: number): { checkpointId: number; step: number; bytes: number } | null {
      const row = select.get({ runId })
      return row === undefined ? null : { checkpointId: row.checkpoint_id, step: row.step, bytes: row.bytes }
    },
    get(runId: number): ArrayBundle | null {
      const row = selectData.get({ runId })
      return row === undefined ? null : decodeArrays(row.data, `run ${runId}'s replay buffers`)
    },
    delete(runId: number): void {
      remove.run({ runId })
    },
  }
}
