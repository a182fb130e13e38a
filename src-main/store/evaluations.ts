import type { Database } from 'better-sqlite3'
import { outcome } from '../contract/episodes.ts'
import type { EvaluationEpisode } from '../training/messages.ts'

type Row = Omit<EvaluationEpisode, 'outcome'> & { outcome: string }

export type EvaluationStore = ReturnType<typeof evaluationStore>

/** Episodes that measured a policy while it learnt, apart from those that it learnt from. */
export function evaluationStore(db: Database) {
  const insert = db.prepare<Record<string, unknown>>(
    `INSERT OR REPLACE INTO evaluation_episodes (run_id, step, place, seed, return, length, outcome, cause, final_q_safe)
     VALUES (@runId, @step, @place, @seed, @return, @length, @outcome, @cause, @finalQSafe)`,
  )
  const selectOfRun = db.prepare<{ runId: number }, Row>(
    `SELECT step, place, seed, return, length, outcome, cause, final_q_safe AS finalQSafe
     FROM evaluation_episodes WHERE run_id = @runId ORDER BY step, place`,
  )
  const deleteAfter = db.prepare<{ runId: number; step: number }>(
    'DELETE FROM evaluation_episodes WHERE run_id = @runId AND step > @step',
  )
  return {
    insert(runId: number, episodes: readonly EvaluationEpisode[]): void {
      for (const episode of episodes) insert.run({ runId, ...episode })
    },
    listOfRun: (runId: number): EvaluationEpisode[] =>
      selectOfRun.all({ runId }).map((row) => ({ ...row, outcome: outcome.parse(row.outcome) })),
    deleteAfter(runId: number, step: number): void {
      deleteAfter.run({ runId, step })
    },
  }
}
