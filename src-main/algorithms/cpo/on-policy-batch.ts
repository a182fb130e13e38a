import { z } from 'zod'
import type { Transition } from '../replay-buffer.ts'
import { readFloats, type StateBundle } from '../state.ts'
import type { Track } from './advantages.ts'

const savedValues = z.object({
  size: z.int().nonnegative(),
  episodeSteps: z.int().nonnegative(),
  endedEpisodes: z.int().nonnegative(),
  costSum: z.number().nonnegative(),
})

const FAILURE = 1
const TERMINATED = 2
const ENDED = 4

/** The steps since the last policy step, in the order in which they were taken. */
export class OnPolicyBatch {
  readonly capacity: number
  readonly observations: Float32Array
  readonly nextObservations: Float32Array
  /** Before tanh: of what the likelihood ratio is worked out. */
  readonly unsquashed: Float32Array
  readonly #rewards: Float32Array
  readonly #ends: Uint8Array
  readonly #costDiscount: number
  readonly #observationSize: number
  readonly #actionSize: number
  #values: z.infer<typeof savedValues> = { size: 0, episodeSteps: 0, endedEpisodes: 0, costSum: 0 }

  constructor(sizes: {
    capacity: number
    observationSize: number
    actionSize: number
    costDiscount: number
  }) {
    const { capacity, observationSize, actionSize, costDiscount } = sizes
    this.capacity = capacity
    this.observations = new Float32Array(capacity * observationSize)
    this.nextObservations = new Float32Array(capacity * observationSize)
    this.unsquashed = new Float32Array(capacity * actionSize)
    this.#rewards = new Float32Array(capacity)
    this.#ends = new Uint8Array(capacity)
    this.#costDiscount = costDiscount
    this.#observationSize = observationSize
    this.#actionSize = actionSize
  }

  get isFull(): boolean {
    return this.#values.size === this.capacity
  }

  add(transition: Transition, unsquashed: Float32Array): void {
    const values = this.#values
    const at = values.size++
    this.observations.set(transition.observation, at * this.#observationSize)
    this.nextObservations.set(transition.nextObservation, at * this.#observationSize)
    this.unsquashed.set(unsquashed, at * this.#actionSize)
    this.#rewards[at] = transition.reward
    const { failure, terminated, truncated } = transition
    const ended = terminated || truncated
    this.#ends[at] = (failure ? FAILURE : 0) | (terminated ? TERMINATED : 0) | (ended ? ENDED : 0)
    if (failure) values.costSum += this.#costDiscount ** values.episodeSteps
    values.episodeSteps = ended ? 0 : values.episodeSteps + 1
    if (ended) values.endedEpisodes++
  }

  /** J_C: mean discounted cost of the episodes that ended in this batch; null where none did. */
  get expectedCost(): number | null {
    const { costSum, endedEpisodes } = this.#values
    return endedEpisodes === 0 ? null : costSum / endedEpisodes
  }

  /** Of the episodes that ended in this batch; all of it where none did. */
  get stepsPerEpisode(): number {
    return this.#values.size / Math.max(1, this.#values.endedEpisodes)
  }

  /** What the rewards' advantages are estimated from, but for the values. */
  rewards(): Pick<Track, 'gains' | 'terminated' | 'ended'> {
    return { gains: this.#rewards, terminated: this.#flags(TERMINATED), ended: this.#flags(ENDED) }
  }

  /**
   * The same of the cost: 1 for a step into a failure. Its limit is on an episode, after whose end nothing fails any more: a time limit ends the cost, where
   * the return bootstraps through it. Were it otherwise, what may fail some time would count as if it failed now, and no step would look safer.
   */
  costs(): Pick<Track, 'gains' | 'terminated' | 'ended'> {
    const ended = this.#flags(ENDED)
    return { gains: this.#flags(FAILURE), terminated: ended, ended }
  }

  #flags(bit: number): Uint8Array {
    return this.#ends.map((ends) => (ends & bit ? 1 : 0))
  }

  /** Empties it; the episode in progress goes on. */
  clear(): void {
    this.#values = { ...this.#values, size: 0, endedEpisodes: 0, costSum: 0 }
  }

  getState(): StateBundle {
    const { size } = this.#values
    return {
      values: { batch: { ...this.#values } },
      arrays: {
        'batch.observations': this.observations.slice(0, size * this.#observationSize),
        'batch.nextObservations': this.nextObservations.slice(0, size * this.#observationSize),
        'batch.unsquashed': this.unsquashed.slice(0, size * this.#actionSize),
        'batch.rewards': this.#rewards.slice(0, size),
        'batch.ends': this.#ends.slice(0, size),
      },
    }
  }

  setState(state: StateBundle): void {
    const values = savedValues.parse(state.values.batch)
    const { size } = values
    const ends = state.arrays['batch.ends']
    if (size > this.capacity || !(ends instanceof Uint8Array) || ends.length !== size)
      throw new RangeError('A saved batch does not fit this one.')
    const wide = size * this.#observationSize
    this.observations.set(readFloats(state, 'batch.observations', wide))
    this.nextObservations.set(readFloats(state, 'batch.nextObservations', wide))
    this.unsquashed.set(readFloats(state, 'batch.unsquashed', size * this.#actionSize))
    this.#rewards.set(readFloats(state, 'batch.rewards', size))
    this.#ends.set(ends)
    this.#values = values
  }
}
