import type { Random } from '../random.ts'

/** One step of an environment as the learners see it. */
export interface Transition {
  observation: Float32Array
  action: Float32Array
  reward: number
  nextObservation: Float32Array
  /** I(s'): the step led into a failure state. */
  failure: boolean
  /** s' is terminal (failure or goal). A time limit is not: targets bootstrap through it. */
  terminated: boolean
  /** The time limit ended the episode here. */
  truncated: boolean
}

/** Where sampled transitions are written: one row per transition, flat. */
export interface BatchArrays {
  observation: Float32Array
  action: Float32Array
  reward?: Float32Array
  nextObservation: Float32Array
  failure?: Float32Array
  terminated: Float32Array
}

export interface ReplayBufferState {
  values: { size: number; next: number }
  arrays: Record<string, Float32Array | Uint8Array>
}

/** A ring of transitions: when it is full, the oldest are overwritten. */
export class ReplayBuffer {
  readonly capacity: number
  readonly #observationSize: number
  readonly #actionSize: number
  readonly #observations: Float32Array
  readonly #actions: Float32Array
  readonly #rewards: Float32Array
  readonly #nextObservations: Float32Array
  readonly #ends: Uint8Array // bit 0: failure, bit 1: terminated, bit 2: truncated
  #size = 0
  #next = 0

  constructor(capacity: number, observationSize: number, actionSize: number) {
    this.capacity = capacity
    this.#observationSize = observationSize
    this.#actionSize = actionSize
    this.#observations = new Float32Array(capacity * observationSize)
    this.#actions = new Float32Array(capacity * actionSize)
    this.#rewards = new Float32Array(capacity)
    this.#nextObservations = new Float32Array(capacity * observationSize)
    this.#ends = new Uint8Array(capacity)
  }

  get size(): number {
    return this.#size
  }

  add(transition: Transition): void {
    const at = this.#next
    this.#observations.set(transition.observation, at * this.#observationSize)
    this.#actions.set(transition.action, at * this.#actionSize)
    this.#rewards[at] = transition.reward
    this.#nextObservations.set(transition.nextObservation, at * this.#observationSize)
    this.#ends[at] = endsOf(transition)
    this.#next = (at + 1) % this.capacity
    this.#size = Math.min(this.#size + 1, this.capacity)
  }

  /** Adds the `count` latest transitions of another buffer of the same sizes, oldest first. */
  addLatest(other: ReplayBuffer, count: number): void {
    const kept = Math.min(count, other.#size)
    for (let back = kept; back > 0; back--) {
      const from = (other.#next - back + other.capacity) % other.capacity
      const to = this.#next
      copyRow(other.#observations, from, this.#observations, to, this.#observationSize)
      copyRow(other.#actions, from, this.#actions, to, this.#actionSize)
      copyRow(other.#nextObservations, from, this.#nextObservations, to, this.#observationSize)
      this.#rewards[to] = other.#rewards[from] ?? 0
      this.#ends[to] = other.#ends[from] ?? 0
      this.#next = (to + 1) % this.capacity
      this.#size = Math.min(this.#size + 1, this.capacity)
    }
  }

  /** Counts the `steps` latest transitions as failures, as far as they belong to the latest one's episode. Whether they end it stays as it was. */
  spreadFailure(steps: number): void {
    for (let back = 1; back <= Math.min(steps, this.#size); back++) {
      const at = (this.#next - back + this.capacity) % this.capacity
      const ends = this.#ends[at] ?? 0
      if (back > 1 && ends > 1) return
      this.#ends[at] = ends | 1
    }
  }

  /** Writes `count` transitions drawn uniformly with replacement into rows `firstRow` and following. */
  sample(random: Random, count: number, into: BatchArrays, firstRow = 0): void {
    if (this.#size === 0) throw new RangeError('An empty replay buffer cannot be sampled.')
    for (let row = firstRow; row < firstRow + count; row++) this.#copy(random.integer(this.#size), row, into)
  }

  #copy(index: number, row: number, into: BatchArrays): void {
    copyRow(this.#observations, index, into.observation, row, this.#observationSize)
    copyRow(this.#actions, index, into.action, row, this.#actionSize)
    copyRow(this.#nextObservations, index, into.nextObservation, row, this.#observationSize)
    const ends = this.#ends[index] ?? 0
    into.terminated[row] = (ends >> 1) & 1
    if (into.reward) into.reward[row] = this.#rewards[index] ?? 0
    if (into.failure) into.failure[row] = ends & 1
  }

  getState(): ReplayBufferState {
    const rows = this.#size
    return {
      values: { size: this.#size, next: this.#next },
      arrays: {
        observations: this.#observations.slice(0, rows * this.#observationSize),
        actions: this.#actions.slice(0, rows * this.#actionSize),
        rewards: this.#rewards.slice(0, rows),
        nextObservations: this.#nextObservations.slice(0, rows * this.#observationSize),
        ends: this.#ends.slice(0, rows),
      },
    }
  }

  setState({ values, arrays }: ReplayBufferState): void {
    if (values.size > this.capacity || values.size * this.#actionSize !== arrays.actions?.length)
      throw new RangeError('A saved replay buffer does not fit this one.')
    this.#size = values.size
    this.#next = values.size < this.capacity ? values.size : values.next % this.capacity // a run may have been extended since
    for (const [name, target] of [
      ['observations', this.#observations],
      ['actions', this.#actions],
      ['rewards', this.#rewards],
      ['nextObservations', this.#nextObservations],
      ['ends', this.#ends],
    ] as const) {
      const source = arrays[name]
      if (!source || source.length * this.capacity !== target.length * values.size)
        throw new RangeError(`A saved replay buffer has the wrong number of ${name}.`)
      target.set(source)
    }
  }
}

const endsOf = ({ failure, terminated, truncated }: Transition): number =>
  (failure ? 1 : 0) | (terminated ? 2 : 0) | (truncated ? 4 : 0)

function copyRow(source: Float32Array, from: number, target: Float32Array, to: number, width: number): void {
  for (let column = 0; column < width; column++)
    target[to * width + column] = source[from * width + column] ?? 0
}
