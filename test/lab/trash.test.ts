import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CommandProgress, Run, RunCommand } from '../../src-main/contract/runs.ts'
import type { Lab } from '../../src-main/lab/lab.ts'
import { temporaryFolder } from '../store/fixtures.ts'
import { until } from '../training/scripted.ts'
import { openTestLab, transfer } from './test-lab.ts'

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

async function act(ids: number[], command: RunCommand): Promise<CommandProgress> {
  const total: CommandProgress = { done: 0, total: 0, changed: [], refused: [] }
  for await (const { changed, refused, ...progress } of lab.runs.act(ids, command)) {
    Object.assign(total, progress)
    total.changed.push(...changed)
    total.refused.push(...refused)
  }
  return total
}

const remove: RunCommand = { type: 'delete', withFinetuning: false }
const removeBoth: RunCommand = { type: 'delete', withFinetuning: true }
const restore: RunCommand = { type: 'restore' }
const ids = (runs: readonly Run[]) => runs.map(({ id }) => id)
const kinds = (id: number) => lab.runs.log(id).map(({ kind }) => kind)

/** Runs 1 and 2, 3 and 4: pre-training and fine-tuning of two methods, finished. */
async function finished() {
  const experiment = lab.experiments.start(transfer({ seeds: [0] }))
  await lab.whenIdle()
  return experiment
}

describe('a deleted run', () => {
  it('is in no list, count, comparison or failure list, and back in all of them once restored', async () => {
    const { id } = await finished()
    const look = async () => ({
      runs: ids(lab.runs.list()),
      compared: (await lab.experiments.compare(id)).methods.map(({ episodes, failures }) => [
        episodes,
        failures,
      ]),
      failures: lab.failures.list({ experimentId: id }).total,
    })
    const before = await look()
    const own = lab.failures.list({ runId: 4 }).total
    expect(own).toBeGreaterThan(0)
    expect(await act([4], remove)).toEqual({ done: 1, total: 1, changed: [4], refused: [] })
    expect(await look()).toEqual({
      runs: [1, 2, 3],
      compared: [before.compared[0], [0, 0]],
      failures: before.failures - own,
    })
    expect(() => lab.runs.get(4)).toThrow('There is no run 4.')
    expect(() => lab.failures.list({ runId: 4 })).toThrow('There is no run 4.')
    expect(ids(lab.runs.trash())).toEqual([4])
    expect(await act([4], restore)).toMatchObject({ changed: [4] })
    expect(await look()).toEqual(before)
    expect(kinds(4).slice(-2)).toEqual(['deleted', 'restored'])
  })

  it('is heard of once more by whoever watches', async () => {
    await finished()
    const watcher = lab.runs.watch()
    await watcher.next()
    await watcher.next()
    await act([2], remove)
    const { value } = await watcher.next()
    expect(value).toMatchObject([{ id: 2, deletedAt: expect.any(Number) }])
    await watcher.return()
  })

  it('takes the fine-tuning runs along that started from it, or stays', async () => {
    await finished()
    expect((await act([1, 3], remove)).refused).toEqual([
      { id: 3, reason: 'Run 3 is the pre-training of run 4. Delete it too, or keep both.' },
      { id: 1, reason: 'Run 1 is the pre-training of run 2. Delete it too, or keep both.' },
    ])
    expect((await act([1], removeBoth)).changed).toEqual([1, 2])
    expect(ids(lab.runs.list())).toEqual([3, 4])
    expect((await act([2], restore)).refused).toMatchObject([
      { reason: expect.stringContaining('Restore run 1') },
    ])
    expect((await act([2, 1], restore)).changed).toEqual([1, 2])
    expect((await act([3, 4], remove)).changed).toEqual([4, 3])
  })

  it('is stopped first where it trains, and what waits is not begun', async () => {
    lab.experiments.start(transfer({ methods: ['sqrl'], seeds: [0], settings: { holdAt: 60 } }))
    await until(() => lab.runs.get(1).step === 60)
    await act([1, 2], remove)
    await lab.whenIdle()
    expect(ids(lab.runs.list())).toEqual([])
    expect(lab.status()).toMatchObject({ running: 0, queued: 0, progress: null })
    expect(lab.runs.trash().map(({ id, state, step }) => [id, state, step])).toEqual([
      [1, 'stopped', 60],
      [2, 'queued', 0],
    ])
    await act([1, 2], restore)
    expect(lab.runs.resume(1).state).toBe('running')
    await until(() => lab.runs.get(2).state === 'running')
    expect(lab.runs.get(1).state).toBe('finished')
    expect(kinds(1).filter((kind) => kind !== 'checkpoint')).toEqual([
      ...['queued', 'running', 'stopping', 'deleted', 'stopped', 'restored', 'queued', 'running', 'finished'],
    ])
  })

  it('is gone for good when the trash is emptied, and after thirty days when the lab is opened to train', async () => {
    await finished()
    await act([4], remove)
    expect(lab.emptyTrash()).toEqual({ runs: 1, experiments: 0 })
    expect((await act([4], restore)).refused).toEqual([{ id: 4, reason: 'There is no run 4 in the trash.' }])
    await act([2], remove)
    await lab.close()
    lab = await openTestLab(folder.path)
    expect(ids(lab.runs.trash())).toEqual([2])
    await lab.close()
    vi.useFakeTimers({ now: Date.now() + 31 * 86_400_000, toFake: ['Date'] })
    try {
      lab = await openTestLab(folder.path, { train: false })
      expect(ids(lab.runs.trash())).toEqual([2])
      await lab.close()
      lab = await openTestLab(folder.path)
    } finally {
      vi.useRealTimers()
    }
    expect(lab.runs.trash()).toEqual([])
    expect(ids(lab.runs.list())).toEqual([1, 3])
  })
})

