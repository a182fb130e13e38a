import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DryRunProgress } from '../../src-main/contract/transfer-measurements.ts'
import { type Lab, openLab } from '../../src-main/lab/lab.ts'
import { forkWorker, type StartWorker } from '../../src-main/training/worker-process.ts'
import { temporaryFolder } from '../store/fixtures.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let folder: ReturnType<typeof temporaryFolder>
let lab: Lab
let alive = 0
let atOnce = 0

/** Real workers, counted. */
const startWorker: StartWorker = () => {
  const worker = forkWorker()
  alive++
  atOnce = Math.max(atOnce, alive)
  worker.onExit(() => alive--)
  return worker
}

beforeEach(async () => {
  folder = temporaryFolder()
  atOnce = 0
  lab = await openLab(folder.path, { slots: 2, startWorker })
})

afterEach(async () => {
  await lab.close()
  folder[Symbol.dispose]()
})

const request = (changes: Record<string, unknown> = {}) => ({
  environment: 'drunk-spider',
  methods: ['sqrl', 'sac'],
  seeds: [0, 1, 2],
  settings: { 'sac.hiddenSizes': [16] },
  ...changes,
})

describe('transferCases().dryRun()', () => {
  it('measures every method and phase by training, works out the whole, and leaves nothing behind', async () => {
    const files = readdirSync(folder.path)
    const reports: DryRunProgress[] = []
    for await (const report of lab.transfers.dryRun({ request: request(), secondsEach: 0.5 }))
      reports.push(report)
    const last = reports.at(-1)
    expect(last?.refusal).toBeNull()
    expect(last?.measurements.map(({ method, phase }) => `${method} ${phase}`).sort()).toEqual([
      'sac finetune',
      'sac pretrain',
      'sqrl finetune',
      'sqrl pretrain',
    ])
    for (const { stepsPerSecond, low, high, checkpointBytes, memoryMegabytes } of last?.measurements ?? []) {
      expect(low).toBeLessThan(stepsPerSecond)
      expect(high).toBeGreaterThan(stepsPerSecond)
      expect(checkpointBytes).toBeGreaterThan(1000)
      expect(memoryMegabytes).toBeGreaterThan(10)
    }
    const seconds = last?.result?.seconds ?? { low: 0, high: 0 }
    const slowest = Math.min(...(last?.measurements ?? []).map(({ low }) => low))
    const fastest = Math.max(...(last?.measurements ?? []).map(({ high }) => high))
    // Twelve runs of 12,000 and 3,000 steps on two slots.
    expect(seconds.low).toBeGreaterThan((6 * 15_000) / 2 / fastest)
    expect(seconds.high).toBeLessThan((6 * 15_000) / slowest)
    expect(seconds.high).toBeGreaterThan(seconds.low)
    expect(last?.result).toMatchObject({ slots: 2, trainingBeside: 0 })
    expect(atOnce).toBe(2)
    expect(alive).toBe(0)
    expect([lab.runs.list(), lab.experiments.list()]).toEqual([[], []])
    expect(readdirSync(folder.path)).toEqual(files)
  })

  it('measures the first and the last of a sweep over settings, and counts all of its runs', async () => {
    const sweep = request({
      methods: ['sac'],
      settings: { 'sac.hiddenSizes': [16], 'finetune.sac.batchSize': { each: [8, 16, 32] } },
    })
    const reports: DryRunProgress[] = []
    for await (const report of lab.transfers.dryRun({ request: sweep, secondsEach: 0.5 }))
      reports.push(report)
    const { measurements = [], result } = reports.at(-1) ?? {}
    expect(measurements.map(({ phase }) => phase).sort()).toEqual(['finetune', 'finetune', 'pretrain'])
    const fastest = Math.max(...measurements.map(({ high }) => high))
    // Three pre-training runs of 12,000 steps and nine fine-tuning runs of 3,000, on two slots.
    expect(result?.seconds.low).toBeGreaterThan((3 * 12_000 + 9 * 3_000) / 2 / fastest)
  })

  it('ends its workers at once when the caller leaves', async () => {
    const dryRun = lab.transfers.dryRun({ request: request(), secondsEach: 60 })
    await dryRun.next()
    await vi.waitFor(() => expect(alive).toBe(2))
    await dryRun.return()
    await vi.waitFor(() => expect(alive).toBe(0))
  })

  it('refuses what could not be started, before any worker is', () => {
    const wrong = request({ settings: { 'sqrl.epsilonSafe': 7 } })
    expect(() => lab.transfers.dryRun({ request: wrong, secondsEach: 1 })).toThrow(
      'The setting sqrl.epsilonSafe is not valid: At most 1.',
    )
    expect(atOnce).toBe(0)
  })
})
