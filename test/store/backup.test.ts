import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../src-main/store/open.ts'
import type { Store } from '../../src-main/store/store.ts'
import { batch, checkpointParts, episodeRecord, frames, insertRun, temporaryFolder } from './fixtures.ts'

/** Large enough for several rounds of copying. */
function fill(store: Store, runId: number, from = 1, count = 20): void {
  for (let step = from; step < from + count; step++) {
    const noise = Float32Array.from({ length: 100_000 }, Math.random)
    const parts = checkpointParts(step, step)
    store.applyCheckpoint(
      runId,
      batch(step, {
        episodes: [episodeRecord(step - 1, { outcome: 'failure', cause: 'lava', frames: frames(step) })],
      }),
      { ...parts, networks: { ...parts.networks, arrays: { policy: noise } } },
    )
  }
}

function expectWhole(file: string): number {
  const db = new Sqlite(file)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  const steps = db.prepare<[], number>('SELECT max(step) FROM checkpoints').pluck().get()
  db.close()
  return steps ?? 0
}

describe('backUp()', () => {
  it('makes one file that opens as a lab with everything in it', async () => {
    using folder = temporaryFolder()
    const store = await openStore(join(folder.path, 'lab'))
    const runId = insertRun(store)
    fill(store, runId)
    const restored = join(folder.path, 'restored')
    mkdirSync(restored)
    const shares: number[] = []
    await store.backUp(join(restored, 'lab.sqlite'), { onProgress: (share) => void shares.push(share) })
    expect(readdirSync(restored)).toEqual(['lab.sqlite'])
    expect(shares.length).toBeGreaterThan(2)
    const copy = await openStore(restored)
    expect(copy.runs.get(runId)).toEqual(store.runs.get(runId))
    expect(copy.checkpoints.listOfRun(runId)).toEqual(store.checkpoints.listOfRun(runId))
    const [failure] = copy.episodes.listOfRun(runId, 0, 1)
    expect(copy.frames.get(failure?.id ?? 0)).toEqual(store.frames.get(failure?.id ?? 0))
    copy.close()
    store.close()
  })

  it('takes in what is written while it copies', async () => {
    using folder = temporaryFolder()
    const store = await openStore(join(folder.path, 'lab'))
    const runId = insertRun(store)
    fill(store, runId)
    let next = 21
    const file = join(folder.path, 'backup.sqlite')
    await store.backUp(file, {
      onProgress: () => {
        if (next < 24) fill(store, runId, next++, 1)
      },
    })
    expect(next).toBeGreaterThan(21)
    expect(expectWhole(file)).toBe(next - 1)
    store.close()
  })

  it('leaves nothing behind when it is cancelled', async () => {
    using folder = temporaryFolder()
    const store = await openStore(join(folder.path, 'lab'))
    fill(store, insertRun(store))
    const cancel = new AbortController()
    const writing = store.backUp(join(folder.path, 'backup.sqlite'), {
      onProgress: () => cancel.abort(),
      signal: cancel.signal,
    })
    await expect(writing).rejects.toThrow('cancelled')
    expect(readdirSync(folder.path)).toEqual(['lab'])
    store.close()
  })

  it('has only whole backups under their names, whenever the process is killed', async () => {
    using folder = temporaryFolder()
    const lab = join(folder.path, 'lab')
    const store = await openStore(lab)
    fill(store, insertRun(store))
    store.close()
    let whole = 0
    for (let round = 0; round < 8; round++) {
      await killAfter(2 + round * 5, lab, join(folder.path, `backup-${round}`))
      for (const name of readdirSync(folder.path).filter((file) => file.endsWith('.sqlite'))) {
        expect(expectWhole(join(folder.path, name))).toBe(20)
        whole++
      }
      const again = await openStore(lab)
      expect(again.runs.list()).toHaveLength(1)
      again.close()
    }
    expect(whole).toBeGreaterThan(0)
  }, 120_000)
})

/** Lets a process write backups and kills it after so many signs of life. */
function killAfter(signs: number, lab: string, file: string): Promise<void> {
  const script = fileURLToPath(new URL('./back-up-until-killed.ts', import.meta.url))
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, lab, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    let seen = 0
    child.stdout.on('data', (part: Buffer) => {
      seen += part.length
      if (seen > signs) child.kill('SIGKILL')
    })
    child.on('close', (code, signal) =>
      signal === 'SIGKILL'
        ? resolve()
        : reject(new Error(`The backup process ended by itself with ${code}.`)),
    )
  })
}
