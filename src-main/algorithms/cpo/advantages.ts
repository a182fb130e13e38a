/** How a step ended, as far as what comes after it counts. */
export interface Track {
  /** What each step gave: reward, or cost. */
  gains: ArrayLike<number>
  /** Value of the state before each step, and after it. */
  values: ArrayLike<number>
  nextValues: ArrayLike<number>
  /** 1: the state after the step is terminal, so nothing follows. A time limit is not: its value stands for what would have followed. */
  terminated: ArrayLike<number>
  /** 1: the next row is not the next step of this episode. */
  ended: ArrayLike<number>
}

/**
 * Generalised advantage estimation (Schulman et al. 2016), eq. 16: sums of (discount lambda)^k times the k-th next temporal difference of the
 * episode. `targets` are the advantages plus the values: what the value network learns.
 */
export function estimateAdvantages(
  track: Track,
  discount: number,
  lambda: number,
): { advantages: Float64Array; targets: Float64Array } {
  const count = track.gains.length
  const advantages = new Float64Array(count)
  const targets = new Float64Array(count)
  let following = 0
  for (let row = count - 1; row >= 0; row--) {
    const value = track.values[row] ?? 0
    const next = track.terminated[row] ? 0 : discount * (track.nextValues[row] ?? 0)
    const difference = (track.gains[row] ?? 0) + next - value
    following = difference + (track.ended[row] ? 0 : discount * lambda * following)
    advantages[row] = following
    targets[row] = following + value
  }
  return { advantages, targets }
}

/** Less their mean, which leaves the gradient as it is and takes noise from it; and in units of their deviation, if asked for. */
export function centre(values: Float64Array, standardise: boolean): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const unit = standardise ? Math.sqrt(variance) + 1e-8 : 1
  return values.map((value) => (value - mean) / unit)
}
