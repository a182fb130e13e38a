/** Policy steps per second, from the slowest to the fastest that is to be expected. */
export interface PaceRange {
  low: number
  high: number
}

interface Stretch {
  steps: number
  seconds: number
}

/** The machine's own mood: no range is narrower. */
const LEAST_DOUBT = 0.1
/** Stretches at the start that say nothing of the pace: programs warm up. */
export const WARM_UP_BATCHES = 2
/** A minute or so; what was slow before that has gone by. */
const REMEMBERED = 60

/** The mean pace, and twice its standard error to either side, at least a tenth. */
export function paceOf(stretches: readonly Stretch[]): PaceRange & { mean: number } {
  const timed = stretches.filter(({ seconds }) => seconds > 0)
  const sum = (pick: (stretch: Stretch) => number) => timed.reduce((total, each) => total + pick(each), 0)
  const mean =
    sum(({ steps }) => steps) /
    Math.max(
      1e-9,
      sum(({ seconds }) => seconds),
    )
  const squares = sum(({ steps, seconds }) => (steps / seconds - mean) ** 2)
  const variance = squares / Math.max(1, timed.length - 1)
  const doubt = Math.max(LEAST_DOUBT * mean, 2 * Math.sqrt(variance / Math.max(1, timed.length)))
  return { mean, low: Math.max(mean - doubt, mean / 4), high: mean + doubt }
}

/** How fast a run trains of late. */
export class Pace {
  readonly #stretches: Stretch[] = []
  #seen = 0

  add(steps: number, seconds: number): void {
    this.#seen++
    if (this.#seen <= WARM_UP_BATCHES || steps <= 0 || seconds <= 0) return
    this.#stretches.push({ steps, seconds })
    if (this.#stretches.length > REMEMBERED) this.#stretches.shift()
  }

  /** Null until there is something to go by. */
  get range(): PaceRange | null {
    if (this.#stretches.length < 2) return null
    const { low, high } = paceOf(this.#stretches)
    return { low, high }
  }
}
