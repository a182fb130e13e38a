import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CompareOptions, compareRuns } from '../../src-main/lab/comparison.ts'
import { RunHistories } from '../../src-main/lab/comparisons/run-history.ts'
import { rateOverSeeds } from '../../src-main/statistics/proportions.ts'
import { openStore } from '../../src-main/store/open.ts'
import type { Store } from '../../src-main/store/store.ts'
import { batch, episodeRecord, insertRun, temporaryFolder } from '../store/fixtures.ts'

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

async function compare(options: CompareOptions = {}) {
  const { methods } = await compareRuns(1, store.runs.list(), new RunHistories(store), options)
  return methods
}

describe('compareRuns()', () => {
  it('takes final figures from the last 100 training episodes and failures from rollouts too', async () => {
    for (const seed of [0, 1]) {
      const runId = insertRun(store, { phase: 'finetune', seed })
      const training = Array.from({ length: 150 }, (_, index) =>
        episodeRecord(index, {
          return: index < 50 ? 1000 : seed,
          outcome: index < 100 ? 'timeout' : 'success',
        }),
      )
      const rollouts = Array.from({ length: 50 }, (_, index) =>
        episodeRecord(150 + index, {
          kind: 'rollout',
          return: -500,
          outcome: index < 5 ? 'failure' : 'timeout',
        }),
      )
      const evaluation = episodeRecord(200, { kind: 'evaluation', return: 777, outcome: 'failure' })
      store.applyBatch(runId, batch(1000, { episodes: [...training, ...rollouts, evaluation] }))
    }
    const [sqrl] = await compare()
    expect(sqrl).toMatchObject({ method: 'sqrl', episodes: 400, failures: 10 })
    expect(sqrl?.finalReturn).toMatchObject({ mean: 0.5, low: 0, high: 1 })
    expect(sqrl?.successRate).toEqual(rateOverSeeds([0, 1].map(() => ({ events: 50, trials: 100 }))))
    expect(sqrl?.failureRate).toEqual(rateOverSeeds([0, 1].map(() => ({ events: 5, trials: 200 }))))
    expect(sqrl?.pretraining).toMatchObject({ episodes: 0, failures: 0, finalReturn: { mean: null } })
  })

  it('leaves a seed without episodes out of the means', async () => {
    const [first] = [
      insertRun(store, { phase: 'finetune' }),
      insertRun(store, { phase: 'finetune', seed: 1 }),
    ]
    store.applyBatch(first, batch(10, { episodes: [episodeRecord(0, { return: 3, outcome: 'success' })] }))
    const [sqrl] = await compare()
    expect(sqrl?.finalReturn).toEqual({ mean: 3, low: null, high: null })
    expect(sqrl?.failureRate.mean).toBe(0)
    expect(sqrl?.runs).toHaveLength(2)
  })

  it('has a row for each swept value, and shows the pre-training that they share in each of them', async () => {
    const pretrainRunId = insertRun(store, { phase: 'pretrain' })
    for (const epsilonSafe of [0.1, 0.2])
      for (const seed of [0, 1])
        insertRun(store, { phase: 'finetune', seed, settings: { sqrl: { epsilonSafe } } }, pretrainRunId)
    const methods = await compare({ swept: ['sqrl.epsilonSafe'] })
    expect(methods.map(({ swept, runs }) => [swept, runs.map(({ id }) => id)])).toEqual([
      [{ 'sqrl.epsilonSafe': 0.1 }, [1, 2, 3]],
      [{ 'sqrl.epsilonSafe': 0.2 }, [1, 4, 5]],
    ])
  })

  it('averages no runs of unequal lengths or of one seed, and takes figures where all have got to', async () => {
    for (const [seed, episodes] of [40, 60].entries())
      store.applyBatch(
        insertRun(store, { phase: 'finetune', seed }),
        batch(10 * episodes, {
          episodes: Array.from({ length: episodes }, (_, index) => episodeRecord(index, { return: index })),
        }),
      )
    const [apart] = await compare()
    expect(apart).toMatchObject({ episodes: 100, finalReturn: { mean: null }, failureRate: { mean: null } })
    expect(apart?.refusals).toEqual([
      'Not averaged: its runs end at different steps, 400 to 600. Compare at the step that all have reached, or leave the shorter runs out.',
    ])
    const [cut] = await compare({ until: 'common' })
    expect(cut).toMatchObject({ episodes: 80, finalReturn: { mean: 19.5 }, refusals: [] })

    const again = insertRun(store, { phase: 'finetune', seed: 1 })
    store.applyBatch(again, batch(600, { episodes: [episodeRecord(0)] }))
    const [twice] = await compare({ until: 'common' })
    expect(twice?.finalReturn.mean).toBeNull()
    expect(twice?.refusals.join()).toContain('3 runs have only 2 different seeds')
  })
})
