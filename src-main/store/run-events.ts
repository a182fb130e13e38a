import type { Database } from 'better-sqlite3'
import { type RunEvent, type RunEventKind, type RunState, runEventKind } from '../contract/runs.ts'
import { readStored } from './stored.ts'

interface RunEventRow {
  id: number
  at: number
  step: number
  kind: string
  text: string
}

export interface NewRunEvent {
  kind: RunEventKind
  text: string
  at: number
}

export type RunEventStore = ReturnType<typeof runEventStore>

/** The log of each run; kept when the run goes back to a checkpoint, as that too belongs to what befell it. */
export function runEventStore(db: Database) {
  const insert = db.prepare<NewRunEvent & { runId: number }>(
    `INSERT INTO run_events (run_id, at, step, kind, text)
     SELECT id, @at, step, @kind, @text FROM runs WHERE id = @runId`,
  )
  const selectOfRun = db.prepare<{ runId: number }, RunEventRow>(
    'SELECT id, at, step, kind, text FROM run_events WHERE run_id = @runId ORDER BY id',
  )

  return {
    /** The step is the one that the run has recorded by then. */
    insert(runId: number, event: NewRunEvent): void {
      insert.run({ runId, ...event })
    },
    listOfRun: (runId: number): RunEvent[] =>
      selectOfRun.all({ runId }).map(({ kind, ...row }) => ({
        ...row,
        kind: readStored(runEventKind, kind, `The log of run ${runId}`),
      })),
  }
}

/** What the log says of a change of state that has no reason of its own. */
export const stateSentences: Record<RunState, string> = {
  queued: 'Waits to be trained.',
  running: 'Training began.',
  pausing: 'Asked to pause after a checkpoint.',
  paused: 'Paused.',
  stopping: 'Asked to stop after a checkpoint.',
  stopped: 'Stopped.',
  interrupted: 'Interrupted.',
  finished: 'All steps are done.',
  failed: 'The training gave up.',
}
