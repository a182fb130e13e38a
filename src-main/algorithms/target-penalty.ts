import { SafetyMultiplier } from './multiplier.ts'
import { readNumber, type StateBundle } from './state.ts'

export interface TargetPenaltySettings {
  penalty: number
  penaltySchedule: 'linear' | 'constant' | 'learned'
  penaltyLearningRate: number
}

/** lambda of RS: how much reward a transition loses for each unit of its Q_safe. */
export class TargetPenalty {
  readonly #settings: TargetPenaltySettings
  readonly #learned: SafetyMultiplier

  constructor(settings: TargetPenaltySettings, epsilonSafe: number) {
    this.#settings = settings
    this.#learned = new SafetyMultiplier({
      epsilonSafe,
      initialMultiplier: settings.penalty,
      multiplierLearningRate: settings.penaltyLearningRate,
      multiplierUpdate: 'projected',
    })
  }

  /** @param progress share of the fine-tuning that is over. */
  at(progress: number): number {
    const { penalty, penaltySchedule } = this.#settings
    if (penaltySchedule === 'learned') return this.#learned.value
    return penaltySchedule === 'linear' ? penalty * Math.min(1, progress) : penalty
  }

  /** Dual ascent, where it is learnt: up while the actions of the batch are riskier than epsilonSafe. */
  update(actionRisk: number): void {
    if (this.#settings.penaltySchedule === 'learned') this.#learned.update(actionRisk)
  }

  getState(): StateBundle {
    return { values: { targetPenalty: this.#learned.value }, arrays: {} }
  }

  setState(state: StateBundle): void {
    this.#learned.value = readNumber(state, 'targetPenalty')
  }
}