describe('a deleted experiment', () => {
  it('goes with its runs and comes back with those that went along', async () => {
    const { id } = await finished()
    await act([4], remove)
    expect(lab.experiments.delete(id, false)).toEqual([1, 2, 3])
    expect(lab.experiments.list()).toEqual([])
    expect(() => lab.experiments.get(id)).toThrow('There is no experiment 1.')
    lab.experiments.restore(id)
    expect(ids(lab.runs.list())).toEqual([1, 2, 3])
    lab.experiments.delete(id, false)
    expect(lab.emptyTrash()).toEqual({ runs: 4, experiments: 1 })
  })

  it('is brought back by restoring one of its runs', async () => {
    const { id } = await finished()
    lab.experiments.delete(id, false)
    await act([1], restore)
    expect(lab.experiments.list()).toMatchObject([{ id }])
    expect(ids(lab.runs.list())).toEqual([1])
  })
})

describe('act()', () => {
  it('does what it can and says why the rest was refused', async () => {
    await finished()
    const result = await act([2, 77, 4], { type: 'tag', add: ['baseline', 'keep'], remove: [] })
    expect(result).toMatchObject({ done: 3, total: 3, changed: [2, 4] })
    expect(result.refused).toEqual([{ id: 77, reason: 'There is no run 77.' }])
    await act([2], { type: 'tag', add: ['new'], remove: ['keep'] })
    expect(lab.runs.get(2).tags).toEqual(['baseline', 'new'])
    expect((await act([1, 2], { type: 'pause' })).refused).toHaveLength(2)
  })

  it('ends where its reader leaves', async () => {
    lab.experiments.start(transfer({ seeds: Array.from({ length: 60 }, (_, seed) => seed) }))
    const all = ids(lab.runs.list())
    await act(all, { type: 'pause' })
    for await (const { done, total } of lab.runs.act(all, { type: 'tag', add: ['a'], remove: [] })) {
      expect(total).toBe(240)
      if (done >= 100) break
    }
    expect(lab.runs.list().filter(({ tags }) => tags.includes('a'))).toHaveLength(100)
  })
})

describe('notes', () => {
  it('of runs and experiments are kept with the lab', async () => {
    const { id } = await finished()
    lab.runs.annotate(2, { note: 'leaps at 80', tags: ['odd', 'odd'] })
    lab.runs.annotate(2, { tags: ['odd', 'seen'] })
    lab.experiments.annotate(id, { name: 'Goal far' })
    lab.experiments.annotate(id, { note: 'first try' })
    await lab.close()
    lab = await openTestLab(folder.path)
    expect(lab.runs.get(2)).toMatchObject({ note: 'leaps at 80', tags: ['odd', 'seen'] })
    expect(lab.experiments.get(id)).toMatchObject({ name: 'Goal far', note: 'first try' })
  })
})

describe('log()', () => {
  it('tells of a killed worker, of what was forgotten and of where training went on', async () => {
    lab.experiments.start(transfer({ methods: ['sqrl'], seeds: [0], settings: { killAt: 160 } }))
    await until(() => lab.runs.get(1).state === 'interrupted')
    lab.runs.resume(1)
    await lab.whenIdle()
    const log = lab.runs.log(1)
    expect(log.map(({ kind, step }) => [kind, step])).toEqual([
      ['queued', 0],
      ['running', 0],
      ['checkpoint', 100],
      ['interrupted', 150],
      ['queued', 150],
      ['rewound', 150],
      ['running', 100],
      ['checkpoint', 200],
      // This worker writes its last one twice.
      ['checkpoint', 200],
      ['finished', 200],
    ])
    expect(log[3]?.text).toContain('signal SIGKILL')
    expect(log[6]?.text).toBe('Training goes on from the checkpoint at step 100.')
    expect(lab.runs.log(2)[1]?.text ?? '').toContain('run 1')
  })

  it('tells of an extension and of a lab that was closed', async () => {
    lab.experiments.start(transfer({ methods: ['sqrl'], seeds: [0], settings: { holdAt: 60 } }))
    await until(() => lab.runs.get(1).step === 60)
    lab.runs.extend(1, 40)
    await lab.close()
    lab = await openTestLab(folder.path, { train: false })
    expect(lab.runs.log(1).map(({ kind }) => kind)).toEqual([
      ...['queued', 'running', 'extended', 'checkpoint', 'interrupted'],
    ])
    expect(lab.runs.log(1)[2]?.text).toBe('Extended by 40 steps, from 200 to 240.')
  })
})
