import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compareRuns, finalEpisodes } from '../../src-main/lab/comparison.ts'
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

function compare() {
  const { methods } = compareRuns(1, store.runs.list(), (runId) =>
    store.episodes.summarize(runId, finalEpisodes),
  )
  return methods
}

describe('compareRuns()', () => {
  it('takes final figures from the last 100 training episodes and failures from rollouts too', () => {
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
    const [sqrl] = compare()
    expect(sqrl).toMatchObject({ method: 'sqrl', episodes: 400, failures: 10 })
    expect(sqrl?.finalReturn).toMatchObject({ mean: 0.5, low: 0, high: 1 })
    expect(sqrl?.successRate).toEqual(rateOverSeeds([0, 1].map(() => ({ events: 50, trials: 100 }))))
    expect(sqrl?.failureRate).toEqual(rateOverSeeds([0, 1].map(() => ({ events: 5, trials: 200 }))))
    expect(sqrl?.pretraining).toMatchObject({ episodes: 0, failures: 0, finalReturn: { mean: null } })
  })

  it('leaves a seed without episodes out of the means', () => {
    const [first] = [
      insertRun(store, { phase: 'finetune' }),
      insertRun(store, { phase: 'finetune', seed: 1 }),
    ]
    store.applyBatch(first, batch(10, { episodes: [episodeRecord(0, { return: 3, outcome: 'success' })] }))
    const [sqrl] = compare()
    expect(sqrl?.finalReturn).toEqual({ mean: 3, low: null, high: null })
    expect(sqrl?.failureRate.mean).toBe(0)
    expect(sqrl?.runs).toHaveLength(2)
  })

  it('has a row for each swept value, and shows the pre-training that they share in each of them', () => {
    const pretrainRunId = insertRun(store, { phase: 'pretrain' })
    for (const epsilonSafe of [0.1, 0.2])
      for (const seed of [0, 1])
        insertRun(store, { phase: 'finetune', seed, settings: { sqrl: { epsilonSafe } } }, pretrainRunId)
    const summarize = (runId: number) => store.episodes.summarize(runId, finalEpisodes)
    const { methods } = compareRuns(1, store.runs.list(), summarize, ['sqrl.epsilonSafe'])
    expect(methods.map(({ swept, runs }) => [swept, runs.map(({ id }) => id)])).toEqual([
      [{ 'sqrl.epsilonSafe': 0.1 }, [1, 2, 3]],
      [{ 'sqrl.epsilonSafe': 0.2 }, [1, 4, 5]],
    ])
  })
})
