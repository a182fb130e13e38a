import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MetricPoint } from '../../src-main/contract/metrics.ts'
import { LabError } from '../../src-main/lab/errors.ts'
import type { Lab } from '../../src-main/lab/lab.ts'
import { openStore } from '../../src-main/store/open.ts'
import { frames, insertRun, specification, temporaryFolder } from '../store/fixtures.ts'
import { until } from '../training/scripted.ts'
import { openTestLab, transfer } from './test-lab.ts'

// Other processes take their time on a busy machine; the limit is only there so that a broken test ends.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: ReturnType<typeof temporaryFolder>
let lab: Lab

beforeEach(async () => {
  folder = temporaryFolder()
  lab = await openTestLab(folder.path)
})

afterEach(async () => {
  await lab.close()
  folder[Symbol.dispose]()
})

async function finishedTransfer() {
  const experiment = lab.experiments.start(transfer())
  await lab.whenIdle()
  return experiment
}

describe('experiments', () => {
  it('start() queues what was planned and trains it to the end', async () => {
    const experiment = lab.experiments.start(transfer({ name: 'first' }))
    expect(experiment).toMatchObject({ name: 'first', request: { preset: 'quick', seeds: [0, 1] } })
    expect(lab.experiments.get(experiment.id)).toEqual(experiment)
    expect(lab.experiments.list()).toEqual([experiment])
    await lab.whenIdle()
    const runs = lab.runs.list()
    expect(runs.map(({ state, step }) => [state, step])).toEqual(
      [200, 100, 200, 100, 200, 100, 200, 100].map((steps) => ['finished', steps]),
    )
    expect(runs.map(({ pretrainRunId }) => pretrainRunId)).toEqual([null, 1, null, 3, null, 5, null, 7])
  })

  it('start() refuses what is no request, and nothing is inserted', () => {
    expect(() => lab.experiments.start(transfer({ seeds: [] }))).toThrow(
      expect.objectContaining({ code: 'INVALID', message: expect.stringContaining('seeds') }),
    )
    expect(lab.experiments.list()).toEqual([])
  })

  it('start() inserts nothing of a plan that does not hold together', async () => {
    await lab.close()
    lab = await openTestLab(folder.path, {
      planTransfer: () => [
        { key: 'a', startsFrom: null, specification: specification() },
        { key: 'b', startsFrom: 'c', specification: specification() },
      ],
    })
    expect(() => lab.experiments.start(transfer())).toThrow('Planned run b starts from c, which comes later.')
    expect(lab.experiments.list()).toEqual([])
    expect(lab.runs.list()).toEqual([])
  })

  it('compare() counts fine-tuning, with pre-training beside it', async () => {
    const { id } = await finishedTransfer()
    const result = await lab.experiments.compare(id)
    expect(result.methods.map(({ method }) => method)).toEqual(['sqrl', 'sac'])
    const [sqrl] = result.methods
    expect(sqrl?.runs.map(({ id, seed, phase, steps }) => [id, seed, phase, steps])).toEqual([
      [1, 0, 'pretrain', 200],
      [2, 0, 'finetune', 100],
      [3, 1, 'pretrain', 200],
      [4, 1, 'finetune', 100],
    ])
    const finetunes = [2, 4].map((runId) => lab.runs.get(runId))
    expect(sqrl?.episodes).toBe(finetunes.reduce((sum, run) => sum + run.episodes, 0))
    expect(sqrl?.failures).toBe(finetunes.reduce((sum, run) => sum + run.failures, 0))
    const rates = finetunes.map((run) => run.failures / run.episodes)
    expect(sqrl?.failureRate.mean).toBeCloseTo(((rates[0] ?? 0) + (rates[1] ?? 0)) / 2, 12)
    expect(sqrl?.pretraining.episodes).toBe([1, 3].reduce((sum, id) => sum + lab.runs.get(id).episodes, 0))
  })

  it('get() and compare() say which experiment is missing', async () => {
    const missing = expect.objectContaining({ code: 'NOT_FOUND', message: 'There is no experiment 9.' })
    expect(() => lab.experiments.get(9)).toThrow(missing)
    await expect(lab.experiments.compare(9)).rejects.toThrow(missing)
  })
})

