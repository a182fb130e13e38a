import type { EpisodeKind } from '../contract/episodes.ts'
import type { Environment } from '../environments/environment.ts'
import type { Random } from '../random.ts'
import type { Decision, LearnerObserver } from './learner.ts'
import type { Transition } from './replay-buffer.ts'
import type { StateBundle } from './state.ts'

/** One agent in one environment: starts episodes, takes steps, and reports each. */
export class Interaction {
  readonly #environment: Environment
  readonly #random: Random
  readonly #kind: EpisodeKind
  readonly #randomStartFraction: number
  readonly #observer: LearnerObserver
  #observation: Float32Array | null = null

  constructor(options: {
    environment: Environment
    /** Decides where episodes start; the environment's own stream. */
    random: Random
    kind: EpisodeKind
    randomStartFraction: number
    observer: LearnerObserver
  }) {
    this.#environment = options.environment
    this.#random = options.random
    this.#kind = options.kind
    this.#randomStartFraction = options.randomStartFraction
    this.#observer = options.observer
  }

  /** Observation of the current state; starts an episode where none is going on. */
  observe(): Float32Array {
    this.#observation ??= this.#environment.reset(
      this.#random.uniform() < this.#randomStartFraction ? 'random' : 'fixed',
    )
    return this.#observation
  }

  /** Takes the decided action. `ended` is true when this step ended the episode, for whatever reason. */
  step(decision: Decision): { transition: Transition; ended: boolean } {
    const observation = this.observe()
    const stateBefore = this.#environment.snapshot()
    const step = this.#environment.step(decision.action)
    this.#observer.onStep({ kind: this.#kind, stateBefore, decision, step, environment: this.#environment })
    const ended = step.terminated || step.truncated
    this.#observation = ended ? null : step.observation
    const { reward, failure, terminated, truncated, observation: nextObservation } = step
    return {
      transition: {
        observation,
        action: decision.action,
        reward,
        nextObservation,
        failure,
        terminated,
        truncated,
      },
      ended,
    }
  }

  getState(name: string): StateBundle {
    return {
      values: { [`${name}.inEpisode`]: this.#observation !== null },
      arrays: { [`${name}.state`]: this.#environment.snapshot() },
    }
  }

  setState(name: string, bundle: StateBundle): void {
    const state = bundle.arrays[`${name}.state`]
    if (!(state instanceof Float64Array)) throw new Error(`A checkpoint misses the state of "${name}".`)
    this.#environment.restore(state)
    this.#observation = bundle.values[`${name}.inEpisode`] === true ? this.#environment.observe() : null
  }
}
