import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { migrate } from '../../src-main/store/migrations/index.ts'
import { openStore } from '../../src-main/store/open.ts'
import { createStore, type Store } from '../../src-main/store/store.ts'
import type { Supervisor } from '../../src-main/training/supervisor.ts'
import { forkScript } from '../../src-main/training/worker-process.ts'
import { batch, insertRun, specification, temporaryFolder } from '../store/fixtures.ts'
import { insertTransfer, recordOf, stateOf, supervise, until } from './scripted.ts'

// Other processes take their time on a busy machine; the limit is only there so that a broken test ends.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: ReturnType<typeof temporaryFolder>
let store: Store
let supervisor: Supervisor

beforeEach(async () => {
  folder = temporaryFolder()
  store = await openStore(folder.path)
  supervisor = supervise(store)
})

afterEach(async () => {
  await supervisor.close()
  store.close()
  folder[Symbol.dispose]()
})

/** What a run of this seed and length records when nothing disturbs it. */
async function undisturbed(steps: number) {
  const runId = insertRun(store, { steps })
  supervisor.start()
  await supervisor.whenIdle()
  return recordOf(store, runId)
}

describe('scheduling', () => {
  it('trains a queued run to its end and keeps what the worker says of its machine', async () => {
    const runId = insertRun(store, { steps: 330 })
    supervisor.start()
    await supervisor.whenIdle()
    expect(store.runs.get(runId)).toMatchObject({
      state: 'finished',
      step: 330,
      environmentSteps: 660,
      trainedSeconds: 165,
      provenance: { application: 'scripted' },
    })
    expect(store.checkpoints.listOfRun(runId).map(({ step }) => step)).toEqual([100, 200, 300, 330])
    expect(store.runs.get(runId)?.endedAt).not.toBeNull()
  })

  it("starts a fine-tuning run when its pre-training run is finished, from that run's last networks", async () => {
    const { pretrain, finetune } = insertTransfer(store, { steps: 150 })
    const order: string[] = []
    supervisor = supervise(store, {
      onRunChange: (id) => order.push(`${id === pretrain ? 'pretrain' : 'finetune'} ${stateOf(store, id)}`),
    })
    supervisor.start()
    await supervisor.whenIdle()
    expect(order.indexOf('finetune running')).toBeGreaterThan(order.indexOf('pretrain finished'))
    expect(stateOf(store, finetune)).toBe('finished')
    expect(new Set(store.metrics.history(finetune).pretrainedSteps?.values)).toEqual(new Set([150]))
  })

  it('trains as many runs at once as it has slots', async () => {
    const runs = Array.from({ length: 5 }, () => insertRun(store, { steps: 100 }))
    let most = 0
    supervisor = supervise(store, {
      onRunChange() {
        most = Math.max(most, runs.filter((id) => stateOf(store, id) === 'running').length)
      },
    })
    supervisor.start()
    await supervisor.whenIdle()
    expect(runs.map((id) => stateOf(store, id))).toEqual(runs.map(() => 'finished'))
    expect(most).toBe(2)
  })

  it('is idle while it has not been started', async () => {
    const runId = insertRun(store)
    await supervisor.whenIdle()
    expect(stateOf(store, runId)).toBe('queued')
  })
})