describe('runs', () => {
  it('watch() begins with all runs and ends with the truth', async () => {
    lab.experiments.start(transfer({ seeds: [0] }))
    const seen = new Map<number, string>()
    const batches: number[] = []
    for await (const runs of lab.runs.watch()) {
      batches.push(runs.length)
      for (const run of runs) seen.set(run.id, run.state)
      if ([...seen.values()].every((state) => state === 'finished')) break
    }
    expect(batches.slice(0, 2)).toEqual([4, 0])
    expect([...seen.keys()]).toEqual([4, 3, 2, 1])
  })

  it('watch() ends when its signal is given, when its reader leaves and when the lab closes', async () => {
    const controller = new AbortController()
    const watchers = [lab.runs.watch(controller.signal), lab.runs.watch(), lab.runs.watch()] as const
    for (const watcher of watchers) await watcher.next()
    const waiting = watchers.map((watcher) => watcher.next())
    controller.abort()
    await expect(waiting[0]).resolves.toMatchObject({ done: true })
    await watchers[1].return()
    await expect(waiting[1]).resolves.toMatchObject({ done: true })
    await lab.close()
    await expect(waiting[2]).resolves.toMatchObject({ done: true })
  })

  it('pause(), resume(), stop() and extend() return the run as it is then', async () => {
    lab.experiments.start(transfer({ methods: ['sqrl'], seeds: [0], settings: { holdAt: 60 } }))
    await until(() => lab.runs.get(1).step === 60)
    expect(lab.runs.pause(1).state).toBe('pausing')
    await lab.whenIdle()
    expect(lab.runs.extend(1, 50).specification.steps).toBe(250)
    expect(lab.runs.stop(1).state).toBe('stopped')
    expect(lab.runs.resume(1).state).toBe('running')
    await until(() => lab.runs.get(2).step === 60)
    expect(lab.runs.get(1)).toMatchObject({ state: 'finished', step: 250 })
    expect(lab.runs.stop(2).state).toBe('stopping')
    await lab.whenIdle()
  })

  it('get() says which run is missing', () => {
    expect(() => lab.runs.get(5)).toThrow(new LabError('NOT_FOUND', 'There is no run 5.'))
  })
})

describe('metrics', () => {
  it('watch() gives every point once, from the past into the end of the run', async () => {
    lab.experiments.start(transfer({ methods: ['sqrl'], seeds: [0], settings: { holdAt: 95 } }))
    await until(() => lab.runs.get(1).step === 95)
    const points: MetricPoint[] = []
    for await (const batch of lab.metrics.watch({ runId: 1, names: ['loss'], afterStep: 40 })) {
      if (points.length === 0) {
        lab.runs.pause(1)
        await until(() => lab.runs.get(1).state === 'paused')
        lab.runs.resume(1)
      }
      points.push(...batch)
    }
    const { loss } = lab.metrics.history({ runId: 1, names: ['loss'] })
    expect(lab.runs.get(1).state).toBe('finished')
    expect(points.map(({ step }) => step)).toEqual(loss?.steps.filter((step) => step > 40))
    expect(points.map(({ values }) => values.loss)).toEqual(loss?.values.slice(4))
  })

  it('watch() of an ended run gives its points and ends', async () => {
    await finishedTransfer()
    const batches: MetricPoint[][] = []
    for await (const batch of lab.metrics.watch({ runId: 2, afterStep: -1 })) batches.push(batch)
    expect(batches).toHaveLength(1)
    expect(batches[0]?.[0]).toEqual({ step: 10, values: expect.objectContaining({ pretrainedSteps: 200 }) })
    expect(batches[0]).toHaveLength(10)
  })

  it('history() says which run is missing', () => {
    expect(() => lab.metrics.history({ runId: 5 })).toThrow('There is no run 5.')
  })
})

describe('episodes, failures and checkpoints', () => {
  it('lead from the list of failures to the frames', async () => {
    const { id } = await finishedTransfer()
    const { total, failures } = lab.failures.list({ experimentId: id })
    expect(total).toBe(failures.length)
    expect(total).toBeGreaterThan(0)
    expect(lab.failures.list({ experimentId: id, limit: 1, offset: 1 })).toEqual({
      total,
      failures: failures.slice(1, 2),
    })
    const [first] = failures
    if (first === undefined) throw new Error('There is no failure.')
    expect(first).toMatchObject({ outcome: 'failure', cause: 'lava', method: 'sqrl', seed: 0 })
    expect(lab.failures.get(first.id)).toEqual(first)
    expect(lab.frames(first.id)).toEqual(frames(-first.return))
    expect(lab.episodes.list({ runId: first.runId, fromIndex: first.index, limit: 1 })).toEqual([
      expect.objectContaining({ id: first.id }),
    ])
  })

  it('say what is missing', async () => {
    await finishedTransfer()
    const success = lab.episodes.list({ runId: 1 }).find(({ outcome }) => outcome === 'success')
    if (success === undefined) throw new Error('There is no success.')
    expect(() => lab.failures.get(success.id)).toThrow(`There is no failure episode ${success.id}.`)
    expect(() => lab.frames(success.id)).toThrow(`Episode ${success.id} kept no frames`)
    expect(() => lab.frames(9999)).toThrow('There is no episode 9999.')
    expect(() => lab.failures.list({ runId: 99 })).toThrow('There is no run 99.')
    expect(() => lab.failures.list({ experimentId: 99 })).toThrow('There is no experiment 99.')
    expect(() => lab.checkpoints.list(99)).toThrow('There is no run 99.')
    expect(() => lab.checkpointBundle(99)).toThrow('There is no checkpoint 99.')
  })

  it('keep every checkpoint, the newest resumable', async () => {
    await finishedTransfer()
    const checkpoints = lab.checkpoints.list(1)
    expect(checkpoints.map(({ step, resumable }) => [step, resumable])).toEqual([
      [100, false],
      [200, true],
    ])
    expect(lab.checkpointBundle(checkpoints[0]?.id ?? 0).arrays.policy?.[1]).toBe(100)
  })
})

