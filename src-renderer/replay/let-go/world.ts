import type {
  HavokPhysicsWithBindings,
  Quaternion as HavokQuaternion,
  HP_BodyId,
  HP_ShapeId,
} from '@babylonjs/havok'
import {
  type Geometry,
  POSE_SIZE,
  type Quaternion,
  type SceneDescription,
  VELOCITY_SIZE,
  type Vector,
} from '../../../src-main/contract/index.ts'

/** Always the same step, however fast pictures are drawn: the motion must not depend on the machine. */
export const STEP_SECONDS = 1 / 120

const gravity: Vector = [0, 0, -9.81]
const friction = 0.5
const restitution = 0.1
/** Planes without an extent, in the scene's unit. */
const endless = 1000
const upright: HavokQuaternion = [0, 0, 0, 1]

/** A push on a moving body in one step, in newtons, at a point of the world. */
export interface Push {
  body: number
  at: Vector
  force: Vector
}

/** When and where a moving body first touched something of the material hazard. */
export interface HazardTouch {
  body: number
  seconds: number
  at: Vector
}

/** Bodies that carry on by themselves. The same start and the same pushes give the same motion, bit by bit. */
export interface LetGoWorld {
  readonly seconds: number
  /** Null: none did so far. */
  readonly hazardTouch: HazardTouch | null
  /** Moves on by `STEP_SECONDS`. */
  step(pushes: readonly Push[]): void
  /** Moving bodies x POSE_SIZE. */
  readPoses(into: Float32Array): void
}

/**
 * @param havok a fresh instance: one that was used before counts bodies on, and with them the order in which contacts are solved.
 * @param poses moving bodies x POSE_SIZE.
 * @param velocities moving bodies x VELOCITY_SIZE.
 */
export function createWorld(
  havok: HavokPhysicsWithBindings,
  scene: SceneDescription,
  poses: Float32Array,
  velocities: Float32Array,
): LetGoWorld {
  const [, world] = havok.HP_World_Create()
  havok.HP_World_SetGravity(world, gravity)

  const moving: { id: HP_BodyId; mass: number }[] = []
  const hazards = new Set<bigint>()
  const started = enumValue(havok.EventType.COLLISION_STARTED)
  for (const body of scene.bodies) {
    if (body.massKilograms === null) {
      placeFixed(body.geometries.filter(({ material }) => material !== 'hazard'))
      const hazard = placeFixed(body.geometries.filter(({ material }) => material === 'hazard'))
      if (hazard !== null) hazards.add(hazard[0])
      continue
    }
    const [, id] = havok.HP_Body_Create()
    const shape = createShape(havok, body.geometries)
    if (shape !== null) havok.HP_Body_SetShape(id, shape)
    placeMoving(id, shape, body.massKilograms, moving.length)
    havok.HP_Body_SetEventMask(id, started)
    moving.push({ id, mass: body.massKilograms })
    havok.HP_World_AddBody(world, id, false)
  }
  let hazardTouch: HazardTouch | null = null
  let steps = 0

  /** What never moves and is of one kind; null where nothing of it collides. */
  function placeFixed(geometries: readonly Geometry[]): HP_BodyId | null {
    const shape = createShape(havok, geometries)
    if (shape === null) return null
    const [, id] = havok.HP_Body_Create()
    havok.HP_Body_SetShape(id, shape)
    havok.HP_Body_SetMotionType(id, havok.MotionType.STATIC)
    havok.HP_World_AddBody(world, id, false)
    return id
  }

  /** Of the contacts that began in the last step. */
  function findHazardTouch(): HazardTouch | null {
    let [, event] = havok.HP_World_GetCollisionEvents(world)
    while (event !== 0) {
      const [, [, one, other]] = havok.HP_Event_AsCollision(event)
      for (const [[id], [against, , , at]] of [[one, other] as const, [other, one] as const]) {
        const body = moving.findIndex((candidate) => candidate.id[0] === id[0])
        if (body >= 0 && hazards.has(against[0])) return { body, seconds: steps * STEP_SECONDS, at }
      }
      event = havok.HP_World_GetNextCollisionEvent(Number(world[0]), event)
    }
    return null
  }

  function placeMoving(id: HP_BodyId, shape: HP_ShapeId | null, mass: number, index: number): void {
    havok.HP_Body_SetMotionType(id, havok.MotionType.DYNAMIC)
    if (shape !== null) {
      const [, [centre, , inertia, orientation]] = havok.HP_Shape_BuildMassProperties(shape)
      havok.HP_Body_SetMassProperties(id, [centre, mass, inertia, orientation])
    }
    const [x = 0, y = 0, z = 0, w = 1, qx = 0, qy = 0, qz = 0] = poses.subarray(index * POSE_SIZE)
    havok.HP_Body_SetQTransform(id, [
      [x, y, z],
      [qx, qy, qz, w],
    ])
    const [vx = 0, vy = 0, vz = 0, ax = 0, ay = 0, az = 0] = velocities.subarray(index * VELOCITY_SIZE)
    havok.HP_Body_SetLinearVelocity(id, [vx, vy, vz])
    havok.HP_Body_SetAngularVelocity(id, [ax, ay, az])
    havok.HP_Body_SetAngularDamping(id, 0.1)
    havok.HP_Body_SetActivationControl(id, havok.ActivationControl.ALWAYS_ACTIVE)
  }

  return {
    get seconds() {
      return steps * STEP_SECONDS
    },
    get hazardTouch() {
      return hazardTouch
    },
    step(pushes) {
      for (const { body, at, force } of pushes) {
        const pushed = moving[body]
        if (pushed === undefined) continue
        const [x, y, z] = force
        havok.HP_Body_ApplyImpulse(pushed.id, at, [x * STEP_SECONDS, y * STEP_SECONDS, z * STEP_SECONDS])
      }
      havok.HP_World_Step(world, STEP_SECONDS)
      steps++
      if (hazards.size > 0) hazardTouch ??= findHazardTouch()
    },
    readPoses(into) {
      for (const [index, { id }] of moving.entries()) {
        const [, [[x, y, z], [qx, qy, qz, w]]] = havok.HP_Body_GetQTransform(id)
        into.set([x, y, z, w, qx, qy, qz], index * POSE_SIZE)
      }
    },
  }
}

/** All that collides of some geometries of a body, in its frame; null where nothing does. */
function createShape(havok: HavokPhysicsWithBindings, geometries: readonly Geometry[]): HP_ShapeId | null {
  const solid = geometries.filter(({ collides }) => collides)
  if (solid.length === 0) return null
  const [, container] = havok.HP_Shape_CreateContainer()
  const { GEOMETRIC_MEAN, MAXIMUM } = havok.MaterialCombine
  for (const geometry of solid) {
    const shape = createCollider(havok, geometry)
    havok.HP_Shape_SetMaterial(shape, [friction, friction, restitution, GEOMETRIC_MEAN, MAXIMUM])
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

/** Havok's types call its enumerations numbers; in its program they are objects that have one. */
function enumValue(entry: unknown): number {
  return typeof entry === 'object' && entry !== null && 'value' in entry ? Number(entry.value) : Number(entry)
}

function toHavok([w, x, y, z]: Quaternion): HavokQuaternion {
  return [x, y, z, w]
}
