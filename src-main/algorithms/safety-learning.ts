import { Interaction } from './interaction.ts'
import type { LearnerOptions } from './learner.ts'
import type { MaskedPolicy } from './masked-policy.ts'
import { ReplayBuffer, type Transition } from './replay-buffer.ts'
import type { SafetyCritic } from './safety-critic.ts'
import type { SqrlRunSettings } from './sqrl-settings.ts'
import {
  adamState,
  bufferState,
  groupState,
  mergeBundles,
  restoreAdam,
  restoreBuffer,
  restoreGroup,
  type StateBundle,
} from './state.ts'

/** Adds a step to D_offline or D_safe; the steps before a failure may count as failures too. */
export function keepTransition(
  buffer: ReplayBuffer,
  transition: Transition,
  { failureLabelSteps }: SqrlRunSettings['sqrl'],
): void {
  buffer.add(transition)
  if (transition.failure) buffer.spreadFailure(failureLabelSteps)
}

/** How Q_safe learns: rollouts under the mask fill D_safe (Algorithm 1), and gradient steps on J_safe follow. */
export class SafetyLearning {
  readonly #options: LearnerOptions
  readonly #settings: SqrlRunSettings['sqrl']
  readonly #critic: SafetyCritic
  readonly #masked: MaskedPolicy
  readonly #safe: ReplayBuffer // D_safe
  readonly #rollouts: Interaction

  constructor(
    options: LearnerOptions,
    settings: SqrlRunSettings['sqrl'],
    critic: SafetyCritic,
    masked: MaskedPolicy,
  ) {
    const { observationSize, actionSize } = options.environment
    this.#options = options
    this.#settings = settings
    this.#critic = critic
    this.#masked = masked
    this.#safe = new ReplayBuffer(settings.safetyCapacity, observationSize, actionSize)
    this.#rollouts = new Interaction({
      environment: options.rolloutEnvironment,
      random: options.streams.rolloutEnvironment,
      kind: 'rollout',
      randomStartFraction: settings.rolloutRandomStartFraction,
      observer: options.observer,
    })
  }

  keep(transition: Transition): void {
    keepTransition(this.#safe, transition, this.#settings)
  }

  /** tau ~ rollout(pibar); D_safe.add(tau). */
  async rollout(): Promise<void> {
    const { epsilonSafe, rolloutChoice } = this.#settings
    for (;;) {
      const decision = await this.#masked.explore(this.#rollouts.observe(), {
        epsilonSafe,
        choice: rolloutChoice,
        random: this.#options.streams.rolloutCandidates,
      })
      const { transition, ended } = this.#rollouts.step(decision)
      this.keep(transition)
      if (ended) return
    }
  }

  /** psi <- gradient step on J_safe over D_safe, and `offline` as far as the settings mix it in. */
  async update(offline: ReplayBuffer): Promise<void> {
    if (this.#safe.size === 0) return
    const { streams, observer } = this.#options
    const share = this.#settings.safetyOfflineShare
    const { safetyBatches, safetyUpdates } = streams
    const { loss, meanQSafe } = await this.#critic.update(
      this.#safe,
      offline,
      share,
      safetyBatches,
      safetyUpdates,
    )
    observer.onUpdate({ safetyLoss: loss, batchQSafe: meanQSafe })
  }

  getNetworks(): StateBundle {
    return mergeBundles(groupState(this.#critic.network), groupState(this.#critic.target))
  }

  setNetworks(networks: StateBundle): void {
    restoreGroup(this.#critic.network, networks)
    restoreGroup(this.#critic.target, networks)
  }

  getState(): StateBundle {
    return mergeBundles(
      adamState(this.#critic.optimizer),
      bufferState('safe', this.#safe),
      this.#rollouts.getState('rollouts'),
    )
  }

  setState(state: StateBundle): void {
    restoreAdam(this.#critic.optimizer, state)
    restoreBuffer('safe', this.#safe, state)
    this.#rollouts.setState('rollouts', state)
  }
}
