import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatherRuns } from '../../src-main/lab/archive/export.ts'
import { archiveName } from '../../src-main/lab/archives.ts'
import { LabError } from '../../src-main/lab/errors.ts'
import { type Lab, openLab } from '../../src-main/lab/lab.ts'
import { openStore } from '../../src-main/store/open.ts'
import { temporaryFolder } from '../store/fixtures.ts'
import { addRun, contentOf, fillLab, unzip, type ZipEntry, zip } from './archive-fixtures.ts'

const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)
const archive = at('whole.sqrlx')
let entries: ZipEntry[]

const withLab = async <T>(name: string, use: (lab: Lab) => Promise<T>): Promise<T> => {
  const lab = await openLab(at(name), { train: false })
  try {
    return await use(lab)
  } finally {
    await lab.close()
  }
}

beforeAll(async () => {
  await fillLab(at('source'))
  await withLab('source', (lab) => lab.archives.export(1, archive))
  entries = await unzip(archive)
})
afterAll(() => folder[Symbol.dispose]())

/** The archive with some parts changed, the manifest brought in line with them unless it is told otherwise. */
async function altered(name: string, change: (entries: ZipEntry[]) => ZipEntry[], keepManifest = false) {
  const changed = change(entries.map((entry) => ({ ...entry })))
  const file = at(name)
  await zip(
    file,
    changed.map((entry) => {
      if (entry.name !== 'manifest.json' || keepManifest) return entry
      const manifest = JSON.parse(entry.content.toString())
      manifest.entries = changed
        .filter((other) => other.name !== 'manifest.json')
        .map((other) => ({
          name: other.name,
          bytes: other.content.byteLength,
          sha256: createHash('sha256').update(other.content).digest('hex'),
        }))
      return { ...entry, content: Buffer.from(JSON.stringify(manifest)) }
    }),
  )
  return file
}

const replace = (name: string, content: Buffer | string) => (all: ZipEntry[]) =>
  all.map((entry) => (entry.name === name ? { ...entry, content: Buffer.from(content) } : entry))

/** Imports into an empty lab, which must be as empty afterwards. */
async function expectRefused(file: string, sentence: string | RegExp): Promise<void> {
  await withLab('empty', async (lab) => {
    await expect(lab.archives.import(file)).rejects.toThrow(sentence)
    expect(lab.experiments.list()).toEqual([])
    expect(lab.runs.list()).toEqual([])
  })
  expect(readdirSync(at('empty')).filter((name) => !name.startsWith('lab.sqlite'))).toEqual([])
}

