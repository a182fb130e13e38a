import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type Failure,
  type PackableArray,
  POSE_SIZE,
  rolloutRequest,
  type Simulated,
  unpackArrays,
} from '../../src-main/contract/index.ts'
import { Agent } from '../../src-main/lab/agent.ts'
import { environmentOf } from '../../src-main/lab/checkpoint-agents.ts'
import type { Lab } from '../../src-main/lab/lab.ts'
import { temporaryFolder } from '../store/fixtures.ts'
import { type Trained, trainBriefly } from './trained.ts'
import { openTrainedLab } from './trained-lab.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: ReturnType<typeof temporaryFolder>
let lab: Lab
let sqrl: Trained
let longFailure: Failure

beforeAll(async () => {
  folder = temporaryFolder()
  sqrl = await trainBriefly('sqrl', 400)
  lab = await openTrainedLab(folder.path, [sqrl, await trainBriefly('sac', 150)])
  const failures = lab.failures.list({ runId: 1 }).failures
  longFailure = failures.reduce((longest, failure) => (failure.length > longest.length ? failure : longest))
})
afterAll(async () => {
  await lab.close()
  folder[Symbol.dispose]()
})

const arraysOf = ({ arrays }: { arrays: Uint8Array<ArrayBuffer> }): Record<string, PackableArray> =>
  unpackArrays(arrays)

describe('replays.get()', () => {
  it('brings a pose and a velocity of every moving body for each state', async () => {
    const replay = await lab.replays.get({ episodeId: longFailure.id })
    const { poses, velocities, states, rewards } = arraysOf(replay)
    const moving = replay.scene.bodies.filter(({ massKilograms }) => massKilograms !== null).length
    expect(rewards).toHaveLength(longFailure.length)
    expect(states).toHaveLength((longFailure.length + 1) * replay.stateSize)
    expect(poses).toHaveLength((longFailure.length + 1) * moving * POSE_SIZE)
    expect(velocities?.slice(0, 6).every((value: number) => Math.abs(value) === 0)).toBe(true)
    const [x0 = 0, y0 = 0] = poses ?? []
    expect(velocities?.[6]).toBeCloseTo((poses?.[POSE_SIZE] ?? 0) - x0, 5)
    expect(velocities?.[7]).toBeCloseTo((poses?.[POSE_SIZE + 1] ?? 0) - y0, 5)
  })

  it('names the last checkpoint that is not later, and the threshold of masked episodes alone', async () => {
    const { failures } = lab.failures.list({ runId: 1 })
    for (const { id, step } of failures)
      expect((await lab.replays.get({ episodeId: id })).checkpointId).toBe(
        step < 200 ? null : Math.floor(step / 200),
      )
    const thresholds = new Set<string>()
    for (const { id, kind } of failures)
      thresholds.add(`${kind} ${(await lab.replays.get({ episodeId: id })).epsilonSafe}`)
    expect(thresholds).toEqual(new Set(['training null', 'rollout 0.1']))
  })

  it('says which episode there is not, and which kept no frames', async () => {
    const success = lab.episodes.list({ runId: 1 }).find(({ outcome }) => outcome !== 'failure')
    await expect(lab.replays.get({ episodeId: 9999 })).rejects.toThrow('There is no episode 9999.')
    await expect(lab.replays.get({ episodeId: success?.id ?? 0 })).rejects.toThrow(
      `Episode ${success?.id} kept no frames`,
    )
  })
})

describe('replays.verify()', () => {
  it('finds every failure of both methods again', async () => {
    for (const { id } of lab.failures.list({}).failures)
      expect(await lab.replays.verify({ episodeId: id })).toMatchObject({ episodeId: id, verified: true })
  })
})

describe('replays.rollOut()', () => {
  it('gives each seed its own episode on the asked task', async () => {
    const request = rolloutRequest.parse({ checkpointId: 2, taskOfRunId: 2, masked: true, seeds: [1, 2] })
    const collect = async () => {
      const all: Simulated[] = []
      for await (const { simulated } of lab.replays.rollOut(request)) all.push(simulated)
      return all
    }
    const first = await collect()
    expect(await collect()).toEqual(first)
    expect(first[0]).not.toEqual({ ...first[1], seed: 1 })
    const scene = await lab.replays.rollOutScene(request)
    expect(arraysOf(first[0] ?? { arrays: new Uint8Array() }).states).toHaveLength(
      ((first[0]?.length ?? 0) + 1) * scene.stateSize,
    )
  })
})

