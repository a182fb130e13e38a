import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStreams, type Random, streamNames } from '../src-main/random.ts'

const draws = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.uniform())

function correlation(first: readonly number[], second: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [a, b] = [mean(first), mean(second)]
  const product = (x: readonly number[], p: number, y: readonly number[], q: number) =>
    mean(x.map((value, index) => (value - p) * ((y[index] ?? Number.NaN) - q)))
  return product(first, a, second, b) / Math.sqrt(product(first, a, first, a) * product(second, b, second, b))
}

describe('createStreams()', () => {
  it('gives the same numbers under the same seed and round', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 2 }), (seed, round) => {
        const [first, second] = [createStreams(seed, round), createStreams(seed, round)]
        for (const name of streamNames) expect(draws(first[name], 3)).toEqual(draws(second[name], 3))
      }),
      { numRuns: 20, seed: 1 },
    )
  })

  it('keeps each stream untouched by the use of the others', () => {
    const kind = fc.constantFrom('uniform', 'normal', 'fill', 'integer')
    const uses = fc.array(fc.tuple(fc.constantFrom(...streamNames), kind), { maxLength: 60 })
    fc.assert(
      fc.property(fc.constantFrom(...streamNames), uses, (name, uses) => {
        const [used, alone] = [createStreams(9), createStreams(9)]
        for (const [other, kind] of uses) {
          if (other === name) continue
          if (kind === 'uniform') used[other].uniform()
          else if (kind === 'normal') used[other].normal()
          else if (kind === 'integer') used[other].integer(7)
          else used[other].fillNormal(new Float32Array(5))
        }
        expect(draws(used[name], 5)).toEqual(draws(alone[name], 5))
      }),
      { seed: 2 },
    )
  })

  it('gives unrelated numbers to other streams, rounds and neighbouring seeds', () => {
    const count = 2000
    const all = [
      ...streamNames.map((name) => createStreams(0, 0)[name]),
      ...streamNames.map((name) => createStreams(0, 1)[name]),
      ...[1, 2, 3, 4].map((seed) => createStreams(seed).exploration),
    ].map((random) => draws(random, count))
    // 4.5 standard deviations of the correlation of independent numbers, over 378 pairs.
    for (const [index, first] of all.entries())
      for (const second of all.slice(index + 1))
        expect(Math.abs(correlation(first, second))).toBeLessThan(4.5 / Math.sqrt(count))
  })
})

describe('Random', () => {
  it('goes on from a state as it would have without', () => {
    const uses = fc.array(fc.constantFrom('uniform', 'normal', 'fill'), { maxLength: 20 })
    const use = (random: Random, kinds: readonly string[]) =>
      kinds.map((kind) => {
        if (kind === 'uniform') return [random.uniform()]
        if (kind === 'normal') return [random.normal()]
        const target = new Float32Array(3)
        random.fillNormal(target)
        return [...target]
      })
    fc.assert(
      fc.property(uses, uses, (before, after) => {
        const random = createStreams(4).updates
        use(random, before)
        const state: unknown = JSON.parse(JSON.stringify(random.getState()))
        const followed = use(random, after)
        const other = createStreams(5).updates
        other.setState(Array.isArray(state) ? state.map(Number) : [])
        expect(use(other, after)).toEqual(followed)
      }),
      { seed: 3 },
    )
  })

  it('refuses a state of another length', () => {
    expect(() => createStreams(0).weights.setState([1, 2, 3])).toThrow(RangeError)
  })

  it('draws uniform numbers evenly from [0, 1)', () => {
    const values = draws(createStreams(1).batches, 100_000)
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    const counts = new Array<number>(100).fill(0)
    for (const value of values) counts[Math.floor(value * 100)] = (counts[Math.floor(value * 100)] ?? 0) + 1
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    // 99 degrees of freedom: 0.9999 of such sums lie below 158 and above 54.
    expect(chiSquare).toBeLessThan(158)
    expect(chiSquare).toBeGreaterThan(54)
    expect(Math.abs(correlation(values.slice(0, -1), values.slice(1)))).toBeLessThan(
      4 / Math.sqrt(values.length),
    )
  })

  it('draws integers evenly below their bound', () => {
    const random = createStreams(1).batches
    const counts = new Array<number>(7).fill(0)
    for (let i = 0; i < 70_000; i++) {
      const value = random.integer(7)
      counts[value] = (counts[value] ?? Number.NaN) + 1
    }
    // Six degrees of freedom: 0.9999 of such sums lie below 28.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(28)
    expect(counts).toHaveLength(7)
  })

  it.each(['normal', 'fillNormal'] as const)('draws standard normal numbers by %s()', (how) => {
    const random = createStreams(2).exploration
    const count = 100_001 // odd: fillNormal() has a last number without a partner
    const values = new Float32Array(count)
    if (how === 'fillNormal') random.fillNormal(values)
    else for (let i = 0; i < count; i++) values[i] = random.normal()
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count
    // Four standard errors: the variances of x, x^2, x^3 and x^4 are 1, 2, 15 and 96.
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / count))
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count))
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / count))
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count))
    const pairs = [...values]
    expect(Math.abs(correlation(pairs.slice(0, -1), pairs.slice(1)))).toBeLessThan(4 / Math.sqrt(count))
  })
})
