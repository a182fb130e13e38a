import type { Environment, Start, Step } from '../../src-main/environments/environment.ts'
import { RANDOM_STATE_SIZE, type Random } from '../../src-main/random.ts'

export interface ToyRules {
  maximumSteps: number
  actionSize: number
  /** Where `position` goes, what that gives, and whether it ends there. Actions are clipped already. */
  move: (
    position: number,
    action: Float32Array,
    random: Random,
  ) => { position: number; reward: number; end: 'failure' | 'success' | null }
}

/** A task on a line that learners master in seconds. Observation: position and share of the steps taken. */
export class Toy implements Environment {
  readonly observationSize = 2
  readonly actionSize: number
  readonly stateSize = 2 + RANDOM_STATE_SIZE
  readonly stateNames = ['position', 'steps']
  readonly stateEvery = 1
  readonly maximumSteps: number
  readonly #rules: ToyRules
  readonly #random: Random
  #position = 0
  #steps = 0

  constructor(rules: ToyRules, random: Random) {
    this.#rules = rules
    this.#random = random
    this.actionSize = rules.actionSize
    this.maximumSteps = rules.maximumSteps
  }

  reset(start: Start): Float32Array {
    this.#position = start === 'random' ? 2 * this.#random.uniform() - 1 : 0
    this.#steps = 0
    return this.observe()
  }

  step(action: Float32Array): Step {
    if (this.#steps >= this.maximumSteps) throw new Error('The episode is over; reset the environment first.')
    const clipped = action.map((value) => Math.max(-1, Math.min(1, value)))
    const { position, reward, end } = this.#rules.move(this.#position, clipped, this.#random)
    this.#position = position
    this.#steps++
    const truncated = end === null && this.#steps === this.maximumSteps
    const observation = this.observe()
    if (end) this.#steps = this.maximumSteps
    const failure = end === 'failure'
    return {
      observation,
      reward,
      failure,
      terminated: end !== null,
      truncated,
      cause: failure ? 'slipped' : null,
    }
  }

  observe(): Float32Array {
    return Float32Array.of(this.#position, this.#steps / this.maximumSteps)
  }

  snapshot(): Float64Array {
    return Float64Array.of(this.#position, this.#steps, ...this.#random.getState())
  }

  restore(state: Float64Array): void {
    if (state.length !== this.stateSize) throw new RangeError('This is no state of a toy.')
    const [position = 0, steps = 0] = state
    this.#position = position
    this.#steps = steps
    this.#random.setState(state.subarray(2))
  }
}

/** Every kind of end within a few steps: beyond 1 is failure, beyond -1 the goal. */
export const ends: ToyRules = {
  maximumSteps: 4,
  actionSize: 2,
  move(position, action, random) {
    const next = position + 0.7 * (action[0] ?? 0) + 0.1 * random.normal()
    return {
      position: next,
      reward: 0.3 - next + 0.2 * (action[1] ?? 0),
      end: next > 1 ? 'failure' : next < -1 ? 'success' : null,
    }
  },
}

/** Walk to 0.5 and stay. */
export const walkToHalf: ToyRules = {
  maximumSteps: 8,
  actionSize: 1,
  move(position, action) {
    const next = Math.max(-1, Math.min(1, position + 0.5 * (action[0] ?? 0)))
    return { position: next, reward: -Math.abs(next - 0.5), end: null }
  },
}

/** The larger the action the better, and falling ends the misery; but above 0.3 four steps of five fall. */
export const slippery: ToyRules = {
  maximumSteps: 10,
  actionSize: 1,
  move(position, [action = 0], random) {
    const falls = random.uniform() < 0.8 && action > 0.3
    return { position, reward: action - 1, end: falls ? 'failure' : null }
  },
}

/** One choice: how much to stake. The mean of what comes back rises with it, and twice as fast its deviation. */
export const stakes: ToyRules = {
  maximumSteps: 1,
  actionSize: 1,
  move: (position, [action = 0], random) => ({
    position,
    reward: ((action + 1) / 2) * (0.5 + random.normal()),
    end: null,
  }),
}
