import { setImmediate as turn } from 'node:timers/promises'
import type { EpisodeFrames, RecordedFrames } from '../contract/episodes.ts'
import type { Task } from '../contract/transfer.ts'
import { keptRows } from '../training/recorded-frames.ts'
import { environmentOf } from './checkpoint-agents.ts'
import { stateAt } from './simulation.ts'

/** Control steps simulated before others get their turn: a few milliseconds of a robot. */
const STEPS_PER_TURN = 25

/** The frames with the states of all of them: those that were not kept are simulated again from the last kept one before. */
export async function wholeFrames(
  task: Task,
  { keptStates, stateEvery, ...rest }: RecordedFrames,
): Promise<EpisodeFrames> {
  if (stateEvery === 1) return { states: keptStates, ...rest }
  const environment = await environmentOf(task)
  const { stateSize, actionSize } = environment
  const count = rest.rewards.length + 1
  const states = new Float64Array(count * stateSize)
  const kept = new Map(keptRows(count, stateEvery).map((row, index) => [row, index]))
  for (let frame = 0; frame < count; frame++) {
    const index = kept.get(frame)
    if (index !== undefined) {
      const state = stateAt(keptStates, index, stateSize)
      states.set(state, frame * stateSize)
      environment.restore(state)
    } else states.set(environment.snapshot(), frame * stateSize)
    if (frame < count - 1) environment.step(rest.actions.slice(frame * actionSize, (frame + 1) * actionSize))
    if (frame % STEPS_PER_TURN === STEPS_PER_TURN - 1) await turn()
  }
  return { states, ...rest }
}
