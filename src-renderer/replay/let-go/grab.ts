import type { Vector } from '../../../src-main/contract/index.ts'
import { rotate, rotateBack } from '../rotations.ts'

/** A body that the pointer holds at a point of its own and draws towards a point of the world. */
export interface Grab {
  body: number
  /** In the body's frame. */
  hold: Vector
  towards: Vector
}

/** Of the spring between hold and pointer: per second squared, and critically damped. */
const stiffness = 60
const damping = 2 * Math.sqrt(stiffness)
/** Per kilogram; what a hand would do, not a catapult. */
const mostForce = 80

/**
 * Newtons that draw the hold towards the pointer.
 * @param at where the hold is in the world, and where it was `seconds` before.
 */
export function drawingForce(
  at: Vector,
  before: Vector,
  seconds: number,
  towards: Vector,
  mass: number,
): Vector {
  const force = ([0, 1, 2] as const).map((axis) => {
    const speed = (at[axis] - before[axis]) / seconds
    return mass * (stiffness * (towards[axis] - at[axis]) - damping * speed)
  })
  const size = Math.hypot(...force)
  const scale = size > mostForce * mass ? (mostForce * mass) / size : 1
  const [x = 0, y = 0, z = 0] = force
  return [x * scale, y * scale, z * scale]
}

/** @param pose x, y, z, then the quaternion w, x, y, z. */
export function toWorld(pose: Float32Array, point: Vector): Vector {
  const [x = 0, y = 0, z = 0, w = 1, qx = 0, qy = 0, qz = 0] = pose
  const [rx, ry, rz] = rotate([w, qx, qy, qz], point)
  return [x + rx, y + ry, z + rz]
}

export function toBody(pose: Float32Array, point: Vector): Vector {
  const [x = 0, y = 0, z = 0, w = 1, qx = 0, qy = 0, qz = 0] = pose
  return rotateBack([w, qx, qy, qz], [point[0] - x, point[1] - y, point[2] - z])
}