describe('an archive', () => {
  it('brings an experiment to another lab with everything in it', async () => {
    // Ids are taken there, so that none can be kept by accident.
    await fillLab(at('other'), 77)
    const shares: number[] = []
    const { id, name } = await withLab('other', (lab) =>
      lab.archives.import(archive, { onProgress: (share) => void shares.push(share) }),
    )
    expect([id, name]).toEqual([2, 'SQRL: across the lava'])
    expect(shares.length).toBeGreaterThan(5)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(await contentOf(at('other'), 2)).toEqual(await contentOf(at('source'), 1))
    expect(readdirSync(at('other')).filter((file) => file.includes('import-'))).toEqual([])
  })

  it('is taken once', async () => {
    await withLab('other', async (lab) => {
      await expect(lab.archives.import(archive)).rejects.toThrow('already: it is experiment 2')
      expect(lab.experiments.list()).toHaveLength(2)
    })
  })

  it('brings the pre-training runs that its runs borrowed from another experiment', async () => {
    await fillLab(at('borrowing'), 5)
    const store = await openStore(at('borrowing'))
    const first = store.experiments.get(1)
    if (first === null) throw new Error('no experiment')
    const { id } = store.experiments.insert({ ...first, name: 'Borrower', createdAt: 6 })
    addRun(store, id, 1)
    store.close()
    await withLab('borrowing', (lab) => lab.archives.export(2, at('borrowed.sqrlx')))
    await withLab('receiving', async (lab) => {
      await lab.archives.import(at('borrowed.sqrlx'))
      const [pretrain, finetune] = lab.runs.list()
      expect(pretrain?.specification.phase).toBe('pretrain')
      expect(finetune).toMatchObject({ pretrainRunId: pretrain?.id, experimentId: pretrain?.experimentId })
    })
  })

  it('is not written while a run trains, nor over a file', async () => {
    const store = await openStore(at('source'))
    store.runs.updateState(2, { state: 'running', at: 3000 })
    expect(() => gatherRuns(store, 1)).toThrow('Run 2 trains now')
    store.runs.updateState(2, { state: 'finished', at: 3000 })
    store.close()
    await withLab('source', async (lab) => {
      await expect(lab.archives.export(1, archive)).rejects.toThrow('already')
      await expect(lab.archives.export(99, at('none.sqrlx'))).rejects.toThrow('no experiment 99')
    })
  })

  it('is given up when asked, and leaves nothing behind', async () => {
    const cancel = new AbortController()
    await withLab('source', async (lab) => {
      const options = { signal: cancel.signal, onProgress: () => cancel.abort() }
      await expect(lab.archives.export(1, at('cancelled.sqrlx'), options)).rejects.toThrow('cancelled')
    })
    expect(readdirSync(folder.path).filter((name) => name.startsWith('cancelled'))).toEqual([])
    const importing = new AbortController()
    await withLab('empty', async (lab) => {
      const options = { signal: importing.signal, onProgress: () => importing.abort() }
      await expect(lab.archives.import(archive, options)).rejects.toThrow('cancelled')
      expect(lab.runs.list()).toEqual([])
    })
    expect(readdirSync(at('empty')).filter((name) => name.includes('import-'))).toEqual([])
  })
})

