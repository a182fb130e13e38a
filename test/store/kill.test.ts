import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from '../../src-main/store/open.ts'
import { insertRun, temporaryFolder } from './fixtures.ts'

const rounds = 20
const script = fileURLToPath(new URL('./write-until-killed.ts', import.meta.url))

it('every acknowledged batch and checkpoint is there after the process was killed', async () => {
  using folder = temporaryFolder()
  const store = await openStore(folder.path)
  const runId = insertRun(store)
  store.close()

  let acknowledged = 0
  for (let round = 0; round < rounds; round++) {
    // Kills fall into ever later writes of a round, some of them into a checkpoint.
    acknowledged = await killAfter(1 + ((round * 7) % 40), folder.path, runId)
    const db = new Sqlite(`${folder.path}/lab.sqlite`)
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    db.close()
    const store = await openStore(folder.path)
    const step = store.runs.get(runId)?.step ?? 0
    // The write that the kill hit may have been finished or not.
    expect([acknowledged, acknowledged + 1]).toContain(step)
    expect(store.metrics.history(runId).loss?.steps).toEqual(Array.from({ length: step }, (_, i) => i + 1))
    expect(store.episodes.listOfRun(runId, 0, 10_000).map(({ index }) => index)).toEqual(
      Array.from({ length: step }, (_, i) => i),
    )
    const checkpoints = store.checkpoints.listOfRun(runId)
    expect(checkpoints.map(({ step }) => step)).toEqual(
      Array.from({ length: Math.floor(step / 5) }, (_, i) => 5 * (i + 1)),
    )
    for (const { id, step } of checkpoints) {
      expect(store.checkpoints.getNetworks(id)?.arrays.policy?.[0]).toBe(step)
    }
    store.close()
  }
  expect(acknowledged).toBeGreaterThan(rounds)
}, 120_000)

/** Lets a process write on from where the lab is and kills it after so many acknowledgements; returns the last step acknowledged. */
function killAfter(acknowledgements: number, folder: string, runId: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, folder, String(runId)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.split('\n').length > acknowledgements) child.kill('SIGKILL')
    })
    child.on('close', (_, signal) => {
      const steps = output.split('\n').slice(0, -1)
      if (signal === 'SIGKILL') resolve(Number(steps.at(-1)))
      else reject(new Error(`The writer ended by itself after ${steps.length} writes.`))
    })
  })
}
