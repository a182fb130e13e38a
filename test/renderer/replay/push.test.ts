import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  describePush,
  impulseOf,
  noPush,
  pushFromText,
  pushToText,
} from '../../../src-renderer/replay/push.ts'

const push = fc.record({
  strength: fc.integer({ min: 1, max: 40 }).map((steps) => steps / 2),
  azimuth: fc.integer({ min: -12, max: 12 }).map((steps) => 15 * steps),
  elevation: fc.integer({ min: -6, max: 6 }).map((steps) => 15 * steps),
})

describe('a push', () => {
  it('has its strength and its direction', () => {
    expect(impulseOf({ strength: 5, azimuth: 0, elevation: 0 })).toEqual([5, 0, 0])
    expect(impulseOf({ strength: 2, azimuth: 90, elevation: 0 })?.[1]).toBeCloseTo(2)
    expect(impulseOf({ strength: 2, azimuth: 30, elevation: 90 })?.[2]).toBeCloseTo(2)
    fc.assert(
      fc.property(push, (given) => {
        expect(Math.hypot(...(impulseOf(given) ?? []))).toBeCloseTo(given.strength, 4)
      }),
    )
    expect(impulseOf(noPush)).toBeUndefined()
  })

  it('comes out of an address as it was put in', () => {
    fc.assert(
      fc.property(push, (given) => {
        expect(pushFromText(pushToText(given), 20)).toEqual(given)
      }),
    )
    expect(pushToText(noPush)).toBeUndefined()
  })

  it('is none where an address names none, or one that is too hard', () => {
    for (const text of [undefined, '', 'a,b', '5,200,0', '-1,0,0', '21,0,0', 'Infinity'])
      expect(pushFromText(text, 20)).toEqual(noPush)
    expect(pushFromText('5,0,0', null)).toEqual(noPush)
  })

  it('is told in words', () => {
    expect(describePush({ strength: 5, azimuth: 90, elevation: 0 })).toBe('pushed by 5 N s towards 90°')
    expect(describePush({ strength: 5, azimuth: 0, elevation: -15 })).toBe(
      'pushed by 5 N s towards 0°, 15° downwards',
    )
  })
})
