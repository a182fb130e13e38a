import type { Learner } from '../algorithms/learner.ts'
import type { MetricPoint } from '../contract/metrics.ts'
import type { RunSpecification } from '../contract/transfer.ts'
import { outcomeOf, type VisibleEnvironment } from '../environments/environment.ts'
import { createEnvironment } from '../environments/registry.ts'
import { createStreams, type Random, streamRounds } from '../random.ts'
import type { EvaluationEpisode } from './messages.ts'

/** Seeds of one run's evaluation episodes; those of another seed's run are others. */
const seedsPerRun = 1000

/**
 * Episodes that measure a policy while it learns: deterministic, in an environment and with streams of their own, so that nothing that is learnt is
 * another. Each evaluation plays the same seeds, and nothing of it has to be kept in a checkpoint. An episode is the fresh episode that the
 * replay plays from a checkpoint at the same step under the same seed.
 */
export class Evaluator {
  readonly #specification: RunSpecification
  readonly #environment: VisibleEnvironment
  readonly #random: Random

  private constructor(specification: RunSpecification, environment: VisibleEnvironment, random: Random) {
    this.#specification = specification
    this.#environment = environment
    this.#random = random
  }

  /** Null where the run is not to be evaluated. */
  static async create(specification: RunSpecification): Promise<Evaluator | null> {
    if (!specification.recording.evaluation) return null
    const random = createStreams(0, streamRounds.fresh).environment
    return new Evaluator(specification, await createEnvironment(specification.task, random), random)
  }

  isDue(step: number): boolean {
    const { evaluation } = this.#specification.recording
    return evaluation ? step % evaluation.every === 0 : false
  }

  async evaluate(learner: Pick<Learner, 'step' | 'decideToEvaluate'>): Promise<EvaluationEpisode[]> {
    const count = this.#specification.recording.evaluation?.episodes ?? 0
    const episodes: EvaluationEpisode[] = []
    for (let place = 0; place < count; place++) episodes.push(await this.#play(learner, place))
    return episodes
  }

  async #play(
    learner: Pick<Learner, 'step' | 'decideToEvaluate'>,
    place: number,
  ): Promise<EvaluationEpisode> {
    const seed = evaluationSeed(this.#specification.seed, place)
    const streams = createStreams(seed, streamRounds.fresh)
    this.#random.setState(streams.environment.getState())
    let observation = this.#environment.reset('fixed')
    let total = 0
    for (let length = 1; ; length++) {
      const { action, qSafe } = await learner.decideToEvaluate(observation, streams.candidates)
      const step = this.#environment.step(action)
      total += step.reward
      observation = step.observation
      if (!step.terminated && !step.truncated) continue
      return {
        step: learner.step,
        place,
        seed,
        return: total,
        length,
        outcome: outcomeOf(step),
        cause: step.cause,
        finalQSafe: Number.isNaN(qSafe) ? null : qSafe,
      }
    }
  }
}

/** Of the place-th evaluation episode of a run; the same at every evaluation. */
export function evaluationSeed(runSeed: number, place: number): number {
  return (runSeed * seedsPerRun + place) % 2 ** 31
}

/** What the curves show of one evaluation. */
export function evaluationPoint(step: number, episodes: readonly EvaluationEpisode[]): MetricPoint {
  const mean = (of: (episode: EvaluationEpisode) => number) =>
    episodes.reduce((sum, episode) => sum + of(episode), 0) / episodes.length
  return {
    step,
    values: {
      evaluationReturn: mean((episode) => episode.return),
      evaluationFailureRate: mean(({ outcome }) => (outcome === 'failure' ? 1 : 0)),
      evaluationSuccessRate: mean(({ outcome }) => (outcome === 'success' ? 1 : 0)),
    },
  }
}
