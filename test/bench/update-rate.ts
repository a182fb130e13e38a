import { parseArgs } from 'node:util'
import {
  createUpdateTimer,
  robotSizes,
  spiderSizes,
  type UpdateTimer,
} from '../../src-main/algorithms/update-rate.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { loadEagerEngine } from '../../src-main/engine/eager/eager-engine.ts'
import { createMatrixTimer, productSide } from './matrix-limit.ts'

/**
 * SAC updates per second of both engines beside the speed of a matrix product in the same ONNX Runtime. Rates are
 * in processor time, in short windows in turn, so that what else the machine does falls on all of them; still, only the ratios mean
 * something where anything else runs.
 */
const usage = 'Usage: npm run bench [-- --rounds N --seconds N --json]'

/** Multiplications and additions of one update's matrix products at the robot's sizes, forward and backward: 690 to 710 million by counting. */
const FLOP_PER_ROBOT_UPDATE = 700e6

interface Contender {
  name: string
  measure: UpdateTimer
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = positiveOrExit('--rounds', values.rounds)
const seconds = positiveOrExit('--seconds', values.seconds)

const eager = await loadEagerEngine()
const contenders: Contender[] = [
  { name: 'robot, compiled', measure: await createUpdateTimer(compiledEngine, robotSizes) },
  { name: 'spider, compiled', measure: await createUpdateTimer(compiledEngine, spiderSizes) },
]
if (!('unavailable' in eager)) {
  contenders.push({ name: 'robot, eager', measure: await createUpdateTimer(eager, robotSizes) })
  contenders.push({ name: 'spider, eager', measure: await createUpdateTimer(eager, spiderSizes) })
}
const multiply = await createMatrixTimer()

const windows = contenders.map(() => [] as number[])
const products: number[] = []
for (let round = 0; round < rounds; round++) {
  for (const [index, { measure }] of contenders.entries()) windows[index]?.push(await measure(seconds))
  products.push(await multiply(seconds / 2))
}

const gigaflopsPerSecond = median(products)
const limit = (gigaflopsPerSecond * 1e9) / FLOP_PER_ROBOT_UPDATE
const rates = Object.fromEntries(contenders.map(({ name }, i) => [name, median(windows[i] ?? [])]))
const rate = (name: string) => rates[name] ?? null
const ratio = (a: number | null, b: number | null) => (a === null || b === null ? null : a / b)
const result = {
  engine: compiledEngine.name,
  sizes: { robot: robotSizes, spider: spiderSizes },
  rounds,
  secondsPerWindow: seconds,
  updatesPerSecond: rates,
  matrixProduct: { side: productSide, gigaflopsPerSecond, robotUpdatesPerSecond: limit },
  ratios: {
    'compiled to eager, robot': ratio(rate('robot, compiled'), rate('robot, eager')),
    'compiled to eager, spider': ratio(rate('spider, compiled'), rate('spider, eager')),
    'compiled to the limit, robot': ratio(rate('robot, compiled'), limit),
  },
  eager: 'unavailable' in eager ? eager.unavailable : eager.name,
}

if (values.json) console.log(JSON.stringify(result, null, 2))
else {
  console.log(
    `Medians of ${rounds} windows of ${seconds} s, one thread, measured in turn; seconds of processor time.`,
  )
  for (const [name, updates] of Object.entries(rates)) printLine(name, `${updates.toFixed(1)} updates/s`)
  printLine(
    `sgemm ${productSide}^3`,
    `${gigaflopsPerSecond.toFixed(0)} GFLOP/s, ${limit.toFixed(1)} robot updates/s at most`,
  )
  for (const [name, value] of Object.entries(result.ratios))
    if (value !== null) printLine(name, `${value.toFixed(2)}`)
  if ('unavailable' in eager) console.log(eager.unavailable)
}

function printLine(name: string, figure: string): void {
  console.log(`${name.padEnd(30)}${figure}`)
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

function positiveOrExit(option: string, text: string): number {
  const value = Number(text)
  if (value > 0) return value
  console.error(`${option} takes a number above 0, not ${text}. ${usage}`)
  process.exit(2)
}
