import { failureHorizon } from '../algorithms/threshold.ts'
import { areaUnderRoc, brierScore } from '../statistics/calibration.ts'
import type { ArrayBundle } from './messages.ts'

/** Steps over which calibration is measured. */
const WINDOW = 2000

/**
 * How well Q_safe told failures before the safety critic had seen them: each step of an on-policy episode pairs Q_safe of its action with
 * whether the episode failed within the critic's horizon of 1 / (1 - gammaSafe) steps.
 */
export class CalibrationWindow {
  readonly #horizon: number
  readonly #qSafe = new Float32Array(WINDOW)
  readonly #failed = new Uint8Array(WINDOW)
  #count = 0

  constructor(gammaSafe: number) {
    this.#horizon = failureHorizon(gammaSafe)
  }

  addEpisode(qSafe: Float32Array, failure: boolean): void {
    for (const [index, value] of qSafe.entries()) {
      if (Number.isNaN(value)) continue
      const at = this.#count % WINDOW
      this.#qSafe[at] = value
      this.#failed[at] = failure && qSafe.length - index <= this.#horizon ? 1 : 0
      this.#count++
    }
  }

  /** Brier score and area under the ROC; the latter only where some steps failed and some did not. */
  measure(): { calibrationBrier: number | null; calibrationAuc: number | null } {
    const predictions = Array.from({ length: Math.min(this.#count, WINDOW) }, (_, index) => ({
      chance: this.#qSafe[index] ?? 0,
      event: this.#failed[index] === 1,
    }))
    return { calibrationBrier: brierScore(predictions), calibrationAuc: areaUnderRoc(predictions) }
  }

  getState(): ArrayBundle {
    return {
      values: { calibrationCount: this.#count },
      arrays: { calibrationQSafe: this.#qSafe.slice(), calibrationFailed: this.#failed.slice() },
    }
  }

  setState({ values, arrays }: ArrayBundle): void {
    const { calibrationQSafe, calibrationFailed } = arrays
    if (!(calibrationQSafe instanceof Float32Array) || !(calibrationFailed instanceof Uint8Array))
      throw new Error('A checkpoint misses its calibration window.')
    this.#qSafe.set(calibrationQSafe)
    this.#failed.set(calibrationFailed)
    this.#count = Number(values.calibrationCount)
  }
}