describe('a hostile archive', () => {
  it('is refused where a part is missing, besides, twice or a link', async () => {
    await expectRefused(
      await altered('m.sqrlx', (all) => all.filter(({ name }) => name !== 'runs/1/frames.pack')),
      'missing',
    )
    await expectRefused(
      await altered('b.sqrlx', (all) => [...all, { name: 'runs/1/more.js', content: Buffer.from('x') }]),
      'does not belong there',
    )
    await expectRefused(
      await altered('t.sqrlx', (all) => [...all, { name: 'runs.jsonl', content: Buffer.from('') }]),
      'twice',
    )
    await expectRefused(
      await altered('l.sqrlx', (all) =>
        all.map((entry) => ({ ...entry, mode: entry.name === 'runs.jsonl' ? 0o120777 : 0o100644 })),
      ),
      'is a link',
    )
  })

  it('is refused where a name leads out of it', async () => {
    const bytes = readFileSync(archive).toString('latin1').replaceAll('runs.jsonl', '../s.jsonl')
    writeFileSync(at('out.sqrlx'), Buffer.from(bytes, 'latin1'))
    await expectRefused(at('out.sqrlx'), 'cannot be imported')
  })

  it('is refused where it would unpack without bounds', async () => {
    await expectRefused(
      await altered('r.sqrlx', replace('runs.jsonl', Buffer.alloc(4 * 2 ** 20, ' '))),
      '100 times',
    )
    await expectRefused(
      await altered('e.sqrlx', (all) => [
        ...all,
        ...Array.from({ length: 10_001 }, (_, i) => ({ name: `${i}`, content: Buffer.alloc(0) })),
      ]),
      'more than 10000',
    )
  })

  it('is refused where its content is not what the manifest says', async () => {
    const swapped = entries.find(({ name }) => name === 'runs/1/metrics.jsonl')?.content.toString() ?? ''
    const file = await altered(
      'c.sqrlx',
      replace('runs/1/metrics.jsonl', swapped.replace('0.1', '0.2')),
      true,
    )
    await expectRefused(file, 'another checksum')
  })

  it('is refused where it is of a newer format or of something else', async () => {
    const manifest = entries.find(({ name }) => name === 'manifest.json')?.content.toString() ?? ''
    const newer = replace('manifest.json', manifest.replace('"version": 1', '"version": 2'))
    await expectRefused(await altered('n.sqrlx', newer, true), 'newer SQRL Lab')
    const other = replace('manifest.json', manifest.replace('sqrl-lab-experiment', 'holiday-pictures'))
    await expectRefused(await altered('o.sqrlx', other, true), 'does not say')
    writeFileSync(at('z.sqrlx'), 'no zip at all')
    await expectRefused(at('z.sqrlx'), 'no archive of an experiment')
  })

  it('is refused where its rows make no sense, though all sums are right', async () => {
    const lines = entries.find(({ name }) => name === 'runs/2/episodes.jsonl')?.content.toString() ?? ''
    await expectRefused(await altered('2.sqrlx', replace('runs/2/episodes.jsonl', lines + lines)), 'twice')
    await expectRefused(
      await altered('f.sqrlx', replace('runs/2/episodes.jsonl', '')),
      'frames of no episode',
    )
    await expectRefused(await altered('p.sqrlx', replace('runs/2/checkpoints.pack', '')), 'not all networks')
    await expectRefused(
      await altered('a.sqrlx', (all) =>
        replace(
          'runs/2/frames.pack',
          all.find(({ name }) => name === 'runs/2/checkpoints.pack')?.content.fill(10, 0, 1) ?? '',
        )(all),
      ),
      /frames/,
    )
    const runs = entries.find(({ name }) => name === 'runs.jsonl')?.content.toString() ?? ''
    await expectRefused(
      await altered('g.sqrlx', replace('runs.jsonl', runs.replace('"pretrainKey":1', '"pretrainKey":2'))),
      'starts from a run that is not there',
    )
  })

  it('with any bytes changed is refused with a sentence, or says the same as before', async () => {
    const whole = readFileSync(archive)
    const place = fc.nat(whole.length - 1)
    const change = fc.oneof(
      fc.record({ kind: fc.constant('flip' as const), from: place, value: fc.integer({ min: 1, max: 255 }) }),
      fc.record({ kind: fc.constant('cut' as const), from: place, value: fc.nat(200) }),
      fc.record({ kind: fc.constant('add' as const), from: place, value: fc.nat(255) }),
      fc.record({ kind: fc.constant('zero' as const), from: place, value: fc.nat(64) }),
    )
    let imported = 0
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        let bytes = Buffer.from(whole)
        for (const { kind, from, value } of changes) {
          if (kind === 'flip') bytes[from % bytes.length] = (bytes[from % bytes.length] ?? 0) ^ value
          if (kind === 'cut') bytes = Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + value)])
          if (kind === 'add')
            bytes = Buffer.concat([bytes.subarray(0, from), Buffer.from([value]), bytes.subarray(from)])
          if (kind === 'zero') bytes.subarray(from, from + value).fill(0)
        }
        writeFileSync(at('mutated.sqrlx'), bytes)
        await using scratch = await openScratch()
        try {
          await scratch.lab.archives.import(at('mutated.sqrlx'))
          imported++
          expect(scratch.lab.runs.list()).toHaveLength(2)
        } catch (error) {
          expect(error).toBeInstanceOf(LabError)
          expect(scratch.lab.experiments.list()).toEqual([])
          expect(scratch.lab.runs.list()).toEqual([])
        }
      }),
      { numRuns: 150 },
    )
    expect(imported).toBeLessThan(120)
  })
})

async function openScratch() {
  const scratch = temporaryFolder()
  const lab = await openLab(scratch.path, { train: false })
  return {
    lab,
    async [Symbol.asyncDispose]() {
      await lab.close()
      scratch[Symbol.dispose]()
    },
  }
}

it('names a file after the experiment as every system takes it', () => {
  expect(archiveName('SQRL: a/b "c"')).toBe('SQRL a b c.sqrlx')
  expect(archiveName('../..')).toBe('experiment.sqrlx')
  expect(archiveName('***')).toBe('experiment.sqrlx')
})
