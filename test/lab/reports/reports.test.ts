import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, openLab } from '../../../src-main/lab/lab.ts'
import { reportDocument } from '../../../src-main/lab/reports/document.ts'
import type { Report } from '../../../src-main/lab/reports/gather.ts'
import { openStore } from '../../../src-main/store/open.ts'
import { batch, episodeRecord, insertRun, temporaryFolder } from '../../store/fixtures.ts'
import { trainBriefly } from '../trained.ts'
import { openTrainedLab } from '../trained-lab.ts'

/** Text as it is read: without marks, with one space where there are several. */
const words = (page: string) =>
  page
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')

describe('a report of real runs', () => {
  const folder = temporaryFolder()
  let lab: Lab
  let page: string

  beforeAll(async () => {
    lab = await openTrainedLab(folder.path, [await trainBriefly('sqrl', 300), await trainBriefly('sac', 300)])
    page = await lab.reports.make({ about: 'experiment', id: 1 })
  }, 60_000)

  afterAll(async () => {
    await lab.close()
    folder[Symbol.dispose]()
  })

  it('says what the store holds: episodes, failures and their causes, run by run', () => {
    for (const run of lab.runs.list()) {
      const counted = lab.episodes.list({ runId: run.id }).filter(({ kind }) => kind !== 'evaluation')
      const failed = counted.filter(({ outcome }) => outcome === 'failure')
      expect(failed.length).toBeGreaterThan(0)
      const counts = `${failed.length} of ${counted.length} episodes, one seed`
      expect(words(page)).toContain(counts)
      for (const { cause } of failed) expect(words(page)).toContain(cause ?? 'not recorded')
    }
    expect(words(page)).toContain(
      'With fewer than 5 seeds this describes these runs and claims nothing about others.',
    )
    expect(words(page)).toContain('One seed says nothing about how much seeds differ')
  })

  it('draws return, cumulative failures, return against failures and survival, each with its words and numbers', () => {
    for (const title of [
      'Return over training',
      'Cumulative failures over training',
      'Return against failure rate',
      'Training without a failure',
    ]) {
      expect(page).toContain(`<h3>${title}</h3>`)
      expect(page).toMatch(
        new RegExp(
          `<title id="figure-\\d-title">${title}</title>\\n<desc id="figure-\\d-text">[^<]{20,}</desc>`,
        ),
      )
      expect(page).toContain(`The numbers of “${title}”`)
    }
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('loads nothing and runs nothing', () => {
    expect(page).toContain('content="default-src &#39;none&#39;;')
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|base|form)\b/i)
    expect(page).not.toMatch(/\b(src|href|srcset|action|on\w+)=/i)
    expect(page).not.toMatch(/url\((?!#)|@import|https?:/i)
  })

  it('is the same bytes again, and after the lab was closed', async () => {
    expect(await lab.reports.make({ about: 'experiment', id: 1 })).toBe(page)
    await lab.close()
    lab = await openLab(folder.path, { train: false })
    expect(await lab.reports.make({ about: 'experiment', id: 1 })).toBe(page)
  })

  it('is written under its name as a whole', async () => {
    const file = join(folder.path, 'deep', 'report.html')
    const { bytes } = await lab.reports.write({ about: 'experiment', id: 1 }, file)
    expect(readFileSync(file, 'utf8')).toBe(page)
    expect(bytes).toBe(Buffer.byteLength(page))
    expect(lab.reports.fileName({ about: 'experiment', id: 1 })).toBe('trained.html')
  })

  it('probes safety critics where it is asked to', async () => {
    const probed = await lab.reports.make({ about: 'runs', runIds: [1, 2], probeEpisodes: 20 })
    expect(probed).toContain('<h3>Reliability</h3>')
    expect(words(probed)).toMatch(/run 1: AUC [\d.–]+, Brier score [\d.]+/)
  })

  it('names what is not there', async () => {
    await expect(lab.reports.make({ about: 'experiment', id: 9 })).rejects.toThrow(
      'There is no experiment 9.',
    )
    await expect(lab.reports.make({ about: 'runs', runIds: [77] })).rejects.toThrow(
      'None of these runs is in the lab',
    )
    expect(words(await lab.reports.make({ about: 'runs', runIds: [1, 77] }))).toContain('left out: one run.')
  })
})

describe('a report of five seeds', () => {
  const folder = temporaryFolder()
  let lab: Lab
  let report: Report

  /** 60 episodes of 10 steps each; every k-th fails, which is seldomer for sqrl. */
  beforeAll(async () => {
    const store = await openStore(folder.path)
    for (const seed of [0, 1, 2, 3, 4])
      for (const [method, every] of [
        ['sac', 4],
        ['sqrl', 20],
      ] as const) {
        const before = insertRun(store, { method, seed })
        const id = insertRun(store, { phase: 'finetune', method, seed, steps: 600 }, before)
        const episodes = Array.from({ length: 60 }, (_, index) => {
          const failed = (index + 1) % (every + (seed % 2)) === 0
          return episodeRecord(index, {
            return: 30 + seed,
            outcome: failed ? 'failure' : 'success',
            cause: failed ? `lava <${method}>` : null,
          })
        })
        store.applyBatch(id, batch(600, { episodes }))
        store.runs.updateState(id, { state: 'finished', at: 5 })
      }
    store.close()
    lab = await openLab(folder.path, { train: false })
    const runIds = lab.runs
      .list()
      .flatMap(({ id, specification }) => (specification.phase === 'finetune' ? [id] : []))
    report = await lab.reports.gather({ about: 'runs', runIds, title: 'Two methods' })
  }, 30_000)

  afterAll(async () => {
    await lab.close()
    folder[Symbol.dispose]()
  })

  it('sets the safe method against the other seed by seed', () => {
    const text = words(reportDocument(report))
    expect(text).toContain('SQRL failed least: in ')
    expect(text).toMatch(
      /SQRL against SAC: the failure rate is [\d.]+ percentage points lower \(95 % interval −[\d.]+ to −[\d.]+, paired over 5 seeds, d_z −[\d.]+\): better; the return at the end is the same/,
    )
    expect(text).not.toContain('too few seeds')
    expect(text).toContain('lava &lt;sqrl&gt;')
    expect(text).toContain('Before that: pre-training')
  })

  it('tells each panel by itself, with a baseline and figures of its own', async () => {
    const runIds = report.described.map(({ run }) => run.id)
    const page = await lab.reports.make({ about: 'runs', runIds, groupBy: ['method'], facetBy: 'seed' })
    for (const seed of [0, 1, 2, 3, 4]) expect(page).toMatch(new RegExp(`>Results: [^<]*${seed}</h2>`))
    expect(page.match(/<h3>Return over training<\/h3>/g)).toHaveLength(5)
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(words(page).match(/SQRL against SAC: the failure rate is/g)).toHaveLength(5)
  })

  it('keeps its own marks whatever names, notes, tags, causes and errors hold', () => {
    const marks = (page: string) => [...page].filter((letter) => '<>"'.includes(letter)).length
    const told = (text: string): Report => {
      const looks = new Map([...report.looks].map(([id, look]) => [id, { ...look, label: text }]))
      return {
        ...report,
        title: text,
        looks,
        experiments: report.experiments.map((one) => ({ ...one, name: text, note: `x${text}` })),
        runs: report.runs.map((run) => ({ ...run, note: text, tags: [text], error: text })),
        groups: report.groups.map((group) => ({
          ...group,
          look: { ...group.look, label: text },
          causes: new Map([[`c${text}`, 3]]),
        })),
      }
    }
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
          fc.constantFrom(
            '</style><script>alert(1)</script>',
            '"\' onload=x',
            '<!--',
            '</title></desc></svg>',
            '&quot;<',
          ),
        ),
        (text) => {
          const page = reportDocument(told(text))
          expect(page).not.toMatch(/<script|<!--/i)
          // As many letters, so that the figures have as much room for names.
          expect(marks(page)).toBe(marks(reportDocument(told('a'.repeat(text.length)))))
        },
      ),
      { numRuns: 12 },
    )
  })
})

it('has the colours of the app', () => {
  const tokens = readFileSync(new URL('../../../src-renderer/styles/tokens.css', import.meta.url), 'utf8')
  const style = readFileSync(new URL('../../../src-main/lab/reports/style.ts', import.meta.url), 'utf8')
  const own = [...style.matchAll(/^ {2}(--[\w-]+: .+;)$/gm)].map(([, line]) => line)
  expect(own.length).toBeGreaterThan(10)
  for (const line of own) expect(tokens).toContain(line)
})
