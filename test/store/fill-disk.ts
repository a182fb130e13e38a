import Sqlite from 'better-sqlite3'
import { migrate } from '../../src-main/store/migrations/index.ts'
import { createStore } from '../../src-main/store/store.ts'
import { batch, insertRun } from './fixtures.ts'

// SQLite answers a full page quota and a full disk with the same code.
const folder = process.argv[2] ?? ''
const db = new Sqlite(`${folder}/lab.sqlite`)
migrate(db, folder)
const store = createStore(db, folder)
const runId = insertRun(store)
store.applyBatch(runId, batch(10))
db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 2}`)
try {
  store.applyBatch(
    runId,
    batch(20, { metrics: Array.from({ length: 5000 }, (_, step) => ({ step, values: { loss: step } })) }),
  )
} catch (error) {
  if (!(error instanceof Error) || !('code' in error)) throw error
  const stepAfterwards = store.runs.get(runId)?.step
  console.log(JSON.stringify({ code: error.code, message: error.message, stepAfterwards }))
}
