import type { Decision } from '../algorithms/learner.ts'
import type { EpisodeFrames, Outcome } from '../contract/episodes.ts'
import type { ReplayForces } from '../contract/replays.ts'
import { CONTACT_SIZE } from '../contract/scenes.ts'
import {
  type Environment,
  type Motion,
  outcomeOf,
  type VisibleEnvironment,
} from '../environments/environment.ts'
import { type Frame, packFrames } from '../training/episode-recorder.ts'
import { withFewCandidates } from '../training/recorded-candidates.ts'

/** An episode simulated apart from training: nothing is learnt and nothing is stored. */
export interface Simulation {
  outcome: Outcome
  cause: string | null
  return: number
  frames: EpisodeFrames
}

/**
 * Goes on from where the environment stands until the episode ends.
 * @param decide is told the frame, 0 at the first.
 * @param signal aborts between two steps, with its reason.
 */
export async function simulate(
  environment: Environment,
  decide: (observation: Float32Array, frame: number) => Promise<Decision>,
  signal?: AbortSignal,
): Promise<Simulation> {
  const frames: Frame[] = []
  for (let observation = environment.observe(); ; ) {
    signal?.throwIfAborted()
    const state = environment.snapshot()
    const decision = await decide(observation, frames.length)
    const step = environment.step(decision.action)
    frames.push({ ...withFewCandidates(decision), state, reward: step.reward })
    observation = step.observation
    if (!step.terminated && !step.truncated) continue
    const qSafe = Float32Array.from(frames, (frame) => frame.qSafe)
    return {
      outcome: outcomeOf(step),
      cause: step.cause,
      return: frames.reduce((sum, { reward }) => sum + reward, 0),
      frames: packFrames(frames, environment.snapshot(), qSafe),
    }
  }
}

/** One row of a packed array of states. */
export function stateAt(states: Float64Array, index: number, stateSize: number): Float64Array {
  return states.slice(index * stateSize, (index + 1) * stateSize)
}

/** How the scene's moving bodies stand and move in each of the states. @param before the state before the first; null: an episode begins. */
export function motionsOf(
  environment: VisibleEnvironment,
  states: Float64Array,
  before: Float64Array | null = null,
): { poses: Float32Array; velocities: Float32Array; forces?: ReplayForces } {
  const { stateSize } = environment
  let previous = before
  const motions = Array.from({ length: states.length / stateSize }, (_, index) => {
    const state = stateAt(states, index, stateSize)
    const motion = environment.motion(state, previous)
    previous = state
    return motion
  })
  return {
    poses: joined(motions.map(({ poses }) => poses)),
    velocities: joined(motions.map(({ velocities }) => velocities)),
    ...forcesOf(motions),
  }
}

/** What each failure test measures in each of the states. */
export function measuresOf(environment: VisibleEnvironment, states: Float64Array): Float64Array {
  const { stateSize } = environment
  const count = states.length / stateSize
  const rows = Array.from({ length: count }, (_, index) =>
    environment.measures(stateAt(states, index, stateSize)),
  )
  return Float64Array.from(rows.flat())
}

function forcesOf(motions: readonly Motion[]): { forces?: ReplayForces } {
  const forces = motions.flatMap((motion) => motion.forces ?? [])
  if (forces.length < motions.length || forces.length === 0) return {}
  return {
    forces: {
      contacts: joined(forces.map(({ contacts }) => contacts)),
      contactCounts: Int32Array.from(forces, ({ contacts }) => contacts.length / CONTACT_SIZE),
      centresOfMass: joined(forces.map(({ centreOfMass }) => centreOfMass)),
    },
  }
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const array of arrays) {
    whole.set(array, at)
    at += array.length
  }
  return whole
}
