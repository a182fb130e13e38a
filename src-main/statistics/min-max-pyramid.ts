/** Values in a bucket of the lowest level, and buckets in one of the next. */
const FAN_OUT = 16

/** Places of the least and of the greatest value of each bucket of a level. */
interface Level {
  least: Int32Array
  greatest: Int32Array
}

/**
 * Finds the least and the greatest value of any stretch of a long series without looking at all of it: each level keeps the extremes of buckets sixteen times as
 * long as the level below. NaN is left out.
 */
export class MinMaxPyramid {
  readonly #values: Float64Array
  readonly #levels: Level[] = []

  constructor(values: Float64Array) {
    this.#values = values
    for (let count = values.length; count > FAN_OUT; count = Math.ceil(count / FAN_OUT))
      this.#levels.push(this.#levelAbove(this.#levels.at(-1), count))
  }

  /** Places of the least and the greatest value of [from, to); null where there is none. */
  extremes(from: number, to: number): { least: number; greatest: number } | null {
    let [least, greatest] = [-1, -1]
    const take = (low: number, high: number) => {
      if (low >= 0 && (least < 0 || this.#at(low) < this.#at(least))) least = low
      if (high >= 0 && (greatest < 0 || this.#at(high) > this.#at(greatest))) greatest = high
    }
    for (let index = from; index < to; ) {
      const [level, size] = this.#largestBucket(index, to)
      if (level === null) {
        if (!Number.isNaN(this.#at(index))) take(index, index)
      } else take(level.least[index / size] ?? -1, level.greatest[index / size] ?? -1)
      index += size
    }
    return least < 0 ? null : { least, greatest }
  }

  /**
   * Ascending places that stand for [from, to): first and last, and of each of `buckets` equal stretches the least and the greatest. All of them
   * where that is no fewer.
   */
  places(from: number, to: number, buckets: number): number[] {
    const count = to - from
    if (count <= 2 * buckets + 2)
      return Array.from({ length: Math.max(0, count) }, (_, index) => from + index)
    const places = new Set<number>([from])
    for (let bucket = 0; bucket < buckets; bucket++) {
      const extremes = this.extremes(
        from + Math.floor((bucket * count) / buckets),
        from + Math.floor(((bucket + 1) * count) / buckets),
      )
      if (extremes === null) continue
      places.add(Math.min(extremes.least, extremes.greatest))
      places.add(Math.max(extremes.least, extremes.greatest))
    }
    places.add(to - 1)
    return [...places].sort((a, b) => a - b)
  }

  #at(index: number): number {
    return this.#values[index] ?? Number.NaN
  }

  #largestBucket(index: number, to: number): [Level | null, number] {
    let best: [Level | null, number] = [null, 1]
    let size = 1
    for (const level of this.#levels) {
      size *= FAN_OUT
      if (index % size !== 0 || index + size > to) break
      best = [level, size]
    }
    return best
  }

  /** @param count of the values, or of the buckets below. */
  #levelAbove(below: Level | undefined, count: number): Level {
    const buckets = Math.ceil(count / FAN_OUT)
    const level = { least: new Int32Array(buckets).fill(-1), greatest: new Int32Array(buckets).fill(-1) }
    for (let index = 0; index < count; index++) {
      const bucket = Math.floor(index / FAN_OUT)
      const low = below === undefined ? index : (below.least[index] ?? -1)
      const high = below === undefined ? index : (below.greatest[index] ?? -1)
      if (low < 0 || Number.isNaN(this.#at(low))) continue
      const least = level.least[bucket] ?? -1
      const greatest = level.greatest[bucket] ?? -1
      if (least < 0 || this.#at(low) < this.#at(least)) level.least[bucket] = low
      if (greatest < 0 || this.#at(high) > this.#at(greatest)) level.greatest[bucket] = high
    }
    return level
  }
}
