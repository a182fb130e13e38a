import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MultiplierSettings, SafetyMultiplier } from '../../src-main/algorithms/multiplier.ts'

const settings = (changes: Partial<MultiplierSettings> = {}): MultiplierSettings => ({
  epsilonSafe: 0.1,
  initialMultiplier: 0.5,
  multiplierLearningRate: 0.01,
  multiplierUpdate: 'projected',
  ...changes,
})

const kinds = ['projected', 'logarithm'] as const

describe('SafetyMultiplier update()', () => {
  it.each(kinds)(
    'raises nu while the policy is riskier than epsilonSafe and lowers it while it is safer (%s)',
    (kind) => {
      const multiplier = new SafetyMultiplier(settings({ multiplierUpdate: kind }))
      let last = multiplier.value
      for (let i = 0; i < 20; i++) {
        multiplier.update(0.3)
        expect(multiplier.value).toBeGreaterThan(last)
        last = multiplier.value
      }
      const other = new SafetyMultiplier(settings({ multiplierUpdate: kind }))
      last = other.value
      for (let i = 0; i < 20; i++) {
        other.update(0.05)
        expect(other.value).toBeLessThan(last)
        last = other.value
      }
    },
  )

  it('takes a gradient step on nu (epsilonSafe - risk), cut off at 0', () => {
    const multiplier = new SafetyMultiplier(settings({ multiplierLearningRate: 2 }))
    multiplier.update(0.4)
    expect(multiplier.value).toBeCloseTo(0.5 + 2 * 0.3, 12)
    multiplier.update(0.02)
    expect(multiplier.value).toBeCloseTo(1.1 - 2 * 0.08, 12)
    for (let i = 0; i < 10; i++) multiplier.update(0)
    expect(multiplier.value).toBe(0)
    multiplier.update(0.11)
    expect(multiplier.value).toBeCloseTo(0.02, 12)
  })

  it('takes an Adam step on its logarithm, which leaves 0 too', () => {
    const multiplier = new SafetyMultiplier(settings({ multiplierUpdate: 'logarithm' }))
    multiplier.update(0.4)
    // Adam's first step is the learning rate itself.
    expect(Math.log(multiplier.value)).toBeCloseTo(Math.log(0.5) + 0.01, 6)
    const fromZero = new SafetyMultiplier(settings({ multiplierUpdate: 'logarithm', initialMultiplier: 0 }))
    for (let i = 0; i < 100; i++) fromZero.update(0.4)
    expect(fromZero.value).toBeGreaterThan(1e-6)
  })

  it.each(kinds)('never lets nu below 0 (%s)', (multiplierUpdate) => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 50 }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (risks, initialMultiplier, multiplierLearningRate) => {
          const multiplier = new SafetyMultiplier(
            settings({ multiplierUpdate, initialMultiplier, multiplierLearningRate }),
          )
          for (const risk of risks) {
            multiplier.update(risk)
            expect(multiplier.value).toBeGreaterThanOrEqual(0)
            expect(multiplier.value).toBeLessThan(Number.POSITIVE_INFINITY)
          }
        },
      ),
      { seed: 1 },
    )
  })

  it.each(kinds)('goes on from a saved state as it would have without (%s)', (multiplierUpdate) => {
    const [unbroken, first] = [0, 1].map(() => new SafetyMultiplier(settings({ multiplierUpdate })))
    const second = new SafetyMultiplier(settings({ multiplierUpdate, initialMultiplier: 9 }))
    for (const risk of [0.3, 0.05, 0.7]) {
      unbroken?.update(risk)
      first?.update(risk)
    }
    second.setState(structuredClone(first?.getState() ?? { values: {}, arrays: {} }))
    for (const risk of [0.02, 0.4]) {
      unbroken?.update(risk)
      second.update(risk)
    }
    expect(second.getState()).toEqual(unbroken?.getState())
  })
})
