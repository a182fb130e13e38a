import type { EpisodeFrames } from '../contract/episodes.ts'
import type { Verification } from '../contract/replays.ts'
import type { Task } from '../contract/transfer.ts'
import { createEnvironment } from '../environments/registry.ts'
import { createStreams } from '../random.ts'
import { stateAt } from './simulation.ts'

/** Re-simulates the recorded actions from the first recorded state and compares each state that follows. */
export async function verifyFrames(
  episodeId: number | null,
  task: Task,
  recorded: EpisodeFrames,
): Promise<Verification> {
  const environment = await createEnvironment(task, createStreams(0).environment)
  const { stateSize, actionSize } = environment
  const frames = recorded.rewards.length
  environment.restore(stateAt(recorded.states, 0, stateSize))
  for (let frame = 0; frame < frames; frame++) {
    const { reward } = environment.step(recorded.actions.slice(frame * actionSize, (frame + 1) * actionSize))
    const expected = stateAt(recorded.states, frame + 1, stateSize)
    const what = !environment.snapshot().every((value, index) => Object.is(value, expected[index]))
      ? 'state'
      : Object.is(reward, recorded.rewards[frame])
        ? null
        : 'reward'
    if (what) return { episodeId, frames, verified: false, firstDifference: { frame, what } }
  }
  return { episodeId, frames, verified: true, firstDifference: null }
}
