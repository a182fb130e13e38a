/** Mean of the last `window` values at each point; of fewer at the start. */
export function trailingMean(values: readonly number[], window: number): number[] {
  const means: number[] = []
  let sum = 0
  let compensation = 0
  // Kahan's sum: values enter and leave the window, and the error of a plain sum would grow with the run.
  const add = (value: number) => {
    const corrected = value - compensation
    const next = sum + corrected
    compensation = next - sum - corrected
    sum = next
  }
  for (const [index, value] of values.entries()) {
    add(value)
    const left = values[index - window]
    if (left !== undefined) add(-left)
    means.push(sum / Math.min(index + 1, window))
  }
  return means
}

export function cumulativeSum(values: readonly number[]): number[] {
  let sum = 0
  return values.map((value) => {
    sum += value
    return sum
  })
}
