import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openStore } from '../../src-main/store/open.ts'
import { insertRun, temporaryFolder } from './fixtures.ts'

const script = fileURLToPath(new URL('./write-until-killed.ts', import.meta.url))
const sector = 512
const cuts = 60

it('a log torn at any sector opens as the lab was after one of its writes', async () => {
  using folder = temporaryFolder()
  const store = await openStore(folder.path)
  const runId = insertRun(store)
  store.close()
  const written = await writeAndKill(folder.path, runId)
  const log = readFileSync(join(folder.path, 'lab.sqlite-wal'))

  const seen: number[] = []
  for (let cut = 0; cut <= cuts; cut++) {
    using torn = temporaryFolder()
    const length = cut === cuts ? log.byteLength : Math.floor((log.byteLength * cut) / cuts / sector) * sector
    copyFileSync(join(folder.path, 'lab.sqlite'), join(torn.path, 'lab.sqlite'))
    writeFileSync(join(torn.path, 'lab.sqlite-wal'), log.subarray(0, length))
    const store = await openStore(torn.path)
    const step = store.runs.get(runId)?.step ?? -1
    expect(store.metrics.history(runId).loss?.steps.length ?? 0).toBe(step)
    expect(store.episodes.listOfRun(runId, 0, 1000)).toHaveLength(step)
    expect(store.checkpoints.listOfRun(runId)).toHaveLength(Math.floor(step / 5))
    seen.push(step)
    store.close()
  }
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  expect(seen[0]).toBe(0)
  expect(seen.at(-1)).toBeGreaterThanOrEqual(written)
}, 60_000)

/** Fewer writes than SQLite lets into the log before it moves them into the file; returns the last step acknowledged. */
async function writeAndKill(folder: string, runId: number): Promise<number> {
  const child = spawn(process.execPath, [script, folder, String(runId)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.split('\n').length > 25) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return Number(output.split('\n').at(-2))
}
