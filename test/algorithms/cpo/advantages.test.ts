import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centre, estimateAdvantages } from '../../../src-main/algorithms/cpo/advantages.ts'
import { at, expectClose, mean } from '../reference.ts'

const number = fc.double({ min: -5, max: 5, noNaN: true })
const row = fc.record({
  gain: number,
  value: number,
  nextValue: number,
  end: fc.constantFrom('none', 'none', 'terminal', 'time limit'),
})

/** Eq. 16 as it is printed: for each step the sum over all steps that follow in its episode. */
function directly(
  rows: readonly (typeof row extends fc.Arbitrary<infer R> ? R : never)[],
  discount: number,
  lambda: number,
) {
  return rows.map((_, from) => {
    let sum = 0
    for (let k = from; k < rows.length; k++) {
      const step = rows[k]
      if (!step) break
      const next = step.end === 'terminal' ? 0 : step.nextValue
      sum += (discount * lambda) ** (k - from) * (step.gain + discount * next - step.value)
      if (step.end !== 'none') break
    }
    return sum
  })
}

describe('estimateAdvantages()', () => {
  it('equals the direct sum of temporal differences, within episodes', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rows, discount, lambda) => {
          const { advantages, targets } = estimateAdvantages(
            {
              gains: rows.map(({ gain }) => gain),
              values: rows.map(({ value }) => value),
              nextValues: rows.map(({ nextValue }) => nextValue),
              terminated: rows.map(({ end }) => (end === 'terminal' ? 1 : 0)),
              ended: rows.map(({ end }) => (end === 'none' ? 0 : 1)),
            },
            discount,
            lambda,
          )
          const expected = directly(rows, discount, lambda)
          for (const [index, advantage] of expected.entries()) {
            expect(at(advantages, index)).toBeCloseTo(advantage, 9)
            expect(at(targets, index)).toBeCloseTo(advantage + (rows[index]?.value ?? 0), 9)
          }
        },
      ),
    )
  })

  it('bootstraps through a time limit and through the end of the batch, not through a failure', () => {
    const one = (terminated: number, ended: number) =>
      at(
        estimateAdvantages(
          { gains: [1], values: [0], nextValues: [10], terminated: [terminated], ended: [ended] },
          0.9,
          0.5,
        ).advantages,
        0,
      )
    expect(one(0, 1)).toBe(10)
    expect(one(0, 0)).toBe(10)
    expect(one(1, 1)).toBe(1)
  })
})

describe('centre()', () => {
  it('takes the mean off, and gives the deviation as unit where asked to', () => {
    const values = Float64Array.of(1, 2, 6)
    expect([...centre(values, false)]).toEqual([-2, -1, 3])
    const standard = centre(values, true)
    expect(mean([...standard])).toBeCloseTo(0, 12)
    expect(mean([...standard].map((value) => value ** 2))).toBeCloseTo(1, 6)
    expectClose(
      standard,
      [-2, -1, 3].map((value) => value / Math.sqrt(14 / 3)),
      1e-6,
    )
  })

  it('leaves zeros where all are alike', () => {
    expect([...centre(Float64Array.of(3, 3), true)]).toEqual([0, 0])
  })
})
