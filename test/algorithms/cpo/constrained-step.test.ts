import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { solveStep } from '../../../src-main/algorithms/cpo/constrained-step.ts'
import { at } from '../reference.ts'
import { inner, type Matrix, positiveDefinite, solveDirectly, times, vectorOf } from './matrices.ts'

interface Problem {
  h: Matrix
  g: number[]
  b: number[]
  c: number
  delta: number
}

function stepOf({ h, g, b, c, delta }: Problem) {
  const [uphill, costly] = [solveDirectly(h, g), solveDirectly(h, b)]
  const solution = solveStep({ q: inner(g, uphill), r: inner(g, costly), s: inner(b, costly), c, delta })
  const x = uphill.map((value, i) => solution.rewardShare * value + solution.costShare * at(costly, i))
  return { ...solution, x }
}

/**
 * The best step by walking along the border of what is allowed: with H = L L', y = L'x turns the trust region into a ball, and the optimum lies in the
 * plane of both gradients there, on the circle's rim or on the limit's line.
 */
function bestByWalking({ h, g, b, c, delta }: Problem): { gain: number; leastCost: number } {
  const [uphill, costly] = [solveDirectly(h, g), solveDirectly(h, b)]
  const norm = (v: number[]) => Math.sqrt(inner(v, times(h, v)))
  const first = uphill.map((value) => value / norm(uphill))
  const share = inner(costly, times(h, first))
  const rest = costly.map((value, i) => value - share * at(first, i))
  const second = norm(rest) < 1e-9 ? rest.map(() => 0) : rest.map((value) => value / norm(rest))
  const radius = Math.sqrt(2 * delta)
  const at2 = (u: number, v: number) => first.map((value, i) => u * value + v * at(second, i))
  let gain = Number.NEGATIVE_INFINITY
  let leastCost = Number.POSITIVE_INFINITY
  const consider = (x: number[]) => {
    const cost = c + inner(b, x)
    leastCost = Math.min(leastCost, cost)
    if (cost <= 1e-9) gain = Math.max(gain, inner(g, x))
  }
  const turns = 3000
  for (let i = 0; i < turns; i++) {
    const angle = (2 * Math.PI * i) / turns
    consider(at2(radius * Math.cos(angle), radius * Math.sin(angle)))
  }
  // Where the limit's line meets the circle.
  const [p, s] = [inner(b, first), inner(b, second)]
  const squared = p ** 2 + s ** 2
  if (radius ** 2 < c ** 2 / squared) return { gain, leastCost }
  const half = Math.sqrt(radius ** 2 - c ** 2 / squared)
  for (const sign of [-1, 1])
    consider(
      at2(
        (-c * p) / squared + (sign * half * -s) / Math.sqrt(squared),
        (-c * s) / squared + (sign * half * p) / Math.sqrt(squared),
      ),
    )
  return { gain, leastCost }
}

const size = 3
const problem = fc.record({
  h: positiveDefinite(size),
  g: vectorOf(size),
  b: vectorOf(size),
  c: fc.double({ min: -1.5, max: 1.5, noNaN: true }),
  delta: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
})

describe('solveStep()', () => {
  it('gives the best step that keeps both constraints, by another route', () => {
    const kinds = new Set<string>()
    fc.assert(
      fc.property(problem, (given) => {
        fc.pre([given.g, given.b].every((vector) => inner(vector, vector) > 0.01))
        const { kind, lambda, nu, x } = stepOf(given)
        kinds.add(kind)
        const { gain, leastCost } = bestByWalking(given)
        const curvature = inner(x, times(given.h, x)) / 2
        const cost = given.c + inner(given.b, x)
        expect(curvature).toBeLessThan(given.delta * (1 + 1e-6))
        if (kind === 'recovery') {
          expect(leastCost).toBeGreaterThan(-1e-6)
          expect(cost).toBeLessThan(leastCost + 1e-4)
          return
        }
        expect(cost).toBeLessThan(1e-6)
        const freeLambda = Math.sqrt(inner(given.g, solveDirectly(given.h, given.g)) / (2 * given.delta))
        const freeGain = 2 * given.delta * freeLambda
        expect(inner(given.g, x)).toBeGreaterThan(gain - 2e-4 * freeGain)
        // What has a price is used up.
        if (nu > 1e-6) expect(Math.abs(cost)).toBeLessThan(1e-5)
        if (lambda > 2e-4 * freeLambda) expect(curvature).toBeGreaterThan(given.delta * (1 - 1e-4))
      }),
      { numRuns: 400 },
    )
    expect([...kinds].sort()).toEqual(['bounded', 'free', 'recovery'])
  })

  it('is the natural gradient where the cost does not depend on the policy', () => {
    const { kind, x, nu } = stepOf({ h: [[2]], g: [3], b: [0], c: 1, delta: 0.04 })
    expect({ kind, nu }).toEqual({ kind: 'free', nu: 0 })
    expect(x[0]).toBeCloseTo(0.2, 9) // x'Hx / 2 = 0.04
  })

  it('stops at the limit where the way up is the way across it', () => {
    const { kind, x } = stepOf({ h: [[1]], g: [1], b: [1], c: -0.05, delta: 0.5 })
    expect(kind).toBe('bounded')
    expect(x[0]).toBeCloseTo(0.05, 6)
  })

  it('goes down the cost alone, to the border of the trust region, where the limit is out of reach', () => {
    const { kind, x, lambda } = stepOf({ h: [[1]], g: [1], b: [2], c: 3, delta: 0.02 })
    expect({ kind, lambda }).toEqual({ kind: 'recovery', lambda: 0 })
    expect(x[0]).toBeCloseTo(-0.2, 9)
  })

  it('has no step where nothing has a gradient', () => {
    const nothing = { q: 0, r: 0, s: 0, delta: 0.01 }
    for (const c of [-0.1, 0, 0.1])
      expect(solveStep({ ...nothing, c })).toMatchObject({ rewardShare: 0, costShare: 0 })
  })

  it('gives finite numbers whatever it is given', () => {
    const magnitude = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(magnitude, magnitude, magnitude, magnitude, (gq, br, bs, c) => {
        const [q, s] = [gq ** 2, bs ** 2]
        const r = Math.sign(br) * Math.min(Math.abs(br), Math.sqrt(q * s))
        for (const value of Object.values(solveStep({ q, r, s, c, delta: 0.01 })))
          if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite)
      }),
    )
  })
})
