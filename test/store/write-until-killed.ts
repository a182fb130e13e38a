import { writeSync } from 'node:fs'
import { openStore } from '../../src-main/store/open.ts'
import { batch, checkpointParts, episodeRecord, frames } from './fixtures.ts'

const [folder = '', runText = ''] = process.argv.slice(2)
const runId = Number(runText)
const store = await openStore(folder)

for (let step = (store.runs.get(runId)?.step ?? 0) + 1; ; step++) {
  const next = batch(step, {
    metrics: [{ step, values: { loss: 1 / step } }],
    episodes: [episodeRecord(step - 1, { outcome: 'failure', cause: 'lava', frames: frames(step) })],
  })
  if (step % 5 === 0) store.applyCheckpoint(runId, next, checkpointParts(step, step))
  else store.applyBatch(runId, next)
  // Not console.log, which may keep a line for later: this line says that the step is on disk.
  writeSync(1, `${step}\n`)
}
