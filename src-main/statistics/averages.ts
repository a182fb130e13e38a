export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] ?? Number.NaN
  return sum / values.length
}

/** Mean of the middle half: a quarter of the values, rounded down, is left out at either end. */
export function interquartileMean(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort()
  const cut = Math.floor(sorted.length / 4)
  return mean(sorted.subarray(cut, sorted.length - cut))
}

/** Of ascending values, interpolated linearly between neighbours. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1)
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (position - Math.floor(position)) * (above - below)
}
