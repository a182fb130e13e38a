import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureHorizon } from '../../src-main/algorithms/threshold.ts'
import { CalibrationWindow } from '../../src-main/training/calibration-window.ts'

const brierOf = (gammaSafe: number, qSafe: readonly number[], failure = true) => {
  const window = new CalibrationWindow(gammaSafe)
  window.addEpisode(Float32Array.from(qSafe), failure)
  return window.measure().calibrationBrier
}

describe('failureHorizon()', () => {
  it.each([
    [0, 1],
    [0.5, 2],
    [0.65, 3],
    [0.7, 4],
    // 1 / (1 - gamma) is a little more than a whole number in floating point.
    [0.8, 5],
    [0.9, 10],
    [0.95, 20],
    [0.99, 100],
  ])('looks as many steps ahead as gamma_safe = %d does: %d', (gammaSafe, steps) => {
    expect(failureHorizon(gammaSafe)).toBe(steps)
  })
})

describe('CalibrationWindow', () => {
  it('measures nothing before it has seen a step, and no AUC before it has seen both kinds', () => {
    const window = new CalibrationWindow(0.5)
    expect(window.measure()).toEqual({ calibrationBrier: null, calibrationAuc: null })
    window.addEpisode(Float32Array.of(0.5, 0.5), false)
    expect(window.measure()).toEqual({ calibrationBrier: 0.25, calibrationAuc: null })
  })

  it('counts a failure for the steps within the horizon of the critic', () => {
    // At 0.5 the last two steps have failed, the two before have not.
    expect(brierOf(0.5, [0, 0, 1, 1])).toBe(0)
    expect(brierOf(0.5, [0, 1, 1, 1])).toBe(0.25)
    expect(brierOf(0.75, [1, 1, 1, 1])).toBe(0)
    expect(brierOf(0.5, [0, 0, 0, 0], false)).toBe(0)
  })

  it('tells how often a fatal step was given more risk than a harmless one', () => {
    const window = new CalibrationWindow(0)
    window.addEpisode(Float32Array.of(0.125, 0.5, 0.375), true)
    expect(window.measure().calibrationAuc).toBe(0.5)
    window.addEpisode(Float32Array.of(0.25, 0.75), true)
    // Fatal 0.375 and 0.75 against 0.125, 0.5 and 0.25: five of six pairs are in order.
    expect(window.measure().calibrationAuc).toBeCloseTo(5 / 6, 12)
  })

  it('leaves out steps that nothing judged', () => {
    expect(brierOf(0, [Number.NaN, Number.NaN, 1])).toBe(0)
  })

  it('forgets what is older than 2,000 steps', () => {
    const window = new CalibrationWindow(0)
    window.addEpisode(new Float32Array(1500).fill(1), false)
    expect(window.measure().calibrationBrier).toBe(1)
    window.addEpisode(new Float32Array(1500).fill(0), false)
    expect(window.measure().calibrationBrier).toBe(0.25)
    window.addEpisode(new Float32Array(500).fill(0), false)
    expect(window.measure().calibrationBrier).toBe(0)
  })

  it('goes on from a saved state as it would have without', () => {
    const risk = fc.float({ min: 0, max: 1, noNaN: true })
    const episodes = fc.array(fc.tuple(fc.array(risk, { minLength: 1, maxLength: 700 }), fc.boolean()), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(episodes, episodes, (before, after) => {
        const [first, second] = [new CalibrationWindow(0.5), new CalibrationWindow(0.5)]
        for (const [qSafe, failure] of before) first.addEpisode(Float32Array.from(qSafe), failure)
        second.setState(structuredClone(first.getState()))
        for (const [qSafe, failure] of after)
          for (const window of [first, second]) window.addEpisode(Float32Array.from(qSafe), failure)
        expect(second.measure()).toEqual(first.measure())
        expect(second.getState()).toEqual(first.getState())
      }),
      { seed: 1, numRuns: 30 },
    )
  })
})
