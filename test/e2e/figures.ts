import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { z } from 'zod'
import { type App, startApp } from './app.ts'
import { root, runLab } from './programs.ts'

/**
 * The paper's Figures 1, 2, 4, 5, 6 and 7 for DrunkSpider, saved by the app's own export buttons into docs/figures. `npm run figures` with the lab of the
 * study in SQRL_LAB_FIGURES_OF; docs/results/drunk-spider/README.md has the commands that train it, and the numbers of its experiments and runs.
 */
const study = {
  folder: process.env.SQRL_LAB_FIGURES_OF,
  /** SQRL and SAC, goal (6.5, 3.5). */
  comparison: 1,
  /** SQRL on goal (6.5, 2.5), seed 0. */
  failures: 21,
  /** One policy each of Figure 5, whose routes are typical of its threshold. */
  routes: [
    { name: '5-epsilon-0.05', run: 127 },
    { name: '5-epsilon-0.2', run: 119 },
  ],
}
const figures = path.join(root, 'docs/figures')
const failureList = z.array(z.object({ id: z.int(), run: z.int(), phase: z.string(), length: z.int() }))

let folder: string
let lab: string
let app: App
let page: Page

test.describe.configure({ mode: 'serial' })

test.beforeAll(async () => {
  if (study.folder === undefined) throw new Error('Name the lab of the study in SQRL_LAB_FIGURES_OF.')
  folder = await mkdtemp(path.join(tmpdir(), 'sqrl-lab-figures-'))
  lab = path.join(folder, 'study')
  await cp(study.folder, lab, { recursive: true })
})

test.beforeEach(async () => {
  app = await startApp(lab, { viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  page = app.page
})

test.afterEach(() => app.close())

test.afterAll(() => rm(folder, { recursive: true, force: true }))

const open = (address: string) => page.goto(new URL(address, page.url()).href)

async function exportChart(title: RegExp, name: string): Promise<void> {
  for (const [kind, ending] of [
    [/SVG/, 'svg'],
    [/CSV/, 'csv'],
  ] as const) {
    await page.getByRole('button', { name: title }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: kind }).click()
    await (await download).saveAs(path.join(figures, `figure-${name}.${ending}`))
  }
}

async function exportScene(name: string): Promise<void> {
  await page.getByRole('button', { name: 'Export' }).click()
  const dialog = page.getByRole('dialog', { name: 'Export the replay' })
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await (await download).saveAs(path.join(figures, `figure-${name}.png`))
  await dialog.getByRole('button', { name: 'Close' }).click()
}

async function seek(frame: number): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Frame', exact: true })
  await field.fill(String(frame))
  await field.press('Enter')
}

const lastFrame = async () =>
  Number(await page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax'))

async function openReplay(episodeId: number, query = ''): Promise<void> {
  await open(`/replay/${episodeId}${query}`)
  await expect(page.getByTestId('scene')).toHaveAttribute('data-state', 'ready')
}

/** The longest failure of fine-tuning runs that fit. */
async function failureOf(scope: string[]): Promise<number> {
  const found = await withoutApp(() => runLab(['failures', ...scope, '--lab', lab, '--json']))
  const list = failureList.parse(JSON.parse(found)).filter(({ phase }) => phase === 'finetune')
  const [longest] = list.toSorted((one, other) => other.length - one.length)
  if (longest === undefined) throw new Error(`There is no failure: ${scope.join(' ')}.`)
  return longest.id
}

/** A lab is open in one process at a time. */
async function withoutApp<T>(work: () => Promise<T>): Promise<T> {
  await app.close()
  const result = await work()
  app = await startApp(lab, { viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  page = app.page
  return result
}

test('2, 4 and 7: comparisons', async () => {
  await open(`/compare?experiments=${study.comparison}`)
  await expect(page.getByRole('img', { name: /^Cumulative failures/ })).toBeVisible()
  await exportChart(/^Export Return/, '4-return')
  await exportChart(/^Export Cumulative failures/, '7-cumulative-failures')
  await open(`/compare?experiments=${study.comparison}&show=safety`)
  await exportChart(/^Export Return against failure rate/, '2-return-against-failure-rate')
})

test('1 and 6: the critic over the map, and the mask at one frame', async () => {
  const episode = await failureOf(['--run', String(study.failures)])
  await openReplay(episode)
  await page.keyboard.press('3')
  await page.getByRole('tab', { name: 'Critic' }).click()
  await page.keyboard.press('h')
  await expect(page.getByTestId('scene')).toHaveAttribute('data-field', /step/)
  await page.keyboard.press('a')
  await exportScene('1-q-safe')
  await page.keyboard.press('a')
  await page.keyboard.press('h')
  await page.keyboard.press('1')
  await seek((await lastFrame()) - 1)
  await exportScene('6-candidate-actions')
  const timeline = page.getByRole('slider', { name: 'Timeline' })
  await timeline.screenshot({ path: path.join(figures, 'figure-6-failure-probability.png') })
})

for (const { name, run } of study.routes)
  test(`${name}: routes of a policy under 40 seeds`, async () => {
    const episode = await failureOf(['--run', String(run)])
    await openReplay(episode)
    await page.keyboard.press('3')
    await page.keyboard.press('b')
    await seek(0)
    // Who acts is the last checkpoint: the trained policy.
    const actor = page.getByLabel('Acts as')
    const last = actor.locator('option').filter({ hasText: `run ${run}, step 12,000` })
    await actor.selectOption({ label: (await last.first().innerText()).trim() })
    await page.getByLabel('Seeds').fill('40')
    await page.getByRole('button', { name: 'Branch here' }).click()
    await expect(page.getByTestId('branch-result')).toContainText('interval', { timeout: 120_000 })
    await seek(await lastFrame())
    await exportScene(name)
  })
