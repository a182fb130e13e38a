/**
 * The regularised incomplete beta function I_x(a, b) for a, b > 0, by its continued fraction (DLMF 8.17.22), evaluated from
 * the front with the fraction's convergents rescaled as they grow.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast on this side only; the other is its mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a
  return front / betaFraction(x, a, b)
}

/** The x at which I_x(a, b) is `share`, by halving: 60 halvings leave less than a double can tell apart near 1. */
export function inverseIncompleteBeta(share: number, a: number, b: number): number {
  let low = 0
  let high = 1
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (incompleteBeta(middle, a, b) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** 1 + d1/(1 + d2/(1 + ...)) as the limit of its convergents numerator/denominator. */
function betaFraction(x: number, a: number, b: number): number {
  let [numerator, numeratorBefore] = [1, 1]
  let [denominator, denominatorBefore] = [1, 0]
  let value = 1
  for (let n = 1; n <= 10_000; n++) {
    const m = n >> 1
    const d =
      n % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    ;[numerator, numeratorBefore] = [numerator + d * numeratorBefore, numerator]
    ;[denominator, denominatorBefore] = [denominator + d * denominatorBefore, denominator]
    const scale = 1 / denominator
    numerator *= scale
    numeratorBefore *= scale
    denominatorBefore *= scale
    denominator = 1
    const change = Math.abs(numerator - value)
    value = numerator
    if (n > 1 && change <= 1e-15 * Math.abs(value)) break
  }
  return value
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** Stirling's series, which is exact to a double from 10 on; smaller arguments are moved there by the recurrence. */
function logGamma(x: number): number {
  let shift = 0
  let y = x
  while (y < 10) {
    shift += Math.log(y)
    y += 1
  }
  const series =
    1 / (12 * y) - 1 / (360 * y ** 3) + 1 / (1260 * y ** 5) - 1 / (1680 * y ** 7) + 1 / (1188 * y ** 9)
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift
}
