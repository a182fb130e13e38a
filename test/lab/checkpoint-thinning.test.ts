import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { droppedBy } from '../../src-main/lab/checkpoint-thinning.ts'
import type { Lab } from '../../src-main/lab/lab.ts'
import { openStore } from '../../src-main/store/open.ts'
import { batch, checkpointParts, episodeRecord, insertRun, temporaryFolder } from '../store/fixtures.ts'
import { openTestLab } from './test-lab.ts'

let folder: ReturnType<typeof temporaryFolder>
let lab: Lab | null = null

beforeEach(() => {
  folder = temporaryFolder()
})

afterEach(async () => {
  await lab?.close()
  lab = null
  folder[Symbol.dispose]()
})

const checkpoint = (step: number) => ({ id: step, runId: 1, step, createdAt: 0, bytes: 10, resumable: false })

describe('droppedBy()', () => {
  it('keeps the last ones and every n-th of those before', () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8].map(checkpoint)
    const dropped = (last: number, every: number) =>
      droppedBy({ keep: 'some', last, every }, all).map(({ step }) => step)
    expect(dropped(1, 3)).toEqual([2, 3, 5, 6])
    expect(dropped(3, 100)).toEqual([2, 3, 4, 5])
    expect(dropped(8, 2)).toEqual([])
    expect(dropped(1, 1)).toEqual([])
    expect(droppedBy({ keep: 'all' }, all)).toEqual([])
  })
})

describe('thinningCases()', () => {
  const rule = { keep: 'some', last: 1, every: 100 } as const

  /** Run 1 has finished with checkpoints at 100 to 600 and a marked episode at 250; run 2 started from its third; run 3 is paused. */
  async function prepared(): Promise<Lab> {
    const store = await openStore(folder.path)
    const runId = insertRun(store)
    for (const step of [100, 200, 300, 400, 500, 600])
      store.applyCheckpoint(
        runId,
        batch(step, { episodes: step === 300 ? [episodeRecord(0, { step: 250 })] : [] }),
        checkpointParts(step, 0),
      )
    store.runs.updateState(runId, { state: 'finished', at: 5 })
    const [first, second, third, fourth] = store.checkpoints.listOfRun(runId)
    const finetune = insertRun(store, { phase: 'finetune' }, runId)
    store.runs.updatePretrainCheckpoint(finetune, fourth?.id ?? 0)
    store.runs.updateState(finetune, { state: 'finished', at: 6 })
    const paused = insertRun(store)
    for (const step of [100, 200, 300]) store.applyCheckpoint(paused, batch(step), checkpointParts(step, 0))
    store.runs.updateState(paused, { state: 'paused', at: 7 })
    const episode = store.episodes.listOfRun(runId, 0, 1)[0]
    store.marks.insert({ episodeId: episode?.id ?? 0, frame: 0, label: 'here' })
    store.close()
    expect([first, second, third].every((item) => item !== undefined)).toBe(true)
    lab = await openTestLab(folder.path, { train: false })
    return lab
  }

  const steps = (opened: Lab, runId: number) => opened.checkpoints.list(runId).map(({ step }) => step)

  it('says what would go and deletes nothing, then deletes that, and never what is needed', async () => {
    const opened = await prepared()
    const trial = await opened.checkpoints.thinOut({ rule, isTrial: true })
    // Of 200 to 500: 200 and 300 lie around the marked episode, run 2 started from 400.
    expect(trial).toMatchObject({ runs: 1, checkpoints: 1, needed: 3, unfinished: 1 })
    expect(trial.bytes).toBeGreaterThan(0)
    expect(steps(opened, 1)).toHaveLength(6)
    expect(await opened.checkpoints.thinOut({ rule, isTrial: false })).toEqual(trial)
    expect(steps(opened, 1)).toEqual([100, 200, 300, 400, 600])
    expect(steps(opened, 3)).toEqual([100, 200, 300])
    expect(opened.runs.get(2).pretrainCheckpointId).not.toBeNull()
    expect(opened.runs.log(1).at(-1)?.text).toBe(
      '1 checkpoint was deleted to make room, from step 500 to 500.',
    )
    expect(await opened.checkpoints.thinOut({ rule, isTrial: false })).toMatchObject({ checkpoints: 0 })
  })

  it('thins out a run as it finishes, by the rule that the lab keeps', async () => {
    lab = await openTestLab(folder.path)
    expect(lab.checkpoints.rule()).toEqual({ keep: 'all' })
    lab.checkpoints.setRule(rule)
    await lab.close()
    lab = await openTestLab(folder.path)
    expect(lab.checkpoints.rule()).toEqual(rule)
    lab.experiments.start({ environment: 'drunk-spider', methods: ['sqrl'], seeds: [0] })
    await lab.whenIdle()
    expect(lab.runs.list().map(({ state }) => state)).toEqual(['finished', 'finished'])
    lab.runs.extend(1, 300)
    await lab.whenIdle()
    expect(steps(lab, 1)).toEqual([100, 200, 500])
  })
})
