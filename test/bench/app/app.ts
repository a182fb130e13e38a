import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'
import { transferRequest } from '../../../src-main/contract/transfer.ts'
import { openLab } from '../../../src-main/lab/lab.ts'
import { browserArgs } from '../../e2e/app.ts'
import { findBrowser, runLab, serve } from '../../e2e/programs.ts'
import { timeComparison } from '../comparison.ts'
import { type MadeLab, makeLab, makeSweep } from './made-lab.ts'
import { type LongestTask, timeChange, timeNavigation, traceTasks } from './page-clock.ts'

/**
 * How long a user waits, in a headless browser without a graphics card: a table of 10,000 runs, a comparison of 50 runs, parallel coordinates of 500, a curve of a million points, a
 * seek in a replay, and the longest block of the drawing thread while four workers train and the lab writes what they send.
 */
const usage = 'Usage: npm run bench:app [-- --json --watch-seconds N]'
const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, 'watch-seconds': { type: 'string', default: '20' } },
})
const watchSeconds = Number(values['watch-seconds'])
if (!(watchSeconds > 0)) {
  console.error(`--watch-seconds takes a number above 0. ${usage}`)
  process.exit(2)
}

interface Figure {
  what: string
  milliseconds: number
  processorMilliseconds?: number
}
const figures: Figure[] = []
const note = (what: string, milliseconds: number) => {
  figures.push({ what, milliseconds: Math.round(milliseconds) })
  if (!values.json) console.log(`${what.padEnd(64)}${Math.round(milliseconds)} ms`)
}

/** The longest block of the drawing thread during `act`. */
const noteBlock = async (what: string, act: () => Promise<unknown>) => {
  const tasks = await traceTasks(browser)
  await act()
  const { milliseconds, processorMilliseconds }: LongestTask = await tasks.end()
  const [whole, worked] = [Math.round(milliseconds), Math.round(processorMilliseconds)]
  figures.push({ what, milliseconds: whole, processorMilliseconds: worked })
  if (!values.json) console.log(`${what.padEnd(64)}${whole} ms; at most ${worked} ms of work`)
}

const folder = await mkdtemp(path.join(tmpdir(), 'sqrl-lab-bench-'))
const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserArgs })
try {
  const made = path.join(folder, 'made')
  const facts = await makeLab(made)
  await timeLab()
  await withPage(made, [], async (page, url) => {
    await timeRuns(page, url)
    await timeComparePage(page, url, facts)
    await timeLongCurve(page, url, facts)
  })
  const sweep = path.join(folder, 'sweep')
  const swept = await makeSweep(sweep)
  await withPage(sweep, [], (page, url) => timeParallel(page, url, swept.length))
  const trained = path.join(folder, 'trained')
  await runLab([
    ...['transfer', '--lab', trained, '--environment', 'drunk-spider', '--methods', 'sqrl', '--seeds', '0'],
    ...['--pretrain-steps', '1200', '--finetune-steps', '600'],
  ])
  await withPage(trained, [], timeSeeks)
  const busy = path.join(folder, 'busy')
  await cp(trained, busy, { recursive: true })
  await queueFourRuns(busy)
  await withPage(busy, ['--workers', '4'], timeWatching)
  if (values.json) console.log(JSON.stringify({ figures, made: facts, watchSeconds }, null, 2))
} finally {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
}

async function withPage(
  lab: string,
  options: string[],
  use: (page: Page, url: string) => Promise<void>,
): Promise<void> {
  const served = await serve(lab, 0, options)
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  try {
    // The token in the address becomes a cookie; later addresses do without it.
    await page.goto(served.url)
    await use(page, new URL('/', served.url).href)
  } finally {
    await page.close()
    await served.stop()
  }
}

async function timeLab(): Promise<void> {
  const { processor, ...times } = await timeComparison()
  if (!values.json) console.log(processor)
  note('lab: comparison of 50 runs x 20 metrics, the first time', times.comparisonFirst)
  note('lab: the same again', times.comparisonAgain)
  note('lab: their statistics', times.statistics)
  note('lab: curve of 1,000,000 points, the first time', times.longCurveFirst)
  note('lab: the same again', times.longCurveAgain)
  note('lab: zoomed into it', times.longCurveZoomed)
  note('lab: longest block meanwhile', times.longestBlock)
}