describe('pause() and resume()', () => {
  it('leave a run that has recorded the same as one that was never paused', async () => {
    const expected = await undisturbed(400)
    const runId = insertRun(store, { steps: 400, settings: { holdAt: 233 } })
    supervisor.schedule()
    await until(() => store.runs.get(runId)?.step === 233)
    supervisor.pause(runId)
    expect(stateOf(store, runId)).toBe('pausing')
    await supervisor.whenIdle()
    expect(stateOf(store, runId)).toBe('paused')
    expect(store.checkpoints.getLast(runId)).toMatchObject({ step: 233, resumable: true })
    supervisor.resume(runId)
    await supervisor.whenIdle()
    expect(stateOf(store, runId)).toBe('finished')
    expect(recordOf(store, runId)).toEqual(expected)
  })

  it('hold a queued run back and let it go', async () => {
    const runId = insertRun(store, { steps: 100 })
    supervisor.pause(runId)
    supervisor.start()
    await supervisor.whenIdle()
    expect(stateOf(store, runId)).toBe('paused')
    supervisor.resume(runId)
    await supervisor.whenIdle()
    expect(stateOf(store, runId)).toBe('finished')
  })

  it('refuse with a sentence what the state does not allow', async () => {
    await undisturbed(100)
    const conflict = (message: string) => expect.objectContaining({ code: 'CONFLICT', message })
    expect(() => supervisor.pause(1)).toThrow(conflict('Run 1 is finished and cannot be paused.'))
    expect(() => supervisor.stop(1)).toThrow(conflict('Run 1 is finished and cannot be stopped.'))
    expect(() => supervisor.resume(1)).toThrow(
      conflict('Run 1 has done all its steps. Extend it to train it further.'),
    )
    expect(() => supervisor.pause(77)).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', message: 'There is no run 77.' }),
    )
  })
})

describe('stop()', () => {
  it('ends a run after a checkpoint, and its fine-tuning runs wait until it is resumed', async () => {
    const { pretrain, finetune } = insertTransfer(store, { steps: 300, settings: { holdAt: 120 } })
    supervisor.start()
    await until(() => store.runs.get(pretrain)?.step === 120)
    supervisor.stop(pretrain)
    await supervisor.whenIdle()
    expect([stateOf(store, pretrain), stateOf(store, finetune)]).toEqual(['stopped', 'queued'])
    expect(store.checkpoints.getLast(pretrain)).toMatchObject({ step: 120, resumable: true })
    supervisor.resume(pretrain)
    await supervisor.whenIdle()
    expect([stateOf(store, pretrain), stateOf(store, finetune)]).toEqual(['finished', 'finished'])
  })

  it('wins over a pause, whichever was asked first', async () => {
    const held = { steps: 300, settings: { holdAt: 50 } }
    const [first, second] = [insertRun(store, held), insertRun(store, held)]
    supervisor.start()
    await until(() => store.runs.get(first)?.step === 50 && store.runs.get(second)?.step === 50)
    supervisor.pause(first)
    supervisor.stop(first)
    supervisor.stop(second)
    expect(() => supervisor.pause(second)).toThrow('Run 2 is stopping and cannot be paused.')
    await supervisor.whenIdle()
    expect([stateOf(store, first), stateOf(store, second)]).toEqual(['stopped', 'stopped'])
  })

  it('ends a worker that writes no checkpoint in time', async () => {
    supervisor = supervise(store, { leaveGraceMillis: 100 })
    const runId = insertRun(store, { settings: { deafFrom: 110 } })
    supervisor.start()
    await until(() => store.runs.get(runId)?.step === 100)
    supervisor.stop(runId)
    await supervisor.whenIdle()
    expect(store.runs.get(runId)).toMatchObject({
      state: 'interrupted',
      error:
        'The training process of run 1 was ended because it wrote no checkpoint in time. Resume the run to go on from its last checkpoint.',
    })
  })
})

describe('a dead worker', () => {
  it('is one interrupted run with a reason, and nothing is started again', async () => {
    const killed = insertRun(store, { steps: 400, settings: { killAt: 260 } })
    const other = insertRun(store, { steps: 400 })
    supervisor.start()
    await supervisor.whenIdle()
    expect(store.runs.get(killed)).toMatchObject({
      state: 'interrupted',
      error:
        'The training process of run 1 ended unexpectedly (signal SIGKILL). Resume the run to go on from its last checkpoint.',
    })
    expect(stateOf(store, other)).toBe('finished')
  })

  it('leaves a run that, resumed, records the same as one that never broke', async () => {
    const expected = await undisturbed(400)
    for (const killAt of [1, 99, 100, 101, 260, 399, 400]) {
      const runId = insertRun(store, { steps: 400, settings: { killAt } })
      supervisor.schedule()
      await supervisor.whenIdle()
      expect(stateOf(store, runId)).toBe('interrupted')
      // From its beginning it would only come to grief again.
      if (killAt <= 100) store.runs.updateSpecification(runId, { ...specificationOf(runId), settings: {} })
      supervisor.resume(runId)
      await supervisor.whenIdle()
      expect(recordOf(store, runId)).toEqual(expected)
    }
  })

  it('says so when the process cannot be started', async () => {
    supervisor = supervise(store, { startWorker: () => forkScript('/nowhere/worker.ts') })
    const runId = insertRun(store)
    supervisor.start()
    await supervisor.whenIdle()
    expect(store.runs.get(runId)).toMatchObject({
      state: 'interrupted',
      error: expect.stringContaining('ended unexpectedly (exit code 1)'),
    })
  })
})

