import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { solveConjugateGradient } from '../../../src-main/algorithms/cpo/conjugate-gradient.ts'
import { expectClose } from '../reference.ts'
import { positiveDefinite, solveDirectly, times, vectorOf } from './matrices.ts'

const size = 5

describe('solveConjugateGradient()', () => {
  it('solves what elimination solves', async () => {
    await fc.assert(
      fc.asyncProperty(positiveDefinite(size), vectorOf(size), async (matrix, right) => {
        fc.pre(right.some((value) => Math.abs(value) > 1e-3))
        const product = async (vector: Float64Array) => Float64Array.from(times(matrix, vector))
        const found = await solveConjugateGradient(product, Float64Array.from(right), 3 * size)
        expectClose(found, solveDirectly(matrix, right), 1e-4)
      }),
    )
  })

  it('needs as many products as there are dimensions, and takes no more than it is given', async () => {
    const matrix = [
      [4, 1, 0],
      [1, 3, 1],
      [0, 1, 2],
    ]
    const solve = async (iterations: number) => {
      let products = 0
      const solution = await solveConjugateGradient(
        async (vector) => {
          products++
          return Float64Array.from(times(matrix, vector))
        },
        Float64Array.of(1, 2, 3),
        iterations,
      )
      return { products, solution }
    }
    expect((await solve(2)).products).toBe(2)
    const whole = await solve(10)
    expect(whole.products).toBe(3)
    expectClose(whole.solution, solveDirectly(matrix, [1, 2, 3]), 1e-9)
  })

  it('has nothing to do for zero', async () => {
    const refuse = async () => Promise.reject(new Error('A product was asked for.'))
    expect([...(await solveConjugateGradient(refuse, new Float64Array(3), 5))]).toEqual([0, 0, 0])
  })
})
