import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator'

/** Numbers in a generator's state; each is a 32-bit integer. */
export const RANDOM_STATE_SIZE = 4

/** A seeded stream of random numbers whose state can be taken and put back, so that a run continues bit by bit. */
export class Random {
  #generator: JumpableRandomGenerator

  constructor(generator: JumpableRandomGenerator) {
    this.#generator = generator
  }

  /** Uniform on [0, 1), 24 bits. The lowest bits of xoroshiro128+ are weak and are left out. */
  uniform(): number {
    return (this.#generator.next() >>> 8) / 2 ** 24
  }

  /** Uniform on {0, ..., bound - 1}, for bounds far below 2^24. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound)
  }

  /** Standard normal, by Box and Muller. The second number of a pair is dropped: nothing is left over that a state would have to hold. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    return radius * Math.cos(2 * Math.PI * this.uniform())
  }

  fillNormal(target: Float32Array): void {
    for (let i = 0; i + 1 < target.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
      const angle = 2 * Math.PI * this.uniform()
      target[i] = radius * Math.cos(angle)
      target[i + 1] = radius * Math.sin(angle)
    }
    if (target.length % 2 === 1) target[target.length - 1] = this.normal()
  }

  getState(): number[] {
    return [...this.#generator.getState()]
  }

  /** @throws RangeError where the state is not one that `getState` returned. */
  setState(state: ArrayLike<number>): void {
    if (state.length !== RANDOM_STATE_SIZE)
      throw new RangeError(`A generator's state has ${RANDOM_STATE_SIZE} numbers, not ${state.length}.`)
    this.#generator = xoroshiro128plusFromState(Array.from(state))
  }
}

/** One stream for a purpose that no run has. The first numbers after a small seed are much alike; a jump leaves them behind. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  generator.jump()
  return new Random(generator)
}

/**
 * One stream per use, 2^64 numbers apart. Two methods or settings under the same seed see the same numbers in each stream, and switching one
 * thing off (the mask, say) shifts nothing else. Only append: the order decides which numbers a stream gets.
 */
export const streamNames = [
  'weights',
  'environment',
  'exploration',
  'candidates',
  'batches',
  'updates',
  'rolloutEnvironment',
  'rolloutCandidates',
  'safetyBatches',
  'safetyUpdates',
  'evaluation',
  'recording',
] as const
export type StreamName = (typeof streamNames)[number]
export type Streams = Readonly<Record<StreamName, Random>>

/** Rounds under one seed that are in use: two phases of training, and what is simulated apart from it. */
export const streamRounds = {
  pretrain: 0,
  finetune: 1,
  /** Of the command line and of measurements. */
  rollout: 2,
  branch: 3,
  fresh: 4,
  /** Candidates drawn to judge. */
  judgement: 5,
  /** Episodes that a threshold is measured on: under seed 0, so that they are the same whoever measures. */
  heldOut: 6,
} as const

/** Streams that one round of streams may ever have; rounds under one seed lie this many jumps apart. */
const STREAMS_PER_ROUND = 64

/** @param round one of `streamRounds`. */
export function createStreams(seed: number, round = 0): Streams {
  const generator = xoroshiro128plus(seed)
  for (let jump = 0; jump < round * STREAMS_PER_ROUND; jump++) generator.jump()
  const next = () => {
    generator.jump()
    return new Random(generator.clone() as JumpableRandomGenerator)
  }
  return Object.fromEntries(streamNames.map((name) => [name, next()])) as Record<StreamName, Random>
}
