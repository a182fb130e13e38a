import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kaplanMeier, medianSurvival } from '../../src-main/statistics/survival.ts'

const observed = (times: readonly number[], events: readonly number[]) =>
  times.map((time, index) => ({ time, event: events[index] === 1 }))

describe('kaplanMeier()', () => {
  it('gives what lifelines 0.30 gives (KaplanMeierFitter, its default bounds)', () => {
    const steps = kaplanMeier(observed([5, 8, 8, 12, 12, 15, 20, 20, 20, 3], [1, 1, 0, 1, 1, 0, 0, 1, 0, 1]))
    const expected = [
      [3, 0.9, 0.47300927136205084, 0.985281393367343],
      [5, 0.8, 0.40869078163340444, 0.9458726458389115],
      [8, 0.7, 0.3287165932797348, 0.8919490412248441],
      [12, 0.4666666666666667, 0.14955181808973222, 0.7366102366780402],
      [20, 0.31111111111111095, 0.05523890487923611, 0.6245404874601073],
    ]
    expect(steps).toHaveLength(expected.length)
    for (const [index, { time, survival, low, high }] of steps.entries())
      for (const [place, value] of [time, survival, low, high].entries())
        expect(value).toBeCloseTo(expected[index]?.[place] ?? Number.NaN, 9)
    expect(medianSurvival(steps)).toBe(12)
  })

  it('is the share without an event where all are watched to the end', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }), (times) => {
        const end = 5
        const watched = times.map((time) => ({ time: Math.min(time, end), event: time < end }))
        for (const { time, survival, low, high } of kaplanMeier(watched)) {
          expect(survival).toBeCloseTo(times.filter((one) => one > time).length / times.length, 9)
          expect(low).toBeLessThanOrEqual(survival + 1e-12)
          expect(high).toBeGreaterThanOrEqual(survival - 1e-12)
        }
      }),
    )
  })

  it('ends at 0 where every one has its event, and says nothing where none has', () => {
    expect(kaplanMeier(observed([1, 2], [1, 1])).at(-1)).toMatchObject({ survival: 0, low: 0, high: 0 })
    expect(kaplanMeier(observed([4, 9], [0, 0]))).toEqual([])
    expect(medianSurvival(kaplanMeier(observed([4, 9, 9], [1, 0, 0])))).toBeNull()
  })
})
