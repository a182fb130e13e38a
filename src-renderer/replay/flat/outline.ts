import type { Geometry, Quaternion, Vector } from '../../../src-main/contract/index.ts'
import { rotate, rotateBack } from '../rotations.ts'

export interface Placed {
  position: Vector
  rotation: Quaternion
}

/** What is seen of a geometry from straight above: a convex outline, and how high its highest point is. */
export interface Outline {
  points: [number, number][]
  top: number
}

/** Enough for a circle to look round. */
const directions = 32
/** Half extent of a plane that has none. */
const endless = 1000

const allAround = Array.from({ length: directions }, (_, index) => (2 * Math.PI * index) / directions)
const axes: Vector[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]

/** All kinds of geometry are convex: the outline is made of the points that lie furthest out in each direction. */
export function outlineOf(geometry: Geometry, body: Placed): Outline {
  const reach = (direction: Vector): Vector => {
    const inBody = rotateBack(body.rotation, direction)
    const furthest = rotate(geometry.rotation, furthestOf(geometry, rotateBack(geometry.rotation, inBody)))
    const [x, y, z] = rotate(body.rotation, plus(furthest, geometry.position))
    return plus([x, y, z], body.position)
  }
  const hasCorners = geometry.kind === 'box' || geometry.kind === 'plane'
  const angles = hasCorners ? cornerAngles(geometry, body) : allAround
  const points = angles.map((angle): [number, number] => {
    const [x, y] = reach([Math.cos(angle), Math.sin(angle), 0])
    return [x, y]
  })
  return { points, top: reach([0, 0, 1])[2] }
}

/** Whether a convex outline has a point inside. */
export function isInside({ points }: Outline, x: number, y: number): boolean {
  let before = points.at(-1) ?? [0, 0]
  for (const point of points) {
    const side = (point[0] - before[0]) * (y - before[1]) - (point[1] - before[1]) * (x - before[0])
    if (side < -1e-12) return false
    before = point
  }
  return points.length > 0
}

/** Just beside the normals of the outline's edges, which run along the box's own: between them they find every corner. */
function cornerAngles({ rotation }: Geometry, body: Placed): number[] {
  const beside = 1e-4
  return axes
    .flatMap((axis) => {
      const [x, y] = rotate(body.rotation, rotate(rotation, axis))
      const normal = Math.atan2(y, x) + Math.PI / 2
      return [normal - beside, normal + beside, normal + Math.PI - beside, normal + Math.PI + beside]
    })
    .map((angle) => (angle + 4 * Math.PI) % (2 * Math.PI))
    .toSorted((one, other) => one - other)
}

/** The point of a geometry that lies furthest in a direction, both in its own frame. */
function furthestOf({ kind, size: [x, y, z] }: Geometry, [dx, dy, dz]: Vector): Vector {
  switch (kind) {
    case 'box':
      return [towards(dx, x), towards(dy, y), towards(dz, z)]
    case 'plane':
      return [towards(dx, x || endless), towards(dy, y || endless), 0]
    case 'sphere':
      return [dx * x, dy * x, dz * x]
    case 'capsule':
      return [dx * x, dy * x, dz * x + towards(dz, y)]
    case 'cylinder': {
      const flat = Math.hypot(dx, dy)
      const share = flat < 1e-12 ? 0 : x / flat
      return [dx * share, dy * share, towards(dz, y)]
    }
    case 'ellipsoid': {
      const norm = Math.hypot(dx * x, dy * y, dz * z) || 1
      return [(dx * x * x) / norm, (dy * y * y) / norm, (dz * z * z) / norm]
    }
  }
}

const towards = (direction: number, extent: number): number => (direction < 0 ? -extent : extent)

function plus(one: Vector, other: Vector): Vector {
  return [one[0] + other[0], one[1] + other[1], one[2] + other[2]]
}
