/** y = A x of a symmetric positive definite A that is never written down. */
export type Product = (vector: Float64Array) => Promise<Float64Array>

/** Squared residual, as a share of that of the start, below which nothing is left to gain in single precision. */
const SMALLEST_RESIDUAL = 1e-12

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

/** Solves A x = b by the conjugate gradient method (Hestenes & Stiefel 1952) from x = 0; `iterations` bounds the products. */
export async function solveConjugateGradient(
  product: Product,
  b: Float64Array,
  iterations: number,
): Promise<Float64Array> {
  const x = new Float64Array(b.length)
  const residual = b.slice()
  const direction = b.slice()
  let squared = dot(residual, residual)
  const enough = squared * SMALLEST_RESIDUAL
  for (let iteration = 0; iteration < iterations && squared > enough; iteration++) {
    const image = await product(direction)
    const curvature = dot(direction, image)
    if (!(curvature > 0)) break // no longer positive definite: rounding
    const length = squared / curvature
    for (let i = 0; i < x.length; i++) {
      x[i] = (x[i] ?? 0) + length * (direction[i] ?? 0)
      residual[i] = (residual[i] ?? 0) - length * (image[i] ?? 0)
    }
    const next = dot(residual, residual)
    for (let i = 0; i < x.length; i++)
      direction[i] = (residual[i] ?? 0) + (next / squared) * (direction[i] ?? 0)
    squared = next
  }
  return x
}
