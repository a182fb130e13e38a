import { mean } from './averages.ts'

/**
 * Share of runs whose score is above each of the thresholds, averaged over tasks (Agarwal et al. 2021, performance profiles by score).
 * @param scores by task and seed; a task without runs is left out.
 */
export function performanceProfile(
  scores: readonly (readonly number[])[],
  thresholds: readonly number[],
): number[] {
  const tasks = scores.filter((task) => task.length > 0)
  return thresholds.map((threshold) =>
    mean(tasks.map((task) => task.filter((score) => score > threshold).length / task.length)),
  )
}

/** By how much the scores fall short of a goal on average; what lies beyond it does not make up for what lies below. */
export const optimalityGap = (scores: ArrayLike<number>, goal = 1): number =>
  mean(Float64Array.from(scores, (score) => Math.max(0, goal - score)))

/** Mean of the worst share of the values, at least one of them: the conditional value at risk where more is better. */
export function worstMean(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  return mean(values.toSorted((a, b) => a - b).slice(0, Math.max(1, Math.ceil(values.length * share))))
}

/**
 * Mean height of a curve between its first and its last point, by the trapezoidal rule: the area under a learning curve, made comparable over lengths.
 * @param x ascending. @returns null with fewer than two different x.
 */
export function meanHeight(x: readonly number[], y: readonly number[]): number | null {
  const span = (x.at(-1) ?? 0) - (x[0] ?? 0)
  if (x.length !== y.length) throw new RangeError('A curve has a y for each x.')
  if (!(span > 0)) return null
  let area = 0
  for (let i = 1; i < x.length; i++)
    area += (((y[i] ?? 0) + (y[i - 1] ?? 0)) / 2) * ((x[i] ?? 0) - (x[i - 1] ?? 0))
  return area / span
}
