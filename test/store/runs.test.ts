import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../src-main/store/open.ts'
import type { Store } from '../../src-main/store/store.ts'
import { insertRun, specification, temporaryFolder } from './fixtures.ts'

let folder: ReturnType<typeof temporaryFolder>
let store: Store

beforeEach(async () => {
  folder = temporaryFolder()
  store = await openStore(folder.path)
})

afterEach(() => {
  store.close()
  folder[Symbol.dispose]()
})

const provenance = {
  application: '0.1.0',
  gitCommit: 'abc',
  engine: 'compiled',
  threads: 1,
  cpu: 'some',
  platform: 'linux',
  packages: { zod: '4' },
}

describe('runs repository', () => {
  it('gives back what was inserted, queued and with nothing done', () => {
    const id = insertRun(store, { seed: 7 })
    expect(store.runs.get(id)).toEqual({
      id,
      experimentId: 1,
      pretrainRunId: null,
      pretrainCheckpointId: null,
      specification: specification({ seed: 7 }),
      state: 'queued',
      error: null,
      step: 0,
      environmentSteps: 0,
      episodes: 0,
      failures: 0,
      successes: 0,
      recentReturn: null,
      stepsPerSecond: null,
      trainedSeconds: 0,
      createdAt: 2,
      startedAt: null,
      endedAt: null,
      provenance: null,
      note: '',
      tags: [],
      deletedAt: null,
    })
    expect(store.runs.get(id + 1)).toBeNull()
  })

  it('keeps the time of the first start and of the last end', () => {
    const id = insertRun(store)
    const times = () => [store.runs.get(id)?.startedAt, store.runs.get(id)?.endedAt]
    store.runs.updateState(id, { state: 'running', at: 10 })
    store.runs.updateState(id, { state: 'stopped', at: 20 })
    expect(times()).toEqual([10, 20])
    store.runs.updateState(id, { state: 'queued', at: 30 })
    store.runs.updateState(id, { state: 'running', at: 40 })
    expect(times()).toEqual([10, null])
    store.runs.updateState(id, { state: 'finished', at: 50 })
    expect(times()).toEqual([10, 50])
  })

  it('takes the error away with the next state', () => {
    const id = insertRun(store)
    store.runs.updateState(id, { state: 'failed', error: 'No.', at: 1 })
    expect(store.runs.get(id)?.error).toBe('No.')
    store.runs.updateState(id, { state: 'queued', at: 2 })
    expect(store.runs.get(id)?.error).toBeNull()
  })

  it('reads a changed specification and provenance', () => {
    const id = insertRun(store)
    store.runs.get(id)
    store.runs.updateSpecification(id, specification({ steps: 5000 }))
    store.runs.updateProvenance(id, provenance)
    expect(store.runs.get(id)).toMatchObject({ specification: { steps: 5000 }, provenance })
  })

  it('lists as startable what is queued and does not wait, oldest first', () => {
    const [first, pretrain] = [insertRun(store), insertRun(store)]
    const { id: finetune } = store.runs.insert({
      experimentId: 2,
      pretrainRunId: pretrain,
      specification: specification({ phase: 'finetune' }),
      createdAt: 3,
    })
    const startable = (limit = 10) => store.runs.listStartable(limit).map(({ id }) => id)
    expect(startable()).toEqual([first, pretrain])
    expect(startable(1)).toEqual([first])
    store.runs.updateState(first, { state: 'paused', at: 1 })
    store.runs.updateState(pretrain, { state: 'stopped', at: 1 })
    expect(startable()).toEqual([])
    store.runs.updateState(pretrain, { state: 'finished', at: 1 })
    expect(startable()).toEqual([finetune])
  })

  it('lists the runs of experiments in which something trains or waits', () => {
    const [done, waiting] = [insertRun(store), insertRun(store)]
    store.runs.updateState(done, { state: 'finished', at: 1 })
    expect(store.runs.listUnfinished().map(({ id }) => id)).toEqual([waiting])
    expect(store.runs.list().map(({ id }) => id)).toEqual([done, waiting])
    expect(store.runs.listOfExperiment(1).map(({ id }) => id)).toEqual([done])
  })

  it('refuses a run of an experiment that is not there', () => {
    const run = { experimentId: 9, pretrainRunId: null, specification: specification(), createdAt: 1 }
    expect(() => store.runs.insert(run)).toThrow('FOREIGN KEY')
  })
})

describe('experiments repository', () => {
  it('gives back the request as it was made', () => {
    const request = {
      environment: 'drunk-spider' as const,
      methods: ['sqrl' as const],
      seeds: [3],
      preset: 'study' as const,
      pretrainTask: {},
      targetTask: { goal: [6.5, 3.5], map: ['..', '..'] },
      settings: { 'sqrl.epsilonSafe': 0.1, 'pretrain.sac.fast': true },
    }
    const inserted = store.experiments.insert({ name: 'a', createdAt: 4, request })
    expect(store.experiments.get(inserted.id)).toEqual({
      id: inserted.id,
      name: 'a',
      createdAt: 4,
      request,
      note: '',
    })
    expect(store.experiments.list()).toEqual([inserted])
    expect(store.experiments.get(99)).toBeNull()
  })
})