async function timeRuns(page: Page, url: string): Promise<void> {
  await noteBlock('10,000 runs: longest block while they come', async () => {
    note('10,000 runs: first paint of the table', await timeNavigation(page, `${url}runs`, '[role=row] a'))
    await page.waitForTimeout(2000)
  })
  const search = page.getByRole('searchbox').first()
  await noteBlock('10,000 runs: longest block while filtering', async () => {
    note(
      '10,000 runs: filter by a text',
      await timeChange(page, '[data-testid=run-count]', () => search.fill('seed:3')),
    )
    await search.fill('')
    await page.waitForTimeout(500)
  })
  await page.mouse.move(700, 500)
  await noteBlock('10,000 runs: longest block while scrolling', async () => {
    for (let turn = 0; turn < 40; turn++) await page.mouse.wheel(0, 3000)
    await page.waitForTimeout(300)
  })
}

async function timeComparePage(page: Page, url: string, { measured }: MadeLab): Promise<void> {
  const ids = Array.from({ length: measured }, (_, index) => index + 1).join(',')
  await noteBlock('comparison: longest block', async () => {
    note(
      `comparison of ${measured} runs: first curves`,
      await timeNavigation(page, `${url}compare?runs=${ids}`, '[role=img] canvas, canvas'),
    )
    await page.waitForTimeout(2000)
  })
}

async function timeParallel(page: Page, url: string, runs: number): Promise<void> {
  const end = '[role=slider][aria-label="noise, least"]'
  await noteBlock(`parallel coordinates of ${runs} runs: longest block while opening`, async () => {
    note(
      `parallel coordinates of ${runs} runs: opened`,
      await timeNavigation(page, `${url}compare?experiments=1&by=method&show=settings`, end),
    )
    await page.waitForTimeout(2000)
  })
  const axis = await page.locator(end).locator('xpath=..').boundingBox()
  if (axis === null) throw new Error('There is no axis of the noise.')
  const { x, y, height } = axis
  await noteBlock(`parallel coordinates of ${runs} runs: longest block while dragging`, async () => {
    await page.mouse.move(x, y + height)
    await page.mouse.down()
    await page.mouse.move(x, y + height / 4, { steps: 40 })
    await page.waitForTimeout(500)
  })
  await noteBlock(`parallel coordinates of ${runs} runs: longest block when let go`, async () => {
    await page.mouse.up()
    await page.waitForTimeout(1000)
  })
  await noteBlock(
    `parallel coordinates of ${runs} runs: longest block while pointing at groups`,
    async () => {
      for (const chip of await page.getByRole('list', { name: 'Groups' }).getByRole('button').all())
        await chip.hover()
      await page.waitForTimeout(500)
    },
  )
}

async function timeLongCurve(page: Page, url: string, { longRun }: MadeLab): Promise<void> {
  await noteBlock('curve of 1,000,000 points: longest block', async () => {
    note(
      'run with a curve of 1,000,000 points: drawn',
      await timeNavigation(page, `${url}runs/${longRun}`, '[role=img][aria-label^="Critic loss"] canvas'),
    )
    await page.waitForTimeout(2000)
  })
}

async function timeSeeks(page: Page, url: string): Promise<void> {
  await page.goto(`${url}failures`)
  const replay = new URL((await page.locator('a[href*="/replay/"]').first().getAttribute('href')) ?? '', url)
    .href
  const frame = '[data-testid=scene]'
  await noteBlock('replay: longest block while opening', async () => {
    note('replay: opened', await timeNavigation(page, replay, `${frame}[data-state=ready]`))
    await page.waitForTimeout(2000)
  })
  const seeks: number[] = []
  await noteBlock('replay: longest block while seeking', async () => {
    for (const key of ['End', 'Home', 'End', 'Home', 'End', 'Home'])
      seeks.push(await timeChange(page, frame, () => page.keyboard.press(key)))
  })
  note('replay: seek, median of 6', seeks.toSorted((a, b) => a - b)[3] ?? Number.NaN)
}

async function queueFourRuns(folder: string): Promise<void> {
  const lab = await openLab(folder, { train: false })
  lab.experiments.start(
    transferRequest.parse({
      environment: 'drunk-spider',
      methods: ['sqrl'],
      seeds: [0, 1, 2, 3],
      pretrainSteps: 100_000,
      name: 'Four at once',
    }),
  )
  await lab.close()
}

async function timeWatching(page: Page, url: string): Promise<void> {
  for (const [what, address] of [
    ['table of runs', 'runs'],
    ['curves of one run', 'runs/3'],
  ] as const) {
    await page.goto(url + address)
    await page.waitForTimeout(3000)
    await noteBlock(`4 workers write: longest block, ${what}`, () => page.waitForTimeout(watchSeconds * 1000))
  }
}
