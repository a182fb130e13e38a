import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../src-main/store/open.ts'
import type { Store } from '../../src-main/store/store.ts'
import type { EpisodeRecord, TrainingBatch } from '../../src-main/training/messages.ts'
import { recordOf } from '../training/scripted.ts'
import { batch, checkpointParts, episodeRecord, frames, insertRun, temporaryFolder } from './fixtures.ts'

// Other processes take their time on a busy machine; the limit is only there so that a broken test ends.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

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

describe('applyBatch()', () => {
  it('counts training and rollout episodes, not evaluation', () => {
    const runId = insertRun(store)
    store.applyBatch(
      runId,
      batch(40, {
        episodes: [
          episodeRecord(0, { outcome: 'failure', cause: 'lava' }),
          episodeRecord(1, { kind: 'rollout', outcome: 'success' }),
          episodeRecord(2, { kind: 'evaluation', outcome: 'failure', cause: 'lava' }),
          episodeRecord(3),
        ],
      }),
    )
    expect(store.runs.get(runId)).toMatchObject({
      step: 40,
      environmentSteps: 80,
      recentReturn: -40,
      stepsPerSecond: 50,
      trainedSeconds: 1,
      episodes: 3,
      failures: 1,
      successes: 1,
    })
    expect(store.failures.count({ runId })).toBe(2)
  })

  it('writes nothing of a batch that cannot be written whole', () => {
    const runId = insertRun(store)
    const twice = batch(10, {
      metrics: [{ step: 10, values: { 'a new name': 1 } }],
      episodes: [episodeRecord(0), episodeRecord(0)],
    })
    expect(() => store.applyBatch(runId, twice)).toThrow('UNIQUE')
    expect(recordOf(store, runId)).toMatchObject({
      counters: { step: 0, episodes: 0 },
      metrics: {},
      episodes: [],
    })
    // The name that went with the batch is not taken for known.
    store.applyBatch(runId, batch(20, { metrics: [{ step: 20, values: { 'a new name': 2 } }] }))
    expect(store.metrics.history(runId)).toEqual({ 'a new name': { steps: [20], values: [2] } })
  })

  it('keeps metrics in the order of their steps and leaves out what is not finite', () => {
    const runId = insertRun(store)
    store.applyBatch(runId, batch(10, { metrics: [{ step: 10, values: { loss: 1, alpha: Number.NaN } }] }))
    store.applyBatch(
      runId,
      batch(30, {
        metrics: [
          { step: 20, values: { loss: 2 } },
          { step: 30, values: { loss: Number.POSITIVE_INFINITY, alpha: 5 } },
        ],
      }),
    )
    expect(store.metrics.history(runId)).toEqual({
      alpha: { steps: [30], values: [5] },
      loss: { steps: [10, 20], values: [1, 2] },
    })
    expect(store.metrics.history(runId, ['loss', 'unheard of'], 10)).toEqual({
      loss: { steps: [20], values: [2] },
    })
  })

  it('hides the frames that leave the reservoir', () => {
    const runId = insertRun(store)
    const failure = { outcome: 'failure', cause: 'lava' } as const
    store.applyBatch(runId, batch(10, { episodes: [episodeRecord(0, { ...failure, frames: frames(0) })] }))
    store.applyBatch(
      runId,
      batch(20, { episodes: [episodeRecord(1, { ...failure, frames: frames(1), replacesFramesOf: 0 })] }),
    )
    expect(store.episodes.listOfRun(runId, 0, 10).map(({ hasFrames }) => hasFrames)).toEqual([false, true])
    expect([store.frames.get(1), store.frames.get(2)]).toEqual([null, frames(1)])
    store.applyCheckpoint(runId, batch(30), checkpointParts(30, 2))
    store.rewindTo(runId, 30)
    expect(store.frames.get(1)).toBeNull()
  })
})

