import type { MjModel } from '@mujoco/mujoco'
import type { Joint, JointAxis, Quaternion, Vector } from '../contract/scenes.ts'

/** In MuJoCo's order. */
const jointKinds = ['free', 'ball', 'slide', 'hinge'] as const
const equalityKinds = ['connect', 'weld', 'joint'] as const

/** Names of the bodies that the scene has, by their id in the model. */
type SceneBodies = ReadonlyMap<number, string>

/**
 * What holds the scene's bodies together, from the compiled model's own arrays. Bodies that are not in the scene only carry the joints of others; these become
 * axes of one joint between the bodies on both sides.
 */
export function jointsOf(model: MjModel, bodies: SceneBodies, nameOf: (joint: number) => string): Joint[] {
  const torques = motorTorques(model)
  const joints: Joint[] = []
  for (const [child, name] of bodies) {
    if (child === 0 || model.body_mocapid[child] >= 0) continue
    const joint = towardsParent(model, bodies, child, name, torques, nameOf)
    if (joint !== null) joints.push(joint)
  }
  return [...joints, ...pinsOf(model, bodies)]
}

/** The one between a body and the next one of the scene on the way to the root; null: it flies freely. */
function towardsParent(
  model: MjModel,
  bodies: SceneBodies,
  child: number,
  name: string,
  torques: ReadonlyMap<number, number>,
  nameOf: (joint: number) => string,
): Joint | null {
  const axes: JointAxis[] = []
  const kinds = new Set<(typeof jointKinds)[number]>()
  /** Of the child in the frame of `body`, on the way up. */
  let place: Vector = [0, 0, 0]
  let rotation: Quaternion = [1, 0, 0, 0]
  let anchorInChild: Vector = [0, 0, 0]
  let body = child
  do {
    const first = model.body_jntadr[body]
    for (let id = first + model.body_jntnum[body] - 1; id >= first; id--) {
      const kind = jointKinds[model.jnt_type[id]] ?? 'free'
      if (kind === 'free') return null
      if (kinds.size === 0) anchorInChild = rotateBack(rotation, subtract(triple(model.jnt_pos, id), place))
      kinds.add(kind)
      if (kind !== 'ball') axes.unshift(axisOf(model, id, rotation, torques.get(id) ?? null, nameOf(id)))
    }
    const turned = four(model.body_quat, body)
    place = add(triple(model.body_pos, body), rotate(turned, place))
    rotation = multiply(turned, rotation)
    body = model.body_parentid[body]
  } while (body !== 0 && !bodies.has(body))

  const parent = bodies.get(body)
  if (parent === undefined) return null
  const isSlide = kinds.has('slide') && axes.length === 1
  const kind =
    kinds.size === 0 ? 'fixed' : isSlide ? 'slide' : kinds.has('ball') || axes.length > 2 ? 'ball' : 'hinge'
  const anchorInParent = add(place, rotate(rotation, anchorInChild))
  return { name, kind, parent, child: name, anchorInParent, anchorInChild, rotation, axes }
}

function axisOf(
  model: MjModel,
  joint: number,
  ofChild: Quaternion,
  motorTorque: number | null,
  name: string,
): JointAxis {
  // Whether there are limits cannot be read through the bindings; without, the range is empty.
  const [low, high] = model.jnt_range.subarray(2 * joint, 2 * joint + 2)
  return {
    name,
    direction: rotateBack(ofChild, triple(model.jnt_axis, joint)),
    limits: low < high ? [low, high] : null,
    damping: model.dof_damping[model.jnt_dofadr[joint]],
    motorTorque,
  }
}

/** By joint; those that are coupled to a driven one are driven as well. */
function motorTorques(model: MjModel): Map<number, number> {
  const torques = new Map<number, number>()
  for (let id = 0; id < model.nu; id++) {
    const most = (range: Float64Array) => Math.max(...range.subarray(2 * id, 2 * id + 2).map(Math.abs))
    const torque = most(model.actuator_forcerange) || most(model.actuator_ctrlrange)
    if (model.actuator_trntype[id] === 0 && torque > 0) torques.set(model.actuator_trnid[2 * id], torque)
  }
  for (let id = 0; id < model.neq; id++) {
    if (equalityKinds[model.eq_type[id]] !== 'joint') continue
    const [follower, leader] = [model.eq_obj1id[id], model.eq_obj2id[id]]
    const torque = torques.get(leader)
    if (torque !== undefined) torques.set(follower, torque)
  }
  return torques
}

/** What closes chains: two sites, each of a body of the scene, that are kept at one place. */
function pinsOf(model: MjModel, bodies: SceneBodies): Joint[] {
  return Array.from({ length: model.neq }, (_, id) => id).flatMap((id): Joint[] => {
    if (equalityKinds[model.eq_type[id]] !== 'connect') return []
    const [one, other] = [model.eq_obj1id[id], model.eq_obj2id[id]]
    const parent = bodies.get(model.site_bodyid[one])
    const child = bodies.get(model.site_bodyid[other])
    if (parent === undefined || child === undefined) return []
    return [
      {
        name: `${parent} to ${child}`,
        kind: 'ball',
        parent,
        child,
        anchorInParent: triple(model.site_pos, one),
        anchorInChild: triple(model.site_pos, other),
        rotation: [1, 0, 0, 0],
        axes: [],
      },
    ]
  })
}

function triple(array: Float64Array, index: number): Vector {
  const [x = 0, y = 0, z = 0] = array.subarray(3 * index, 3 * index + 3)
  return [x, y, z]
}

function four(array: Float64Array, index: number): Quaternion {
  const [w = 1, x = 0, y = 0, z = 0] = array.subarray(4 * index, 4 * index + 4)
  return [w, x, y, z]
}

function add(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

function multiply([w, x, y, z]: Quaternion, [v, a, b, c]: Quaternion): Quaternion {
  return [
    w * v - x * a - y * b - z * c,
    w * a + x * v + y * c - z * b,
    w * b - x * c + y * v + z * a,
    w * c + x * b - y * a + z * v,
  ]
}

function rotate([w, x, y, z]: Quaternion, [px, py, pz]: Vector): Vector {
  const [tx, ty, tz] = [2 * (y * pz - z * py), 2 * (z * px - x * pz), 2 * (x * py - y * px)]
  return [px + w * tx + y * tz - z * ty, py + w * ty + z * tx - x * tz, pz + w * tz + x * ty - y * tx]
}

function rotateBack([w, x, y, z]: Quaternion, point: Vector): Vector {
  return rotate([w, -x, -y, -z], point)
}
