import type { Random } from '../random.ts'
import { type Candidates, joinCandidates } from './action-sampler.ts'
import type { Decision } from './learner.ts'
import { type CandidateChoice, selectLikelySafeAction, selectSafeAction } from './mask.ts'

/** A policy that offers actions, each with its Q_safe. */
export interface CandidateSource {
  readonly actionSize: number
  /** @param first where the first action's noise comes from, if not from `random` like that of all; `mean`: it has none. */
  draw(observation: Float32Array, random: Random, first: Random | 'mean' | null): Promise<Candidates>
}

/** The policy that Q_safe was learnt of. */
export interface Fallback {
  source: CandidateSource
  /** Its candidates are among those of every step, rather than only where none of the policy's own is safe. */
  isAlongside: boolean
}

/** The policy under the mask (Eq. 3): of several candidates one that Q_safe calls safe, and where none is, what `fallback` says. */
export class MaskedPolicy {
  readonly #own: CandidateSource
  readonly #fallback: Fallback | null

  constructor(own: CandidateSource, fallback: Fallback | null) {
    this.#own = own
    this.#fallback = fallback
  }

  /**
   * @param exploration draws the first candidate where `choice` is first, so that it is what a policy without a mask would do; null: `random` draws it too.
   */
  async decide(
    observation: Float32Array,
    how: { epsilonSafe: number; choice: CandidateChoice; random: Random; exploration: Random | null },
  ): Promise<Decision> {
    const { epsilonSafe, choice, random, exploration } = how
    const candidates = await this.#draw(observation, random, choice === 'first' ? exploration : null)
    const chosen = selectSafeAction(candidates, epsilonSafe, choice, random)
    const rescue = await this.#rescue(candidates, chosen, epsilonSafe, observation, random)
    if (rescue === null) return this.#decision(candidates, chosen)
    return this.#decision(rescue, selectSafeAction(rescue, epsilonSafe, choice, random))
  }

  /** In a safety rollout, which knows no fallback. */
  async explore(
    observation: Float32Array,
    { epsilonSafe, choice, random }: { epsilonSafe: number; choice: CandidateChoice; random: Random },
  ): Promise<Decision> {
    const candidates = await this.#own.draw(observation, random, null)
    return this.#decision(candidates, selectSafeAction(candidates, epsilonSafe, choice, random))
  }

  /** The policy's mean where it is safe, else the likeliest safe candidate. */
  async decideToEvaluate(observation: Float32Array, epsilonSafe: number, random: Random): Promise<Decision> {
    const candidates = await this.#draw(observation, random, 'mean')
    const chosen = selectLikelySafeAction(candidates, epsilonSafe)
    const rescue = await this.#rescue(candidates, chosen, epsilonSafe, observation, random, 'mean')
    if (rescue === null) return this.#decision(candidates, chosen)
    return this.#decision(rescue, selectLikelySafeAction(rescue, epsilonSafe))
  }

  /** Candidates of the policy, and behind them those of the pre-trained one where both are asked at every step. */
  async #draw(observation: Float32Array, random: Random, first: Random | 'mean' | null): Promise<Candidates> {
    const own = await this.#own.draw(observation, random, first)
    if (!this.#fallback?.isAlongside) return own
    return joinCandidates(own, await this.#fallback.source.draw(observation, random, null))
  }

  /** Candidates of the pre-trained policy, where it stands by and the action chosen so far is not safe. */
  async #rescue(
    candidates: Candidates,
    chosen: number,
    epsilonSafe: number,
    observation: Float32Array,
    random: Random,
    first: 'mean' | null = null,
  ): Promise<Candidates | null> {
    if (this.#fallback === null || this.#fallback.isAlongside) return null
    const isSafe = (candidates.qSafe[chosen] ?? Number.NaN) <= epsilonSafe
    return isSafe ? null : this.#fallback.source.draw(observation, random, first)
  }

  #decision(candidates: Candidates, chosen: number): Decision {
    const { actionSize } = this.#own
    return {
      action: candidates.actions.slice(chosen * actionSize, (chosen + 1) * actionSize),
      qSafe: candidates.qSafe[chosen] ?? Number.NaN,
      candidates: candidates.actions.slice(),
      candidateQSafe: candidates.qSafe.slice(),
      chosen,
    }
  }
}
