import { describe, expect, it } from 'vitest'
import { Pace, paceOf } from '../../src-main/training/pace.ts'

describe('paceOf()', () => {
  it('gives twice the standard error to either side of the mean, at least a tenth', () => {
    const steady = Array.from({ length: 10 }, () => ({ steps: 50, seconds: 0.5 }))
    expect(paceOf(steady)).toEqual({ mean: 100, low: 90, high: 110 })
    const uneven = [60, 140, 60, 140].map((steps) => ({ steps, seconds: 1 }))
    const { mean, low, high } = paceOf(uneven)
    // Standard deviation 80 / sqrt(3), standard error half of that.
    expect([mean, low, high].map(Math.round)).toEqual([100, 54, 146])
  })
})

describe('a pace', () => {
  it('is unknown at first, leaves the warm-up out and forgets what is long gone', () => {
    const pace = new Pace()
    for (const steps of [1, 1, 100]) pace.add(steps, 1)
    expect(pace.range).toBeNull()
    pace.add(100, 1)
    expect(pace.range?.low).toBeCloseTo(90, 9)
    for (let i = 0; i < 60; i++) pace.add(10, 1)
    expect(pace.range?.high).toBeCloseTo(11, 9)
  })
})
