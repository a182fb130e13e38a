import fc from 'fast-check'
import { at } from '../reference.ts'

/** Square, rows one after the other. */
export type Matrix = number[][]

export const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * at(b, i), 0)
export const times = (matrix: Matrix, vector: ArrayLike<number>): number[] =>
  matrix.map((row) => inner(row, vector))

/** Gaussian elimination; positive definite matrices need no pivots. */
export function solveDirectly(matrix: Matrix, right: ArrayLike<number>): number[] {
  const rows = matrix.map((row, i) => [...row, at(right, i)])
  for (let pivot = 0; pivot < rows.length; pivot++) {
    const above = rows[pivot] ?? []
    for (let i = pivot + 1; i < rows.length; i++) {
      const row = rows[i] ?? []
      const factor = at(row, pivot) / at(above, pivot)
      rows[i] = row.map((value, j) => value - factor * at(above, j))
    }
  }
  const solution = new Array<number>(rows.length).fill(0)
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] ?? []
    const known = inner(row.slice(i + 1, rows.length), solution.slice(i + 1))
    solution[i] = (at(row, rows.length) - known) / at(row, i)
  }
  return solution
}

const entry = fc.double({ min: -2, max: 2, noNaN: true, noDefaultInfinity: true })
export const vectorOf = (size: number) => fc.array(entry, { minLength: size, maxLength: size })

/** M M' + 0.3: symmetric and positive definite, well enough conditioned to check digits. */
export const positiveDefinite = (size: number) =>
  fc
    .array(vectorOf(size), { minLength: size, maxLength: size })
    .map((m): Matrix => m.map((row, i) => m.map((other, j) => inner(row, other) + (i === j ? 0.3 : 0))))
