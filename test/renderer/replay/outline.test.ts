import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Geometry, Quaternion, Vector } from '../../../src-main/contract/index.ts'
import { isInside, outlineOf, type Placed } from '../../../src-renderer/replay/flat/outline.ts'
import { rotate } from '../../../src-renderer/replay/rotations.ts'

const origin: Placed = { position: [0, 0, 0], rotation: [1, 0, 0, 0] }
const half = Math.SQRT1_2

function shape(kind: Geometry['kind'], size: Vector, rotation: Quaternion = [1, 0, 0, 0]): Geometry {
  return { kind, size, rotation, position: [0, 0, 0], material: 'object', colour: null, collides: true }
}

function extents(geometry: Geometry, body: Placed = origin) {
  const { points, top } = outlineOf(geometry, body)
  const size = (axis: 0 | 1) =>
    Math.max(...points.map((point) => point[axis])) - Math.min(...points.map((point) => point[axis]))
  return { width: size(0), depth: size(1), top }
}

describe('outlineOf()', () => {
  it('sees a box as its rectangle, and turned about x by a right angle as its other side', () => {
    expect(extents(shape('box', [1, 2, 3]))).toEqual({ width: 2, depth: 4, top: 3 })
    const turned = extents(shape('box', [1, 2, 3], [half, half, 0, 0]))
    expect(turned.width).toBeCloseTo(2)
    expect(turned.depth).toBeCloseTo(6)
    expect(turned.top).toBeCloseTo(2)
  })

  it('sees a standing capsule as a circle, and a lying one as long as it is', () => {
    expect(extents(shape('capsule', [0.5, 2, 0])).width).toBeCloseTo(1, 1)
    const lying = extents(shape('capsule', [0.5, 2, 0], [half, 0, half, 0]))
    expect(lying.width).toBeCloseTo(5, 1)
    expect(lying.depth).toBeCloseTo(1, 1)
    expect(lying.top).toBeCloseTo(0.5)
  })

  it('turns and moves with the body', () => {
    const { points } = outlineOf(
      { ...shape('sphere', [0.1, 0, 0]), position: [1, 0, 0] },
      { position: [10, 0, 0], rotation: [half, 0, 0, half] },
    )
    for (const [x, y] of points) expect(Math.hypot(x - 10, y - 1)).toBeCloseTo(0.1)
  })

  it('encloses every point of the geometry, whatever way it is turned', () => {
    const turns = fc
      .tuple(...[0, 1, 2, 3].map(() => fc.double({ min: -1, max: 1, noNaN: true })))
      .filter((parts) => Math.hypot(...parts) > 0.1)
      .map((parts): Quaternion => {
        const norm = Math.hypot(...parts)
        const [w = 1, x = 0, y = 0, z = 0] = parts.map((part) => part / norm)
        return [w, x, y, z]
      })
    const kinds = fc.constantFrom<Geometry['kind'][]>('box', 'ellipsoid', 'capsule', 'cylinder', 'sphere')
    const length = (most: number) => fc.double({ min: 0.05, max: most, noNaN: true })
    const sizes = fc.tuple(length(0.3), length(0.4), length(0.5))
    fc.assert(
      fc.property(kinds, sizes, turns, turns, (kind, [a, b, c], own, body) => {
        const geometry = shape(kind, [a, b, c], own)
        const outline = outlineOf(geometry, { position: [0, 0, 0], rotation: body })
        // The tip of its own z axis lies on or in it.
        const tip = { box: c, ellipsoid: c, capsule: a + b, cylinder: b, sphere: a, plane: 0 }[kind]
        const [x, y, z] = rotate(body, rotate(own, [0, 0, tip]))
        // An outline of corners cuts off a little of what is round.
        expect(isInside(outline, x * 0.98, y * 0.98)).toBe(true)
        expect(z).toBeLessThanOrEqual(outline.top + 1e-9)
      }),
    )
  })
})
