import { cpus } from 'node:os'
import { openLab } from '../../src-main/lab/lab.ts'
import { openStore } from '../../src-main/store/open.ts'
import { batch, episodeRecord, insertRun, temporaryFolder } from '../store/fixtures.ts'

/** Times what the Compare view and long curves ask of the lab: 50 runs with 20 metrics each, and one metric of a million points. */
const RUNS = 50
const METRICS = 20
const POINTS = 1000
const EPISODES = 2000
const LONG = 1_000_000

export interface ComparisonTimes {
  processor: string
  /** Milliseconds: the first time, and again with the histories at hand. */
  comparisonFirst: number
  comparisonAgain: number
  statistics: number
  longCurveFirst: number
  longCurveAgain: number
  longCurveZoomed: number
  /** The longest that anything else had to wait for the lab meanwhile. */
  longestBlock: number
}

const names = Array.from({ length: METRICS }, (_, index) => `metric${String(index).padStart(2, '0')}`)

function noise(seed: number): () => number {
  let state = seed + 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

async function fill(folder: string): Promise<number> {
  const store = await openStore(folder)
  for (let run = 0; run < RUNS; run++) {
    const random = noise(run)
    const steps = EPISODES * 10
    const runId = insertRun(store, {
      phase: 'finetune',
      seed: run % 5,
      settings: { group: Math.floor(run / 5) },
    })
    const metrics = Array.from({ length: POINTS }, (_, index) => ({
      step: ((index + 1) * steps) / POINTS,
      values: Object.fromEntries(names.map((name) => [name, random()])),
    }))
    const episodes = Array.from({ length: EPISODES }, (_, index) =>
      episodeRecord(index, { return: random(), outcome: random() < 0.02 ? 'failure' : 'success' }),
    )
    store.applyBatch(runId, batch(steps, { metrics, episodes }))
  }
  const random = noise(99)
  const longRun = insertRun(store, { phase: 'finetune', seed: 0, settings: { group: -1 } })
  for (let from = 0; from < LONG; from += 100_000) {
    const metrics = Array.from({ length: 100_000 }, (_, index) => ({
      step: from + index,
      values: { long: random() },
    }))
    store.applyBatch(longRun, batch(from + 100_000, { metrics }))
  }
  store.close()
  return longRun
}

export async function timeComparison(): Promise<ComparisonTimes> {
  using folder = temporaryFolder()
  const longRun = await fill(folder.path)
  const lab = await openLab(folder.path, { train: false })
  let longestBlock = 0
  let last = performance.now()
  const watcher = setInterval(() => {
    longestBlock = Math.max(longestBlock, performance.now() - last)
    last = performance.now()
  }, 1)
  const time = async (work: () => Promise<unknown>) => {
    const start = performance.now()
    await work()
    return performance.now() - start
  }
  const runIds = Array.from({ length: RUNS }, (_, index) => index + 1)
  const compare = () => lab.comparisons.curves({ runIds, figures: names })
  const window = (from?: number, to?: number) => () =>
    lab.metrics.window({ runId: longRun, names: ['long'], ...(from === undefined ? {} : { from, to }) })
  const times: ComparisonTimes = {
    processor: cpus()[0]?.model ?? 'unknown',
    comparisonFirst: await time(compare),
    comparisonAgain: await time(compare),
    statistics: await time(() => lab.comparisons.statistics({ runIds })),
    longCurveFirst: await time(window()),
    longCurveAgain: await time(window()),
    longCurveZoomed: await time(window(400_000, 400_900)),
    longestBlock,
  }
  clearInterval(watcher)
  await lab.close()
  return { ...times, longestBlock }
}

if (import.meta.main) {
  const { processor, ...times } = await timeComparison()
  console.log(processor)
  for (const [name, millis] of Object.entries(times))
    console.log(`${name.padEnd(18)} ${millis.toFixed(0).padStart(6)} ms`)
}
