/** Density of the standard normal distribution. */
export const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)

/** Distribution function of the standard normal distribution, to about 12 digits (Marsaglia 2004, "Evaluating the normal distribution"). */
export function normalDistribution(x: number): number {
  if (x < -3) return lowerTail(x)
  if (x > 8) return 1
  let sum = x
  let term = x
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (x * x) / i
    sum += term
  }
  return 0.5 + sum * normalDensity(x)
}

/** Far out the series would cancel to nothing: Laplace's continued fraction. */
function lowerTail(x: number): number {
  let fraction = -x
  for (let i = 100; i > 0; i--) fraction = -x + i / fraction
  return normalDensity(x) / fraction
}

/**
 * Where the standard normal distribution function has a value.
 * @param probability above 0 and below 1.
 * @throws RangeError elsewhere.
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`A quantile asks for a probability above 0 and below 1, not ${probability}.`)
  // The upper half mirrors the lower one, where small probabilities keep their digits.
  if (probability > 0.5) return -normalQuantile(1 - probability)
  let low = -40
  let high = 0
  for (let i = 0; i < 200 && high - low > 1e-15 * Math.abs(low); i++) {
    const middle = (low + high) / 2
    if (normalDistribution(middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
