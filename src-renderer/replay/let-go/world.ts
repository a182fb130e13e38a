import type { HavokPhysicsWithBindings, HP_BodyId, HP_ShapeId } from '@babylonjs/havok'
import {
  type Body,
  type Geometry,
  POSE_SIZE,
  type SceneDescription,
  VELOCITY_SIZE,
  type Vector,
} from '../../../src-main/contract/index.ts'
import { createJoints, type JointedBody, type Motors } from './joints.ts'
import { createShape, toHavok } from './shapes.ts'

/** Always the same step, however fast pictures are drawn: the motion must not depend on the machine. */
export const STEP_SECONDS = 1 / 120

const gravity: Vector = [0, 0, -9.81]
/** Light legs under a heavy body give way at their joints in steps as long as one; in parts of 1 ms they stay within 1 mm. */
const jointedParts = 8
/** Least of a body's moments of inertia as a share of its largest: a rod that has next to none about its own axis makes the joints at its ends tremble. */
const leastMoment = 0.1

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
  /** From the next step on; they are limp at first. */
  drive(motors: Motors): void
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
  const parts = scene.joints.length > 0 ? jointedParts : 1
  if (parts > 1) havok.HP_World_SetIdealStepTime(world, STEP_SECONDS / parts)

  const moving: { id: HP_BodyId }[] = []
  const jointed = new Map<string, JointedBody>()
  const inJoints = new Set(scene.joints.flatMap(({ parent, child }) => [parent, child]))
  const hazards = new Set<bigint>()
  const started = enumValue(havok.EventType.COLLISION_STARTED)
  for (const body of scene.bodies) {
    if (body.massKilograms === null) {
      placeFixed(body.geometries.filter(({ material }) => material !== 'hazard'))
      const hazard = placeFixed(body.geometries.filter(({ material }) => material === 'hazard'))
      if (hazard !== null) hazards.add(hazard[0])
      if (inJoints.has(body.name)) jointed.set(body.name, { id: placeAnchor(), rotation: [1, 0, 0, 0] })
      continue
    }
    const [, id] = havok.HP_Body_Create()
    const shape = createShape(havok, body.geometries)
    if (shape !== null) havok.HP_Body_SetShape(id, shape)
    placeMoving(id, shape, body, moving.length)
    havok.HP_Body_SetEventMask(id, started)
    const [w = 1, x = 0, y = 0, z = 0] = poses.subarray(moving.length * POSE_SIZE + 3)
    jointed.set(body.name, { id, rotation: [w, x, y, z] })
    moving.push({ id })
    havok.HP_World_AddBody(world, id, false)
  }
  const joints = createJoints(havok, scene.joints, (name) => jointed.get(name) ?? null)
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

  /** What joints of bodies that never move hold on to. */
  function placeAnchor(): HP_BodyId {
    const [, id] = havok.HP_Body_Create()
    havok.HP_Body_SetMotionType(id, havok.MotionType.STATIC)
    havok.HP_World_AddBody(world, id, false)
    return id
  }

  function placeMoving(id: HP_BodyId, shape: HP_ShapeId | null, body: Body, index: number): void {
    // What nothing can touch and nothing holds, such as a goal to look at, stays where it is.
    const isFree = shape !== null || inJoints.has(body.name)
    havok.HP_Body_SetMotionType(id, isFree ? havok.MotionType.DYNAMIC : havok.MotionType.STATIC)
    const mass = body.massKilograms ?? 1
    if (body.inertia !== undefined) {
      const { centre, rotation, moments } = body.inertia
      const least = leastMoment * Math.max(...moments)
      // Havok wants the moments of one kilogram.
      const [x, y, z] = moments.map((moment) => Math.max(moment, least) / mass)
      havok.HP_Body_SetMassProperties(id, [centre, mass, [x ?? 1, y ?? 1, z ?? 1], toHavok(rotation)])
    } else if (shape !== null) {
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
      for (let part = 0; part < parts; part++) havok.HP_World_Step(world, STEP_SECONDS / parts)
      steps++
      if (hazards.size > 0) hazardTouch ??= findHazardTouch()
    },
    drive: joints.drive,
    readPoses(into) {
      for (const [index, { id }] of moving.entries()) {
        const [, [[x, y, z], [qx, qy, qz, w]]] = havok.HP_Body_GetQTransform(id)
        into.set([x, y, z, w, qx, qy, qz], index * POSE_SIZE)
      }
    },
  }
}

/** Havok's types call its enumerations numbers; in its program they are objects that have one. */
function enumValue(entry: unknown): number {
  return typeof entry === 'object' && entry !== null && 'value' in entry ? Number(entry.value) : Number(entry)
}
