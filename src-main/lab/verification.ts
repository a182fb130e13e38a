import { setImmediate as turn } from 'node:timers/promises'
import type { RecordedFrames } from '../contract/episodes.ts'
import type { Verification } from '../contract/replays.ts'
import type { Task } from '../contract/transfer.ts'
import { keptRows } from '../training/recorded-frames.ts'
import { environmentOf } from './checkpoint-agents.ts'
import { stateAt } from './simulation.ts'

/** Steps simulated before others get their turn. */
const STEPS_PER_TURN = 25

/**
 * Re-simulates the recorded actions from the first recorded state and compares, bit by bit, each reward and each state that was kept. Nothing is put back on the
 * way, so a state that differs unseen shows at the next kept one.
 */
export async function verifyFrames(
  episodeId: number | null,
  task: Task,
  { keptStates, stateEvery, actions, rewards }: RecordedFrames,
): Promise<Verification> {
  const environment = await environmentOf(task)
  const { stateSize, actionSize } = environment
  const frames = rewards.length
  const kept = new Map(keptRows(frames + 1, stateEvery).map((row, index) => [row, index]))
  environment.restore(stateAt(keptStates, 0, stateSize))
  for (let frame = 0; frame < frames; frame++) {
    const { reward } = environment.step(actions.slice(frame * actionSize, (frame + 1) * actionSize))
    const index = kept.get(frame + 1)
    const what =
      index !== undefined && !isSame(environment.snapshot(), stateAt(keptStates, index, stateSize))
        ? 'state'
        : Object.is(reward, rewards[frame])
          ? null
          : 'reward'
    if (what) return { episodeId, frames, verified: false, firstDifference: { frame, what } }
    if (frame % STEPS_PER_TURN === STEPS_PER_TURN - 1) await turn()
  }
  return { episodeId, frames, verified: true, firstDifference: null }
}

const isSame = (a: Float64Array, b: Float64Array): boolean =>
  a.every((value, index) => Object.is(value, b[index]))