describe('applyCheckpoint()', () => {
  it('keeps the networks of every checkpoint and the replay buffers of the newest', () => {
    const runId = insertRun(store)
    store.applyCheckpoint(runId, batch(10), checkpointParts(10, 0))
    store.applyCheckpoint(runId, batch(20), checkpointParts(20, 0))
    const checkpoints = store.checkpoints.listOfRun(runId)
    expect(checkpoints.map(({ step, resumable }) => [step, resumable])).toEqual([
      [10, false],
      [20, true],
    ])
    expect(checkpoints.map(({ id }) => store.checkpoints.getNetworks(id))).toEqual([
      checkpointParts(10, 0).networks,
      checkpointParts(20, 0).networks,
    ])
    expect(store.resumeData.get(runId)).toEqual(checkpointParts(20, 0).resume)
    expect(store.resumeData.describe(runId)).toMatchObject({ step: 20, checkpointId: checkpoints[1]?.id })
  })

  it('takes the place of a checkpoint at the same step', () => {
    const runId = insertRun(store)
    const first = store.applyCheckpoint(runId, batch(10), checkpointParts(10, 0))
    const second = store.applyCheckpoint(runId, batch(10), checkpointParts(10, 1))
    expect(second.id).toBe(first.id)
    expect(store.checkpoints.listOfRun(runId)).toHaveLength(1)
  })

  it('writes nothing when the checkpoint does not say how many episodes came before it', () => {
    const runId = insertRun(store)
    const parts = checkpointParts(10, 0)
    parts.networks.values = {}
    expect(() => store.applyCheckpoint(runId, batch(10), parts)).toThrow(
      'The checkpoint at step 10 does not say how many episodes came before it.',
    )
    expect(store.runs.get(runId)?.step).toBe(0)
  })

  it('writes nothing when a value cannot be stored exactly', () => {
    const runId = insertRun(store)
    const parts = checkpointParts(10, 0)
    parts.resume.values = { generator: [1n] }
    expect(() => store.applyCheckpoint(runId, batch(10), parts)).toThrow(
      'values.generator[0] cannot be stored',
    )
    expect(store.runs.get(runId)?.step).toBe(0)
    expect(store.checkpoints.listOfRun(runId)).toEqual([])
  })
})

describe('rewindTo()', () => {
  it('goes back to the beginning where there is no checkpoint', () => {
    const runId = insertRun(store)
    const fresh = recordOf(store, runId)
    store.applyBatch(
      runId,
      batch(10, { metrics: [{ step: 0, values: { loss: 1 } }], episodes: [episodeRecord(0)] }),
    )
    store.rewindTo(runId, 0)
    expect(recordOf(store, runId)).toEqual(fresh)
  })

  it('refuses a step that has no checkpoint', () => {
    const runId = insertRun(store)
    store.applyBatch(runId, batch(10))
    expect(() => store.rewindTo(runId, 10)).toThrow(`Run ${runId} has no checkpoint at step 10.`)
    expect(store.runs.get(runId)?.step).toBe(10)
  })

  it('keeps an episode of the step of the checkpoint that ended before it, and drops one that ended after', () => {
    const runId = insertRun(store)
    store.applyCheckpoint(
      runId,
      batch(10, { episodes: [episodeRecord(0, { step: 10 })] }),
      checkpointParts(10, 1),
    )
    store.applyBatch(runId, batch(20, { episodes: [episodeRecord(1, { step: 10, kind: 'evaluation' })] }))
    store.rewindTo(runId, 10)
    expect(store.episodes.listOfRun(runId, 0, 10).map(({ index }) => index)).toEqual([0])
  })

  it('leaves other runs alone', () => {
    const [runId, other] = [insertRun(store), insertRun(store)]
    for (const id of [runId, other]) {
      store.applyCheckpoint(id, batch(10), checkpointParts(10, 0))
      store.applyBatch(id, fullBatch(20, 0))
    }
    const before = recordOf(store, other)
    store.rewindTo(runId, 10)
    expect(recordOf(store, other)).toEqual(before)
    expect(recordOf(store, runId).episodes).toEqual([])
  })
})

