import { z } from 'zod'
import type { EpisodeKind } from '../contract/episodes.ts'
import type { Environment } from '../environments/environment.ts'
import type { Random } from '../random.ts'
import { type EpisodeContext, withContext } from './episode-context.ts'
import type { Decision, LearnerObserver } from './learner.ts'
import type { Transition } from './replay-buffer.ts'
import type { StateBundle } from './state.ts'

const contextSchema = z.array(z.number())

/** One agent in one environment: starts episodes, takes steps, and reports each. */
export class Interaction {
  readonly #environment: Environment
  readonly #random: Random
  readonly #kind: EpisodeKind
  readonly #randomStartFraction: number
  readonly #observer: LearnerObserver
  readonly #contexts: { source: EpisodeContext; random: Random } | null
  #context: readonly number[] = []
  #observation: Float32Array | null = null

  constructor(options: {
    environment: Environment
    /** Decides where episodes start; the environment's own stream. */
    random: Random
    kind: EpisodeKind
    randomStartFraction: number
    observer: LearnerObserver
    /** What each episode draws beside its start, and from where. */
    context?: { source: EpisodeContext; random: Random } | null
  }) {
    this.#environment = options.environment
    this.#random = options.random
    this.#kind = options.kind
    this.#randomStartFraction = options.randomStartFraction
    this.#observer = options.observer
    this.#contexts = options.context ?? null
  }

  /** Observation of the current state, with the episode's context; starts an episode where none is going on. */
  observe(): Float32Array {
    this.#observation ??= this.#begin()
    return this.#observation
  }

  #begin(): Float32Array {
    const start = this.#random.uniform() < this.#randomStartFraction ? 'random' : 'fixed'
    const observation = this.#environment.reset(start)
    if (this.#contexts !== null) this.#context = this.#contexts.source.draw(this.#contexts.random)
    return withContext(observation, this.#context)
  }

  /** Takes the decided action. `ended` is true when this step ended the episode, for whatever reason. */
  step(decision: Decision): { transition: Transition; ended: boolean } {
    const observation = this.observe()
    const stateBefore = this.#environment.snapshot()
    const step = this.#environment.step(decision.action)
    this.#observer.onStep({ kind: this.#kind, stateBefore, decision, step, environment: this.#environment })
    const ended = step.terminated || step.truncated
    const nextObservation = withContext(step.observation, this.#context)
    this.#observation = ended ? null : nextObservation
    const { reward, failure, terminated, truncated } = step
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
      values: {
        [`${name}.inEpisode`]: this.#observation !== null,
        ...(this.#contexts === null ? {} : { [`${name}.context`]: [...this.#context] }),
      },
      arrays: { [`${name}.state`]: this.#environment.snapshot() },
    }
  }

  setState(name: string, bundle: StateBundle): void {
    const state = bundle.arrays[`${name}.state`]
    if (!(state instanceof Float64Array)) throw new Error(`A checkpoint misses the state of "${name}".`)
    this.#environment.restore(state)
    if (this.#contexts !== null) this.#context = contextSchema.parse(bundle.values[`${name}.context`])
    const isInEpisode = bundle.values[`${name}.inEpisode`] === true
    this.#observation = isInEpisode ? withContext(this.#environment.observe(), this.#context) : null
  }
}
