import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, vi } from 'vitest'
import { migrations } from '../../src-main/store/migrations/index.ts'
import { compareVersions, openStore } from '../../src-main/store/open.ts'
import { runScript } from '../run-script.ts'
import { batch, insertRun, temporaryFolder } from './fixtures.ts'

// Other processes take their time on a busy machine; the limit is only there so that a broken test ends.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('openStore()', () => {
  it('makes the folder and a file of the newest format, in WAL mode', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'deep', 'lab')
    const store = await openStore(path)
    store.close()
    expect(readdirSync(path)).toEqual(['lab.sqlite'])
    const db = new Sqlite(join(path, 'lab.sqlite'))
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.length)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('auto_vacuum', { simple: true })).toBe(2)
    db.close()
  })

  it('finds again what was written before', async () => {
    using folder = temporaryFolder()
    const first = await openStore(folder.path)
    const runId = insertRun(first)
    first.close()
    const second = await openStore(folder.path)
    expect(second.runs.get(runId)?.specification.method).toBe('sqrl')
    second.close()
  })

  it('refuses a lab that another process has open', async () => {
    using folder = temporaryFolder()
    const store = await openStore(folder.path)
    const { stdout } = await runScript('test/store/open-once.ts', [folder.path])
    expect(JSON.parse(stdout)).toEqual({
      code: 'BUSY',
      message: `The lab ${folder.path} is open in another process. Close it there, or choose another folder.`,
    })
    store.close()
    expect(JSON.parse((await runScript('test/store/open-once.ts', [folder.path])).stdout)).toBe('opened')
  })

  it('refuses a second opening in the same process too', async () => {
    using folder = temporaryFolder()
    const store = await openStore(folder.path)
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: 'BUSY' })
    store.close()
  })

  it('refuses a newer lab and leaves it unchanged', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'lab.sqlite')
    ;(await openStore(folder.path)).close()
    const db = new Sqlite(file)
    db.pragma(`user_version = ${migrations.length + 1}`)
    db.close()
    const before = digest(file)
    await expect(openStore(folder.path)).rejects.toMatchObject({
      code: 'STORAGE',
      message: expect.stringMatching(
        /was written by a newer version of SQRL Lab .* Update SQRL Lab; nothing was changed\.$/,
      ),
    })
    expect(digest(file)).toBe(before)
    expect(readdirSync(folder.path)).toEqual(['lab.sqlite'])
  })

  it("refuses another program's database and leaves it unchanged", async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'lab.sqlite')
    const db = new Sqlite(file)
    db.exec('CREATE TABLE songs (title TEXT)')
    db.close()
    const before = digest(file)
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: 'STORAGE' })
    expect(digest(file)).toBe(before)
  })

  it('refuses a file that is no database', async () => {
    using folder = temporaryFolder()
    writeFileSync(
      join(folder.path, 'lab.sqlite'),
      'This is a text of some length, and it is not a database at all.'.repeat(20),
    )
    await expect(openStore(folder.path)).rejects.toMatchObject({
      code: 'STORAGE',
      message: expect.stringContaining('is not a lab'),
    })
  })

  it('refuses a path that is a file', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'notes.txt')
    writeFileSync(path, '')
    await expect(openStore(path)).rejects.toMatchObject({
      code: 'STORAGE',
      message: expect.stringContaining(path),
    })
  })

  it('says so when lab.sqlite cannot be made', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'lab.sqlite'))
    await expect(openStore(folder.path)).rejects.toMatchObject({ code: 'STORAGE' })
  })

  it('names the full disk and keeps what was written before', async () => {
    using folder = temporaryFolder()
    const { stdout } = await runScript('test/store/fill-disk.ts', [folder.path])
    expect(JSON.parse(stdout)).toEqual({
      code: 'STORAGE',
      message: `There is no space left on the disk for the lab ${folder.path}. Free some space; what was written before is kept.`,
      stepAfterwards: 10,
    })
  })

  it('gives the space of dropped rows back when it closes', async () => {
    using folder = temporaryFolder()
    const store = await openStore(folder.path)
    const runId = insertRun(store)
    const noise = Float64Array.from({ length: 250_000 }, (_, i) => Math.sin(i * i))
    store.applyCheckpoint(runId, batch(10), {
      step: 10,
      networks: { values: { episodeIndex: 0 }, arrays: {} },
      resume: { values: {}, arrays: { noise } },
    })
    const { fileBytes, resumeBytes } = store.sizes.all()
    expect(resumeBytes).toBeGreaterThanOrEqual(noise.byteLength)
    store.resumeData.delete(runId)
    store.close()
    const again = await openStore(folder.path)
    expect(again.sizes.all().fileBytes).toBeLessThan(fileBytes - noise.byteLength + 100_000)
    again.close()
  })
})

describe('compareVersions()', () => {
  it('compares numbers, not texts', () => {
    expect(compareVersions('3.51.10', '3.51.3')).toBeGreaterThan(0)
    expect(compareVersions('3.9.0', '3.51.3')).toBeLessThan(0)
    expect(compareVersions('3.51.3', '3.51.3')).toBe(0)
  })
})

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
