import { mean } from './averages.ts'

/** Unbiased variance. */
const variance = (values: readonly number[]): number => {
  const centre = mean(values)
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1)
}

/** Factor that takes the upward bias of few values off a standardised difference (Hedges 1981, the usual approximation). */
const correction = (degreesOfFreedom: number): number => 1 - 3 / (4 * degreesOfFreedom - 1)

/** Difference of two means in pooled standard deviations, Hedges' g; null with fewer than two values on a side or no spread at all. */
export function hedgesG(ours: readonly number[], theirs: readonly number[]): number | null {
  if (ours.length < 2 || theirs.length < 2) return null
  const degreesOfFreedom = ours.length + theirs.length - 2
  const pooled =
    ((ours.length - 1) * variance(ours) + (theirs.length - 1) * variance(theirs)) / degreesOfFreedom
  return pooled === 0
    ? null
    : ((mean(ours) - mean(theirs)) / Math.sqrt(pooled)) * correction(degreesOfFreedom)
}

/** Mean of paired differences in their own standard deviations, Cohen's d_z; null with fewer than two pairs or no spread. */
export function pairedEffectSize(differences: readonly number[]): number | null {
  if (differences.length < 2) return null
  const deviation = Math.sqrt(variance(differences))
  return deviation === 0 ? null : mean(differences) / deviation
}
