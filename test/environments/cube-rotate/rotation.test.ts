import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  eulerOf,
  orientationError,
  quaternionOf,
  unwrapAround,
} from '../../../src-main/environments/cube-rotate/rotation.ts'

const angle = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true })
const euler = fc.tuple(angle(3.1), angle(1.5), angle(3.1))

describe('rotations of the cube', () => {
  it('go from angles to quaternions and back', () => {
    fc.assert(
      fc.property(euler, (angles) => {
        const quaternion = quaternionOf(angles)
        expect(Math.hypot(...quaternion)).toBeCloseTo(1, 12)
        for (const [axis, value] of eulerOf(quaternion).entries())
          expect(value).toBeCloseTo(angles[axis] ?? 0, 6)
      }),
    )
  })

  it('turn about x first, then about the turned y, then about the twice turned z', () => {
    const half = Math.SQRT1_2
    expect(quaternionOf([Math.PI / 2, 0, 0])).toEqual(
      [half, half, 0, 0].map((value) => expect.closeTo(value, 12)),
    )
    // About x: y comes to stand where z was. About that y then: the cube's x points to the world's... y, by hand.
    expect(quaternionOf([Math.PI / 2, Math.PI / 2, 0])).toEqual(
      [0.5, 0.5, 0.5, 0.5].map((value) => expect.closeTo(value, 12)),
    )
  })

  it('count the short way to the goal, also across half a turn', () => {
    expect(orientationError([2.25, 0, 0], [-3.1, 0, 0])).toBeCloseTo(2 * Math.PI - 3.1 - 2.25, 12)
    expect(unwrapAround([2.25, 0, 0], [-3.1, 0, 0])[0]).toBeCloseTo(2 * Math.PI - 3.1, 12)
    expect(unwrapAround([2.25, 0, 0], [-0.5, 0, 0])[0]).toBeCloseTo(-0.5, 12)
  })
})
