import { quantile } from './averages.ts'
import { picker } from './picker.ts'

export interface Band {
  mid: number
  /** NaN with fewer than two values. */
  low: number
  high: number
}

/**
 * Percentile bootstrap over seeds for many points of the same curves. Every point of a curve sees the same draws of seeds, so that a band has no noise of
 * its own from point to point, and a resample costs as little as its sum.
 */
export class SeedResampler {
  readonly #resamples: number
  readonly #level: number
  readonly #seed: number
  /** By number of seeds: how often each seed is drawn, resample after resample. */
  readonly #draws = new Map<number, Uint8Array>()

  constructor({ resamples = 1000, level = 0.95, seed = 0 } = {}) {
    this.#resamples = resamples
    this.#level = level
    this.#seed = seed
  }

  /** Values of at most 255 seeds, always in the same order of seeds. */
  band(values: ArrayLike<number>, average: 'mean' | 'iqm'): Band {
    const count = values.length
    const order = Uint32Array.from({ length: count }, (_, index) => index)
    // Once the values ascend, a resample's middle half is found by walking its counts.
    if (average === 'iqm') order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
    const ordered = Float64Array.from(order, (index) => values[index] ?? Number.NaN)
    const cut = average === 'iqm' ? Math.floor(count / 4) : 0
    const mid = middleMean(ordered, new Uint8Array(count).fill(1), 0, order, cut)
    if (count < 2) return { mid, low: Number.NaN, high: Number.NaN }
    return { mid, ...this.#bounds(ordered, this.#drawsOf(count), order, cut) }
  }

  #bounds(ordered: Float64Array, draws: Uint8Array, order: Uint32Array, cut: number) {
    const count = ordered.length
    const tails = new Tails(this.#resamples, (1 - this.#level) / 2)
    for (let start = 0; start < draws.length; start += count) {
      if (cut > 0) {
        tails.add(middleMean(ordered, draws, start, order, cut))
        continue
      }
      let sum = 0
      for (let n = 0; n < count; n++) sum += (draws[start + n] ?? 0) * (ordered[n] ?? 0)
      tails.add(sum / count)
    }
    return tails.bounds()
  }

  #drawsOf(count: number): Uint8Array {
    const known = this.#draws.get(count)
    if (known) return known
    const pick = picker(this.#seed)
    const draws = new Uint8Array(this.#resamples * count)
    for (let start = 0; start < draws.length; start += count) {
      for (let n = 0; n < count; n++) {
        const at = start + pick(count)
        draws[at] = (draws[at] ?? 0) + 1
      }
    }
    this.#draws.set(count, draws)
    return draws
  }
}

/** Mean of a resample without its `cut` least and greatest values. `ordered` ascends where `cut` is above 0; `order` says which seed stands where. */
function middleMean(
  ordered: Float64Array,
  draws: Uint8Array,
  start: number,
  order: Uint32Array,
  cut: number,
): number {
  const count = ordered.length
  const last = count - cut
  let sum = 0
  let before = 0
  for (let rank = 0; rank < count; rank++) {
    const times = draws[start + (order[rank] ?? 0)] ?? 0
    const after = before + times
    const kept = Math.min(after, last) - Math.max(before, cut)
    if (kept > 0) sum += kept * (ordered[rank] ?? Number.NaN)
    before = after
  }
  return sum / (count - 2 * cut)
}

/** Keeps just enough of the least and the greatest values to tell a quantile at either end: sorting all of them would take most of the time. */
class Tails {
  readonly #size: number
  readonly #share: number
  readonly #keep: number
  readonly #least: Float64Array
  readonly #greatest: Float64Array
  /** What is not beyond these is not kept. */
  #below = Number.POSITIVE_INFINITY
  #above = Number.NEGATIVE_INFINITY

  constructor(size: number, share: number) {
    this.#size = size
    this.#share = share
    this.#keep = Math.min(size, Math.floor(share * (size - 1)) + 2)
    this.#least = new Float64Array(this.#keep).fill(Number.POSITIVE_INFINITY)
    // Negated, so that both are kept in the same way.
    this.#greatest = new Float64Array(this.#keep).fill(Number.POSITIVE_INFINITY)
  }

  add(value: number): void {
    if (value < this.#below) {
      keepLeast(this.#least, value)
      this.#below = this.#least[this.#keep - 1] ?? 0
    }
    if (value > this.#above) {
      keepLeast(this.#greatest, -value)
      this.#above = -(this.#greatest[this.#keep - 1] ?? 0)
    }
  }

  bounds(): { low: number; high: number } {
    const position = this.#share * (this.#size - 1)
    const share = position / (this.#keep - 1 || 1)
    return { low: quantile(this.#least, share), high: 0 - quantile(this.#greatest, share) }
  }
}

/** Puts a value that is less than the last of the ascending ones into its place among them. */
function keepLeast(least: Float64Array, value: number): void {
  let place = least.length - 1
  for (; place > 0 && value < (least[place - 1] ?? Number.NEGATIVE_INFINITY); place--)
    least[place] = least[place - 1] ?? 0
  least[place] = value
}
