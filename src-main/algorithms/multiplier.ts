import { ScalarAdam } from '../engine/adam.ts'
import { readNumber, restoreScalarAdam, type StateBundle, scalarAdamState } from './state.ts'

/** Below this nu counts as 0 where its logarithm is learned. */
const SMALLEST_MULTIPLIER = 1e-6

export interface MultiplierSettings {
  epsilonSafe: number
  initialMultiplier: number
  multiplierLearningRate: number
  multiplierUpdate: 'projected' | 'logarithm'
}

/** nu of Eq. 4: the price of a policy whose expected Q_safe lies above epsilonSafe. */
export class SafetyMultiplier {
  value: number
  readonly #settings: MultiplierSettings
  readonly #optimizer = new ScalarAdam()

  constructor(settings: MultiplierSettings) {
    this.#settings = settings
    this.value = settings.initialMultiplier
  }

  /**
   * Dual step: descends nu (epsilonSafe - E[Q_safe(s, a')]) with nu >= 0, so nu grows while the policy is riskier than epsilonSafe.
   * @param policyRisk E[Q_safe(s, a')] on the batch, a' from the unmasked policy.
   */
  update(policyRisk: number): void {
    const { epsilonSafe, multiplierLearningRate, multiplierUpdate } = this.#settings
    const gradient = epsilonSafe - policyRisk
    if (multiplierUpdate === 'projected') {
      this.value = Math.max(0, this.value - multiplierLearningRate * gradient)
      return
    }
    const logarithm = Math.log(Math.max(this.value, SMALLEST_MULTIPLIER))
    this.value = Math.exp(logarithm + this.#optimizer.delta(gradient, multiplierLearningRate))
  }

  getState(): StateBundle {
    return {
      values: { multiplier: this.value, multiplierOptimizer: scalarAdamState(this.#optimizer) },
      arrays: {},
    }
  }

  setState(state: StateBundle): void {
    this.value = readNumber(state, 'multiplier')
    restoreScalarAdam(this.#optimizer, state.values.multiplierOptimizer)
  }
}