/** Steps of a training, each with a metric and an episode; every third episode fails and pushes an earlier one's frames out. */
function fullBatch(step: number, index: number): TrainingBatch {
  const failed = index % 3 === 0
  const episode: Partial<EpisodeRecord> = failed
    ? {
        outcome: 'failure',
        cause: 'lava',
        frames: frames(index),
        replacesFramesOf: index >= 6 ? index - 6 : null,
      }
    : { kind: index % 3 === 1 ? 'evaluation' : 'rollout', outcome: 'success' }
  return batch(step, {
    metrics: [{ step, values: { loss: Math.sin(step), [`only at ${index % 2}`]: step } }],
    episodes: [episodeRecord(index, { step, ...episode })],
  })
}

function merge(batches: readonly TrainingBatch[]): TrainingBatch {
  const last = batches.at(-1)
  if (last === undefined) throw new Error('Nothing to merge.')
  return {
    ...last,
    trainedSeconds: batches.length,
    metrics: batches.flatMap(({ metrics }) => metrics),
    episodes: batches.flatMap(({ episodes }) => episodes),
  }
}

describe('a recorded training', () => {
  const steps = 20
  const single = Array.from({ length: steps }, (_, index) => fullBatch(index + 1, index))

  it('has the same rows however its batches are cut', () => {
    const whole = insertRun(store)
    store.applyBatch(whole, merge(single))
    const expected = recordOf(store, whole)
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: steps - 1 })), (cuts) => {
        const runId = insertRun(store)
        const ends = [...cuts.sort((a, b) => a - b), steps]
        ends.forEach((end, i) => {
          store.applyBatch(runId, merge(single.slice(ends[i - 1] ?? 0, end)))
        })
        expect(recordOf(store, runId)).toEqual(expected)
      }),
      { numRuns: 25 },
    )
  })

  it('has the same rows when it went back to its checkpoints and was recorded anew', () => {
    const record = (runId: number, from: number, to: number, checkpoints: readonly number[]) => {
      for (const [offset, step] of single.slice(from, to).entries()) {
        const at = from + offset + 1
        if (checkpoints.includes(at)) store.applyCheckpoint(runId, step, checkpointParts(at, at))
        else store.applyBatch(runId, step)
      }
    }
    const crashes = fc.array(fc.integer({ min: 1, max: steps }), { maxLength: 4 })
    const checkpoints = fc.uniqueArray(fc.integer({ min: 1, max: steps }))
    fc.assert(
      fc.property(checkpoints, crashes, (checkpoints, crashes) => {
        const [unbroken, broken] = [insertRun(store), insertRun(store)]
        record(unbroken, 0, steps, checkpoints)
        let from = 0
        for (const crash of crashes.filter((crash) => crash > from)) {
          record(broken, from, Math.max(from, crash), checkpoints)
          from = store.resumeData.describe(broken)?.step ?? 0
          store.rewindTo(broken, from)
        }
        record(broken, from, steps, checkpoints)
        expect(recordOf(store, broken)).toEqual(recordOf(store, unbroken))
      }),
      { numRuns: 25 },
    )
  })
})

describe('damaged rows', () => {
  it('are refused with a sentence, never read as something else', async () => {
    const runId = insertRun(store)
    const { id } = store.applyCheckpoint(runId, batch(10), checkpointParts(10, 0))
    store.close()
    const { default: Sqlite } = await import('better-sqlite3')
    const db = new Sqlite(`${folder.path}/lab.sqlite`)
    const { networks } = db.prepare<[], { networks: Buffer }>('SELECT networks FROM checkpoints').get() ?? {}
    if (networks === undefined) throw new Error('The checkpoint is gone.')
    networks.writeUInt8(networks.readUInt8(networks.length - 1) ^ 1, networks.length - 1)
    db.prepare('UPDATE checkpoints SET networks = ?').run(networks)
    db.close()
    store = await openStore(folder.path)
    expect(() => store.checkpoints.getNetworks(id)).toThrow(
      'The stored data of checkpoint 1 are damaged: its checksum does not match. Restore the lab from a backup.',
    )
  })
})