describe('a worker that gives up', () => {
  it('is a failed run with its message', async () => {
    const runId = insertRun(store, { settings: { failAt: 150 } })
    supervisor.start()
    await supervisor.whenIdle()
    expect(store.runs.get(runId)).toMatchObject({ state: 'failed', error: 'The loss is no number.' })
  })

  it('is a failed run when its message is not understood', async () => {
    const runId = insertRun(store, { settings: { gibberishAt: 150 } })
    supervisor.start()
    await supervisor.whenIdle()
    expect(store.runs.get(runId)).toMatchObject({
      state: 'failed',
      error: 'The training process sent a message that the lab does not understand.',
    })
  })
})

describe('extend()', () => {
  it('trains a finished run on exactly as if it had been longer from the start', async () => {
    const expected = await undisturbed(400)
    const runId = insertRun(store, { steps: 250 })
    supervisor.schedule()
    await supervisor.whenIdle()
    supervisor.extend(runId, 150)
    await supervisor.whenIdle()
    expect(stateOf(store, runId)).toBe('finished')
    expect(recordOf(store, runId)).toEqual(expected)
  })

  it('reaches the new end of a run that was training', async () => {
    const runId = insertRun(store, { steps: 300, settings: { holdAt: 200 } })
    supervisor.start()
    await until(() => store.runs.get(runId)?.step === 200)
    supervisor.extend(runId, 100)
    supervisor.pause(runId)
    await supervisor.whenIdle()
    supervisor.resume(runId)
    supervisor.extend(runId, 50)
    await supervisor.whenIdle()
    expect(store.runs.get(runId)).toMatchObject({ state: 'finished', step: 450 })
  })

  it('refuses a finished run whose replay buffers were too large to keep', async () => {
    supervisor = supervise(store, { keptResumeBytes: 100 })
    await undisturbed(100)
    expect(store.resumeData.get(1)).toBeNull()
    expect(() => supervisor.extend(1, 100)).toThrow(
      'The replay buffers of run 1 are no longer kept, so it cannot go on exactly where it ended.',
    )
    expect(store.runs.get(1)?.specification.steps).toBe(100)
  })
})

describe('close()', () => {
  it('lets workers write a checkpoint, and a later lab goes on from there', async () => {
    const expected = await undisturbed(400)
    const runId = insertRun(store, { steps: 400, settings: { holdAt: 321 } })
    supervisor.schedule()
    await until(() => store.runs.get(runId)?.step === 321)
    await supervisor.close()
    expect(store.runs.get(runId)).toMatchObject({
      state: 'interrupted',
      error: `The lab was closed while run ${runId} trained. Resume it to go on from its last checkpoint.`,
    })
    expect(store.checkpoints.getLast(runId)).toMatchObject({ step: 321, resumable: true })

    supervisor = supervise(store)
    supervisor.start()
    supervisor.resume(runId)
    await supervisor.whenIdle()
    expect(recordOf(store, runId)).toEqual(expected)
  })

  it('does not wait for a worker for ever', async () => {
    supervisor = supervise(store, { closeGraceMillis: 100 })
    const runId = insertRun(store, { settings: { deafFrom: 30 } })
    supervisor.start()
    await until(() => store.runs.get(runId)?.step === 25)
    await supervisor.close()
    expect(stateOf(store, runId)).toBe('interrupted')
  })
})

