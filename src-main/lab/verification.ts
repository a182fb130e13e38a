import type { EpisodeFrames } from '../contract/episodes.ts'
import type { RunSpecification } from '../contract/transfer.ts'
import { createEnvironment } from '../environments/registry.ts'
import { createStreams } from '../random.ts'

export interface Verification {
  episode: number
  frames: number
  /** Every recorded state and reward came out again, bit by bit. */
  verified: boolean
  /** First frame whose outcome differs; null where none does. */
  firstDifference: { frame: number; what: 'state' | 'reward' } | null
}

/** Re-simulates the recorded actions from the first recorded state and compares each state that follows. */
export function verifyFrames(
  episode: number,
  specification: RunSpecification,
  recorded: EpisodeFrames,
): Verification {
  const environment = createEnvironment(specification.task, createStreams(specification.seed).environment)
  const { stateSize, actionSize } = environment
  const frames = recorded.rewards.length
  const stateAt = (frame: number) => recorded.states.slice(frame * stateSize, (frame + 1) * stateSize)
  environment.restore(stateAt(0))
  for (let frame = 0; frame < frames; frame++) {
    const { reward } = environment.step(recorded.actions.slice(frame * actionSize, (frame + 1) * actionSize))
    const expected = stateAt(frame + 1)
    const what = !environment.snapshot().every((value, index) => Object.is(value, expected[index]))
      ? 'state'
      : Object.is(reward, recorded.rewards[frame])
        ? null
        : 'reward'
    if (what) return { episode, frames, verified: false, firstDifference: { frame, what } }
  }
  return { episode, frames, verified: true, firstDifference: null }
}