describe('status', () => {
  it('counts what trains and waits, and is quiet when all is done', async () => {
    expect(lab.status()).toMatchObject({ slots: 2, running: 0, queued: 0, progress: null, secondsLeft: null })
    lab.experiments.start(transfer({ settings: { holdAt: 50 } }))
    await until(() => lab.runs.get(1).step === 50 && lab.runs.get(3).step === 50)
    const status = lab.status()
    expect(status).toMatchObject({ running: 2, queued: 6 })
    expect(status.progress).toBeCloseTo(100 / 1200, 12)
    expect(status.secondsLeft?.low).toBeGreaterThan(0)
    expect(status.secondsLeft?.high).toBeGreaterThanOrEqual(status.secondsLeft?.low ?? 0)
    expect(status.databaseBytes).toBeGreaterThan(0)
    expect(lab.databaseSizes().fileBytes).toBeGreaterThan(0)
  })

  it('counts one experiment alone where it alone is trained', async () => {
    await lab.close()
    lab = await openTestLab(folder.path, { train: false })
    lab.experiments.start(transfer({ settings: { holdAt: 50 } }))
    const { id } = lab.experiments.start(transfer({ settings: { holdAt: 50 }, seeds: [0] }))
    expect(lab.status()).toMatchObject({ running: 0, queued: 12 })
    lab.trainOnly(id)
    await until(() => lab.runs.list().filter(({ step }) => step === 50).length === 2)
    expect(lab.status()).toMatchObject({ running: 2, queued: 2 })
    expect(lab.status().progress).toBeCloseTo(100 / 600, 12)
  })

  it('watchStatus() begins with now and ends with nothing left', async () => {
    lab.experiments.start(transfer({ methods: ['sqrl'] }))
    let last = lab.status()
    for await (const status of lab.watchStatus()) {
      last = status
      if (status.running + status.queued === 0) break
    }
    expect(last).toMatchObject({ running: 0, queued: 0, progress: null })
  })
})

describe('openLab()', () => {
  it('trains as many at once as was chosen before, unless it is told otherwise', async () => {
    expect(lab.setSlots(7).slots).toBe(7)
    await lab.close()
    lab = await openTestLab(folder.path, { slots: undefined })
    expect(lab.status().slots).toBe(7)
    await lab.close()
    lab = await openTestLab(folder.path, { slots: 3 })
    expect(lab.status().slots).toBe(3)
  })

  it('finds runs that a crash left in progress interrupted', async () => {
    await lab.close()
    const store = await openStore(folder.path)
    const ids = (['running', 'pausing', 'stopping'] as const).map((state) => {
      const id = insertRun(store)
      store.runs.updateState(id, { state, at: 5 })
      return id
    })
    store.close()
    lab = await openTestLab(folder.path)
    for (const id of ids) {
      expect(lab.runs.get(id)).toMatchObject({
        state: 'interrupted',
        error: 'The lab ended while this run trained. Resume it to go on from its last checkpoint.',
      })
    }
  })

  it('goes on with queued runs, unless it is only opened to look', async () => {
    await lab.close()
    const store = await openStore(folder.path)
    insertRun(store, { steps: 100 })
    store.close()
    lab = await openTestLab(folder.path, { train: false })
    await lab.whenIdle()
    expect(lab.runs.get(1).state).toBe('queued')
    await lab.close()
    lab = await openTestLab(folder.path)
    await lab.whenIdle()
    expect(lab.runs.get(1).state).toBe('finished')
  })

  it('refuses a lab that is open', async () => {
    await expect(openTestLab(folder.path)).rejects.toMatchObject({ code: 'BUSY' })
  })
})