describe('a full disk', () => {
  it('interrupts the run, says why, and writes that down when there is space again', async () => {
    using fullFolder = temporaryFolder()
    const db = new Sqlite(`${fullFolder.path}/lab.sqlite`)
    migrate(db, fullFolder.path)
    const full = createStore(db, fullFolder.path)
    const runId = insertRun(full, { steps: 5000, settings: {} })
    full.applyBatch(runId, batch(0))
    // SQLite answers a full page quota and a full disk with the same code.
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true })) + 8}`)
    supervisor = supervise(full)
    supervisor.start()
    await supervisor.whenIdle()
    const row = full.runs.get(runId)
    if (row === null) throw new Error('The run is gone.')
    expect(supervisor.overlay(row)).toMatchObject({
      state: 'interrupted',
      error: expect.stringContaining('There is no space left on the disk for the lab'),
    })
    db.pragma('max_page_count = 1000000')
    await supervisor.close()
    expect(stateOf(full, runId)).toBe('interrupted')
    full.close()
  })
})

function specificationOf(runId: number) {
  const run = store.runs.get(runId)
  if (run === null) throw new Error(`There is no run ${runId}.`)
  return run.specification
}

describe('setSlots()', () => {
  it('lets the youngest make room, and they go on as if nothing had been', async () => {
    const expected = await undisturbed(400)
    const held = insertRun(store, { steps: 300, settings: { holdAt: 50 } })
    const runId = insertRun(store, { steps: 400, settings: { holdAt: 233 } })
    supervisor.schedule()
    await until(() => store.runs.get(runId)?.step === 233 && store.runs.get(held)?.step === 50)
    supervisor.setSlots(1)
    expect(stateOf(store, runId)).toBe('pausing')
    await until(() => stateOf(store, runId) === 'queued')
    expect(stateOf(store, held)).toBe('running')
    supervisor.setSlots(2)
    await until(() => stateOf(store, runId) === 'finished')
    expect(recordOf(store, runId)).toEqual(expected)
    supervisor.stop(held)
    await supervisor.whenIdle()
  })
})

describe('start() for one experiment', () => {
  it('leaves what others queued', async () => {
    const other = insertRun(store, { steps: 100 })
    const own = insertRun(store, { steps: 100 })
    supervisor = supervise(store)
    supervisor.start(store.runs.get(own)?.experimentId ?? null)
    await supervisor.whenIdle()
    expect([stateOf(store, other), stateOf(store, own)]).toEqual(['queued', 'finished'])
  })
})

describe('a safety budget', () => {
  it('pauses the run once, when its failures exceed it', async () => {
    const { recording } = specification()
    const runId = insertRun(store, { steps: 4000, recording: { ...recording, failureBudget: 3 } })
    supervisor.start()
    await supervisor.whenIdle()
    expect(stateOf(store, runId)).toBe('paused')
    const failures = store.runs.get(runId)?.failures ?? 0
    expect(failures).toBeGreaterThan(3)
    expect(store.runs.get(runId)?.step).toBeLessThan(4000)
    expect(store.events.listOfRun(runId).find(({ kind }) => kind === 'pausing')?.text).toContain(
      'more than the safety budget of 3',
    )
    supervisor.resume(runId)
    await supervisor.whenIdle()
    expect(stateOf(store, runId)).toBe('finished')
  })
})

describe('the disk', () => {
  it('pauses what trains before it is full, starts nothing then, and goes on when there is room', async () => {
    let free = 10_000
    const guarded = supervise(store, { freeBytes: () => free, reservedBytes: 1000 })
    try {
      const first = insertRun(store, { steps: 4000 })
      guarded.start()
      await until(() => (store.runs.get(first)?.step ?? 0) > 0)
      free = 999
      await guarded.whenIdle()
      expect(stateOf(store, first)).toBe('paused')
      expect(store.events.listOfRun(first).find(({ kind }) => kind === 'pausing')?.text).toContain(
        'are free on the lab’s disk. Make room, then resume it.',
      )
      const second = insertRun(store, { steps: 100 })
      guarded.schedule()
      expect(stateOf(store, second)).toBe('queued')
      expect(() => guarded.resume(first)).toThrow('Make room first.')
      free = 10_000
      guarded.resume(first)
      await guarded.whenIdle()
      expect([first, second].map((runId) => stateOf(store, runId))).toEqual(['finished', 'finished'])
    } finally {
      await guarded.close()
    }
  })
})
