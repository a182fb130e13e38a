import type { HavokPhysicsWithBindings, Quaternion as HavokQuaternion, HP_ShapeId } from '@babylonjs/havok'
import type { Geometry, Quaternion, Vector } from '../../../src-main/contract/index.ts'

const friction = 0.5
const restitution = 0.1
/** Planes without an extent, in the scene's unit. */
const endless = 1000
const upright: HavokQuaternion = [0, 0, 0, 1]

/** All that collides of some geometries of a body, in its frame; null where nothing does. */
export function createShape(
  havok: HavokPhysicsWithBindings,
  geometries: readonly Geometry[],
): HP_ShapeId | null {
  const solid = geometries.filter(({ collides }) => collides)
  if (solid.length === 0) return null
  const [, container] = havok.HP_Shape_CreateContainer()
  const { GEOMETRIC_MEAN, MAXIMUM } = havok.MaterialCombine
  for (const geometry of solid) {
    const shape = createCollider(havok, geometry)
    havok.HP_Shape_SetMaterial(shape, [friction, friction, restitution, GEOMETRIC_MEAN, MAXIMUM])
    const { touches } = geometry
    if (touches !== undefined) havok.HP_Shape_SetFilterInfo(shape, [touches.group, touches.groups])
    const rotation = toHavok(geometry.rotation)
    havok.HP_Shape_AddChild(container, shape, [geometry.position, rotation, [1, 1, 1]])
  }
  return container
}

function createCollider(havok: HavokPhysicsWithBindings, { kind, size: [x, y, z] }: Geometry): HP_ShapeId {
  const middle: Vector = [0, 0, 0]
  switch (kind) {
    case 'box':
      return havok.HP_Shape_CreateBox(middle, upright, [2 * x, 2 * y, 2 * z])[1]
    case 'sphere':
      return havok.HP_Shape_CreateSphere(middle, x)[1]
    case 'ellipsoid':
      return createRoundedEllipsoid(havok, [x, y, z])
    case 'capsule':
      return havok.HP_Shape_CreateCapsule([0, 0, -y], [0, 0, y], x)[1]
    case 'cylinder':
      return havok.HP_Shape_CreateCylinder([0, 0, -y], [0, 0, y], x)[1]
    case 'plane':
      return havok.HP_Shape_CreateBox([0, 0, -0.5], upright, [2 * (x || endless), 2 * (y || endless), 1])[1]
  }
}

/** Havok has no ellipsoids: a capsule along the longest axis, as thick as the other two on average. */
function createRoundedEllipsoid(havok: HavokPhysicsWithBindings, radii: Vector): HP_ShapeId {
  const longest = Math.max(...radii)
  const axis = radii.indexOf(longest)
  const radius = (radii[0] + radii[1] + radii[2] - longest) / 2
  const reach = Math.max(0, longest - radius)
  const end = (sign: number): Vector => [
    axis === 0 ? sign * reach : 0,
    axis === 1 ? sign * reach : 0,
    axis === 2 ? sign * reach : 0,
  ]
  if (reach === 0) return havok.HP_Shape_CreateSphere([0, 0, 0], radius)[1]
  return havok.HP_Shape_CreateCapsule(end(-1), end(1), radius)[1]
}

export function toHavok([w, x, y, z]: Quaternion): HavokQuaternion {
  return [x, y, z, w]
}