describe('replays.field() and replays.judge()', () => {
  it('agree with the safety critic asked state by state', async () => {
    const [columns, rows] = [14, 12]
    const field = await lab.replays.field({ checkpointId: 2, columns, rows })
    expect(field).toMatchObject({ columns, rows, step: 400, epsilonSafe: 0.1 })
    const { qSafe, actions } = unpackArrays(field.arrays)
    const { task, settings } = sqrl.specification
    const environment = await environmentOf(task)
    const agent = new Agent({ settings, networks: sqrl.networks, sizes: environment })
    const high = environment.scene.field?.high ?? [0, 0]
    let places = 0
    for (let cell = 0; cell < rows * columns; cell++) {
      const x = (((cell % columns) + 0.5) * high[0]) / columns
      const y = ((Math.floor(cell / columns) + 0.5) * high[1]) / rows
      const state = environment.stateAt(x, y)
      if (!state) {
        expect(qSafe?.[cell]).toBeNaN()
        continue
      }
      places++
      environment.restore(state)
      const action = Float32Array.from(actions?.slice(2 * cell, 2 * cell + 2) ?? [])
      expect(qSafe?.[cell]).toBeCloseTo(await agent.judge(environment.observe(), action), 5)
    }
    expect(places).toBeGreaterThan(100)
    await agent.dispose()
  })

  it('judge the recorded states with another checkpoint’s eyes', async () => {
    const asked = { episodeId: longFailure.id, checkpointId: 2, candidates: 7, seed: 3 }
    const { arrays } = await lab.replays.judge(asked)
    const { qSafe, candidates, candidateQSafe } = unpackArrays(arrays)
    expect(qSafe).toHaveLength(longFailure.length)
    expect(candidates).toHaveLength(longFailure.length * 7 * 2)
    expect(candidateQSafe).toHaveLength(longFailure.length * 7)
    expect(qSafe?.every((value: number) => value >= 0 && value <= 1)).toBe(true)
    expect(await lab.replays.judge(asked)).toEqual({ arrays })
  })

  it('say that a method has no safety critic, and judge NaN for it', async () => {
    await expect(lab.replays.field({ checkpointId: 4, columns: 4, rows: 4 })).rejects.toThrow(
      'Run 2 has no safety critic, so there is no Q_safe. Choose a run of sqrl.',
    )
    const { arrays } = await lab.replays.judge({
      episodeId: longFailure.id,
      checkpointId: 4,
      candidates: 2,
      seed: 0,
    })
    expect(unpackArrays(arrays).qSafe?.every(Number.isNaN)).toBe(true)
  })
})

describe('failures.paths()', () => {
  it('are the ways of the main body from above, empty where no frames were kept', async () => {
    const success = lab.episodes.list({ runId: 1 }).find(({ outcome }) => outcome !== 'failure')
    const { arrays } = await lab.failures.paths([longFailure.id, success?.id ?? 0, longFailure.id])
    const { offsets, points } = unpackArrays(arrays)
    const states = longFailure.length + 1
    expect([...(offsets ?? [])]).toEqual([0, states, states, 2 * states])
    const { poses } = arraysOf(await lab.replays.get({ episodeId: longFailure.id }))
    const last = (states - 1) * POSE_SIZE
    expect(points?.slice(2 * states - 2, 2 * states)).toEqual(poses?.slice(last, last + 2))
  })
})

describe('tasks.scene()', () => {
  it('shows a task as its parameters make it', async () => {
    const scene = await lab.tasks.scene({
      environment: 'drunk-spider',
      parameters: { map: ['....', '.##.'], start: [0.5, 0.5], goal: [0.5, 3.5] },
    })
    expect(scene.high.slice(0, 2)).toEqual([4, 2])
  })

  it('names the first parameter that is not valid', async () => {
    const scene = (parameters: { [name: string]: number | number[] }) =>
      lab.tasks.scene({ environment: 'drunk-spider', parameters })
    await expect(scene({ noise: -1 })).rejects.toThrow('The parameter noise is not valid')
    await expect(scene({ goal: [3.5, 2.5] })).rejects.toThrow('The goal must lie on a free cell of the map.')
    await expect(scene({ gravity: 9 })).rejects.toThrow('There is no parameter "gravity".')
  })
})

describe('marks', () => {
  it('are kept by frame, renamed and removed', () => {
    const episodeId = longFailure.id
    const late = lab.marks.add({ episodeId, frame: longFailure.length, label: 'falls' })
    const early = lab.marks.add({ episodeId, frame: 0, label: 'begins' })
    expect(lab.marks.list(episodeId)).toEqual([early, late])
    expect(lab.marks.rename(early.id, 'sets out')).toEqual({ ...early, label: 'sets out' })
    lab.marks.remove(late.id)
    expect(lab.marks.list(episodeId)).toEqual([{ ...early, label: 'sets out' }])
  })

  it('may name a stretch, which ends after it begins and within the episode', () => {
    const { length } = longFailure
    const range = (frame: number, lastFrame: number) => () =>
      lab.marks.add({ episodeId: longFailure.id, frame, lastFrame, label: 'strays' })
    const added = range(0, length)()
    expect(added).toMatchObject({ frame: 0, lastFrame: length })
    expect(range(1, 1)).toThrow(`ends between frames 2 and ${length}, not at 1`)
    expect(range(0, length + 1)).toThrow('not at')
    lab.marks.remove(added.id)
    expect(lab.marks.list(longFailure.id)).not.toContainEqual(added)
  })

  it('refuse frames, episodes and marks that are not there', () => {
    const add = (episodeId: number, frame: number) => () => lab.marks.add({ episodeId, frame, label: 'x' })
    expect(add(9999, 0)).toThrow('There is no episode 9999.')
    expect(add(longFailure.id, 1000)).toThrow('there is no frame 1000 to mark')
    expect(() => lab.marks.rename(99, 'x')).toThrow('There is no mark 99')
    expect(() => lab.marks.remove(99)).toThrow('There is no mark 99')
  })
})
