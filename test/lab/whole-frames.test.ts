import { beforeAll, describe, expect, it } from 'vitest'
import type { EpisodeFrames } from '../../src-main/contract/episodes.ts'
import { createEnvironment } from '../../src-main/environments/registry.ts'
import { simulate } from '../../src-main/lab/simulation.ts'
import { verifyFrames } from '../../src-main/lab/verification.ts'
import { wholeFrames } from '../../src-main/lab/whole-frames.ts'
import { createStreams } from '../../src-main/random.ts'
import { decodeArrays } from '../../src-main/store/array-codec.ts'
import { encodeFrames, parseFrames } from '../../src-main/store/episode-frames.ts'
import { recordedFrames } from '../../src-main/training/recorded-frames.ts'

const task = { environment: 'minitaur' as const, parameters: { footFriction: [0.8, 1.2] } }
const CANDIDATES = 50

/** An episode of a real robot under a gentle random policy, with candidates as the mask draws them. */
async function walk(seed: number): Promise<EpisodeFrames> {
  const streams = createStreams(seed)
  const environment = await createEnvironment(task, streams.environment)
  environment.reset('fixed')
  const draw = (count: number) =>
    Float32Array.from({ length: count * 8 }, () => 0.25 * (2 * streams.exploration.uniform() - 1))
  const { frames } = await simulate(environment, async () => {
    const candidates = draw(CANDIDATES)
    const candidateQSafe = Float32Array.from({ length: CANDIDATES }, () => streams.candidates.uniform())
    return {
      action: candidates.slice(0, 8),
      qSafe: candidateQSafe[0] ?? 0,
      candidates,
      candidateQSafe,
      chosen: 0,
    }
  })
  return frames
}

describe('the frames of a robot', () => {
  let frames: EpisodeFrames
  let stateEvery: number
  beforeAll(async () => {
    frames = await walk(3)
    stateEvery = (await createEnvironment(task, createStreams(0).environment)).stateEvery
  })

  it('are kept now and then, and come out again whole', async () => {
    const recorded = recordedFrames(frames, stateEvery)
    expect(frames.rewards.length).toBeGreaterThan(2 * stateEvery)
    expect(recorded.keptStates.length).toBeLessThan(frames.states.length / 10)
    expect(await wholeFrames(task, recorded)).toEqual(frames)
    expect(await verifyFrames(1, task, recorded)).toMatchObject({ verified: true })
  })

  it('are not verified where an action, a kept state or a reward was tampered with', async () => {
    const recorded = recordedFrames(frames, stateEvery)
    const tampered = (change: (copy: typeof recorded) => void) => {
      const copy = structuredClone(recorded)
      change(copy)
      return verifyFrames(1, task, copy)
    }
    const action = await tampered(({ actions }) => {
      actions[8 * 30] = 0.9
    })
    expect(action.firstDifference?.frame).toBeGreaterThanOrEqual(30)
    const state = await tampered(({ keptStates }) => {
      const at = 2 * (frames.states.length / (frames.rewards.length + 1)) + 8
      keptStates[at] = (keptStates[at] ?? 0) + 1e-12
    })
    expect(state.firstDifference).toEqual({ frame: 2 * stateEvery - 1, what: 'state' })
    const reward = await tampered(({ rewards }) => {
      rewards[7] = (rewards[7] ?? 0) + 1e-12
    })
    expect(reward.firstDifference).toEqual({ frame: 7, what: 'reward' })
  })

  it('take less than 1 MB on the disk for 500 steps, with arrows hardly moved', () => {
    const recorded = recordedFrames(frames, stateEvery)
    const bytes = encodeFrames(recorded)
    expect((500 * bytes.byteLength) / frames.rewards.length).toBeLessThan(1e6)
    const { candidates, ...kept } = parseFrames(decodeArrays(bytes, 'it'))
    const { candidates: drawn, ...rest } = recorded
    expect(kept).toEqual(rest)
    for (const [index, value] of candidates.entries())
      expect(Math.abs(value - (drawn[index] ?? 0))).toBeLessThan(1 / 60_000)
  })
})
