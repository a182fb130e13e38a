import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshEpisode } from '../../src-main/contract/episode-references.ts'
import type { TransferRequest } from '../../src-main/contract/transfer.ts'
import { type Lab, openLab } from '../../src-main/lab/lab.ts'
import { planTransfer } from '../../src-main/lab/transfer.ts'
import { openStore } from '../../src-main/store/open.ts'
import { temporaryFolder } from '../store/fixtures.ts'
import { recordOf } from '../training/scripted.ts'

const request: TransferRequest = {
  environment: 'drunk-spider',
  methods: ['cpo'],
  seeds: [3],
  pretrainSteps: 900,
  finetuneSteps: 500,
  settings: {
    'cpo.hiddenSizes': [16, 12],
    'cpo.batchSteps': 200,
    'cpo.valueUpdates': 10,
    'cpo.valueBatchSize': 32,
    'recording.evaluationEvery': 500,
    'recording.evaluationEpisodes': 2,
    'recording.metricsEvery': 100,
  },
}

describe('a transfer of CPO, trained by real workers', { timeout: 120_000 }, () => {
  const folder = temporaryFolder()
  let records: ReturnType<typeof recordOf>[]
  let lab: Lab
  beforeAll(async () => {
    const training = await openLab(folder.path, { slots: 1 })
    training.experiments.start(request)
    await training.whenIdle()
    await training.close()
    const store = await openStore(folder.path)
    records = [1, 2].map((id) => recordOf(store, id))
    store.close()
    lab = await openLab(folder.path, { train: false })
  }, 120_000)
  afterAll(async () => {
    await lab.close()
    folder[Symbol.dispose]()
  })

  it('finishes both phases and measures its updates', async () => {
    expect(lab.runs.list().map(({ state, error }) => [state, error])).toEqual([
      ['finished', null],
      ['finished', null],
    ])
    const { metrics = {} } = records[0] ?? {}
    expect(metrics.expectedCost?.steps).toEqual([200, 400, 600, 800])
    expect(Math.max(...(metrics.kl?.values ?? []))).toBeLessThanOrEqual(0.03)
    expect(metrics.chosenQSafe).toBeUndefined()
  })

  it('replays its failures, state by state', async () => {
    const { failures } = lab.failures.list({})
    expect(new Set(failures.map(({ runId }) => runId))).toEqual(new Set([1, 2]))
    for (const { id } of failures.slice(0, 20))
      expect(await lab.replays.verify({ episodeId: id })).toMatchObject({ episodeId: id, verified: true })
  })

  it('acts from its checkpoints as it was evaluated, and as a branch of a failure', async () => {
    const checkpoint = lab.checkpoints.list(2).at(-1)
    if (!checkpoint) throw new Error('The run has no checkpoint.')
    const evaluations = records[1]?.evaluations.filter(({ step }) => step === checkpoint.step) ?? []
    expect(evaluations).toHaveLength(2)
    for (const { seed, outcome, length, return: total } of evaluations) {
      const asked = { checkpointId: checkpoint.id, masked: false, actions: 'deterministic', seed }
      const { episode } = await lab.replays.get({ fresh: freshEpisode.parse(asked) })
      expect(episode).toMatchObject({ outcome, length, return: total, finalQSafe: null })
    }
    const [failure] = lab.failures.list({}).failures
    const outcomes: unknown[] = []
    for await (const { simulated } of lab.replays.branch({
      episodeId: failure?.id ?? 0,
      checkpointId: checkpoint.id,
      masked: false,
      actions: 'sampled',
      frame: 0,
      noise: 'seeded',
      seeds: [0, 1],
    }))
      outcomes.push(simulated)
    expect(outcomes).toHaveLength(2)
  })
})

describe('planTransfer()', () => {
  const sentenceOf = (changes: Partial<TransferRequest>) => {
    try {
      planTransfer({ ...request, ...changes })
      return null
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  it('lets fine-tuning have its own limit, and refuses networks of other widths', () => {
    expect(sentenceOf({ settings: { 'finetune.cpo.epsilonSafe': 0.02 } })).toBeNull()
    expect(sentenceOf({ settings: { 'finetune.cpo.hiddenSizes': [8] } })).toContain(
      'hidden layers of 256, 256 units',
    )
  })
})
