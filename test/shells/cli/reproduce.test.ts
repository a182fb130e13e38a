import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { run } from '../../../src-main/contract/runs.ts'

const cli = join(import.meta.dirname, '..', '..', '..', 'src-main', 'cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'sqrl-lab-reproduce-'))
const lab = join(folder, 'lab')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

function call(...args: string[]) {
  return spawnSync(process.execPath, [cli, ...args, '--lab', lab], { encoding: 'utf8' })
}
const reproduce = (figure: string, ...more: string[]) =>
  call(
    'reproduce',
    figure,
    ...['--environments', 'drunk-spider-goal-b', '--methods', 'sqrl,sac', '--seeds', '1', '--budget', '0.01'],
    '--json',
    ...more,
  )
const runs = () => z.array(run).parse(JSON.parse(call('runs', '--json').stdout))

const result = z.object({
  folder: z.string(),
  files: z.array(z.string()),
  needed: z.int(),
  finished: z.int(),
  findings: z.array(z.object({ figure: z.string(), target: z.string(), verdict: z.string() })),
})

describe('reproduce with what it cannot do', () => {
  it.each([
    [['reproduce', 'figure-5', '--environments', 'minitaur'], 'figure-5 is shown on drunk-spider alone'],
    [['reproduce', 'figure-3'], 'reproduce takes figure-2'],
    [['reproduce', 'figure-7', '--environments', 'moon'], '--environments takes drunk-spider'],
    [['reproduce', 'figure-7', '--budget', 'much'], '--budget takes paper, or a share'],
    [['reproduce', 'figure-7', '--methods', 'ppo'], '--methods is any of sqrl'],
  ])('says so and makes no lab: %j', (args, sentence) => {
    const { status, stdout, stderr } = call(...args)
    expect(stderr).toContain(sentence)
    expect([status, stdout]).toEqual([2, ''])
    expect(existsSync(lab)).toBe(false)
  })
})

describe('reproduce from an empty lab', () => {
  let first: z.infer<typeof result>
  beforeAll(() => {
    const { status, stdout, stderr } = reproduce('figure-7')
    expect(status, stderr).toBe(0)
    first = result.parse(JSON.parse(stdout))
  })

  it('trains what the figure needs and draws it, and gives no verdict on one seed', () => {
    expect(runs().map(({ state }) => state)).toEqual(['finished', 'finished', 'finished', 'finished'])
    expect(first).toMatchObject({ needed: 2, finished: 2 })
    expect(first.findings).toEqual([
      expect.objectContaining({
        figure: 'figure-7',
        target: 'drunk-spider-goal-b',
        verdict: 'not enough runs',
      }),
    ])
    const read = (name: string) => readFileSync(join(first.folder, name), 'utf8')
    expect(read('figure-7-drunk-spider-goal-b.svg')).toMatch(/^<svg[\s\S]*SQRL[\s\S]*SAC[\s\S]*<\/svg>\n$/)
    expect(read('figure-7-drunk-spider-goal-b.svg')).not.toMatch(/var\(|NaN/)
    expect(read('figure-7-drunk-spider-goal-b.csv').split('\n')[0]).toContain('SQRL: step,SQRL,')
    expect(read('figure-7-drunk-spider-goal-b-results.csv').split('\n')).toHaveLength(4)
    expect(read('report.md')).toContain('Figure 7, drunk-spider-goal-b: not enough runs')
    expect(read('report.md')).toContain('2 of 2 runs are finished')
    expect(read('report.md')).toContain('Left out: ESAC, WCPG, CPO, RS.')
  })

  it('trains nothing twice, and draws other figures from the same runs', () => {
    const { status, stdout, stderr } = reproduce('all', '--report-only', '--out', join(folder, 'again'))
    expect(status, stderr).toBe(0)
    const again = result.parse(JSON.parse(stdout))
    expect(again.findings.map(({ figure }) => figure)).toEqual([
      ...['figure-2', 'figure-4', 'figure-5', 'figure-6', 'figure-7', 'figure-8', 'figure-9'],
      ...['figure-10a', 'figure-10b'],
    ])
    expect(readFileSync(join(folder, 'again', 'figure-2-drunk-spider-goal-b.svg'), 'utf8')).toContain('SQRL')
    const more = reproduce('figure-2')
    expect(more.status, more.stderr).toBe(0)
    expect(runs()).toHaveLength(4)
  })

  it('draws Q_safe along an episode with what the mask refused, from the same runs', () => {
    const { status, stdout, stderr } = reproduce('figure-6', '--out', join(folder, 'risks'))
    expect(status, stderr).toBe(0)
    expect(result.parse(JSON.parse(stdout))).toMatchObject({ needed: 1, finished: 1 })
    expect(runs()).toHaveLength(4)
    const read = (name: string) => readFileSync(join(folder, 'risks', name), 'utf8')
    const name = 'figure-6-drunk-spider-goal-b'
    const rows = (file: string) => {
      const [header = '', ...lines] = read(file).trim().split('\n')
      const names = header.split(',')
      return lines.map((line) => new Map(line.split(',').map((cell, index) => [names[index], cell])))
    }

    const candidates = rows(`${name}.csv`)
    const steps = Map.groupBy(candidates, (row) => row.get('step'))
    expect(candidates).toHaveLength(50 * steps.size)
    for (const [, drawn] of steps) expect(drawn.filter((row) => row.get('role') === 'taken')).toHaveLength(1)
    for (const row of candidates) {
      expect(row.get('action')).toMatch(/^-?[\d.e-]+ -?[\d.e-]+$/)
      if (row.get('role') !== 'taken')
        expect(row.get('role')).toBe(Number(row.get('qSafe')) > 0.1 ? 'masked' : 'allowed')
    }

    // As many arrows as candidates are drawn: a shaft and two barbs are one path.
    const svg = read(`${name}.svg`)
    expect(svg).toMatch(/taken[\s\S]*allowed[\s\S]*masked/)
    expect(svg).not.toMatch(/var\(|NaN/)
    const arrows = svg.match(/<path d="M\S+ \S+L\S+ \S+M\S+ \S+L\S+ \S+L/g) ?? []
    expect(arrows.length).toBeGreaterThanOrEqual(12 * Math.min(40, steps.size))
    expect(arrows.length).toBeLessThanOrEqual(13 * Math.min(40, steps.size))

    const [seed] = rows(`${name}-walks.csv`)
    expect([seed?.get('seed'), seed?.get('masked: episodes'), seed?.get('unmasked: episodes')]).toEqual([
      ...['0', '40', '40'],
    ])
    const most = Math.max(...[...steps.keys()].map(Number)) + 1
    expect(Number(seed?.get('masked: steps'))).toBeGreaterThanOrEqual(most)
    expect(Number(seed?.get('masked: above'))).toBeLessThanOrEqual(Number(seed?.get('masked: steps')))
    expect(read('report.md')).toContain('keeps the failure probability below ε_safe')
    expect(read('report.md')).toMatch(/These are fewer than without the mask \| \S+ percentage points \|/)
  })

  it('trains only what is missing, from the pre-training that is there', () => {
    const before = runs().map(({ id }) => id)
    expect(call('run', 'delete', String(before[1])).status).toBe(0)
    const { status, stderr } = reproduce('figure-4')
    expect(status, stderr).toBe(0)
    const fresh = runs().filter(({ id }) => !before.includes(id))
    expect(fresh.map(({ specification: { method, phase } }) => [method, phase])).toEqual([
      ['sqrl', 'finetune'],
    ])
    expect(fresh[0]?.pretrainRunId).toBe(before[0])
  })

  it('walks with both thresholds over the map, from one pre-training', () => {
    const before = runs().length
    const { status, stdout, stderr } = reproduce('figure-5', '--out', join(folder, 'ways'))
    expect(status, stderr).toBe(0)
    expect(result.parse(JSON.parse(stdout))).toMatchObject({ needed: 2, finished: 2 })
    expect(runs()).toHaveLength(before + 3)
    const read = (name: string) => readFileSync(join(folder, 'ways', name), 'utf8')
    expect(read('figure-5-drunk-spider-bridge.svg')).toMatch(/ε_safe 0.05[\s\S]*ε_safe 0.2/)
    expect(read('figure-5-drunk-spider-bridge.svg')).not.toMatch(/var\(|NaN/)
    const png = readFileSync(join(folder, 'ways', 'figure-5-drunk-spider-bridge.png'))
    // Its size stands after the name of its first chunk: twice that of the SVG.
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([948, 1112])
    // A row for each of 40 walks of both policies.
    const rows = read('figure-5-drunk-spider-bridge.csv').trim().split('\n')
    expect(rows).toHaveLength(81)
    expect(rows[1]).toMatch(
      /^"?SQRL, ε_safe 0.05"?,0,(bridge|detour|neither),(success|failure|timeout),0\.500 /,
    )
  })
})
