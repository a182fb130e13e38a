import { beforeAll, describe, expect, it } from 'vitest'
import { verifyFrames } from '../../src-main/lab/verification.ts'
import { type Trained, trainBriefly } from './trained.ts'

describe('verifyFrames()', () => {
  let trained: Trained
  beforeAll(async () => {
    trained = await trainBriefly('sqrl', 300)
  })

  it('finds every recorded failure again, state by state, noise included', async () => {
    expect(trained.failures.length).toBeGreaterThan(10)
    for (const frames of trained.failures) {
      const result = await verifyFrames(1, trained.specification.task, frames)
      expect(result).toEqual({
        episodeId: 1,
        frames: frames.rewards.length,
        verified: true,
        firstDifference: null,
      })
    }
  })

  it('names the first frame that differs when an action was tampered with', async () => {
    const frames = structuredClone(trained.failures.find(({ rewards }) => rewards.length > 3))
    if (!frames) throw new Error('No failure is long enough.')
    frames.actions[4] = (frames.actions[4] ?? 0) > 0 ? -0.5 : 0.5 // row action of frame 2
    expect((await verifyFrames(1, trained.specification.task, frames)).firstDifference).toEqual({
      frame: 2,
      what: 'state',
    })
  })

  it('notices a state that differs in its last bit', async () => {
    const frames = structuredClone(trained.failures[0])
    if (!frames) throw new Error('Nothing failed.')
    const last = frames.keptStates.length - 7 // row of the final state
    frames.keptStates[last] = (frames.keptStates[last] ?? 0) + Number.EPSILON * 8
    expect((await verifyFrames(1, trained.specification.task, frames)).verified).toBe(false)
  })
})
