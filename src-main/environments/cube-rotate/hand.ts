import type { Simulator } from '../mujoco.ts'

const FINGERS = ['FF', 'MF', 'RF', 'LF']

/** In the order of the model: the wrist, four fingers from the hand to the tip, the thumb. */
export const JOINTS = [
  'WRJ1',
  'WRJ0',
  ...FINGERS.flatMap((finger) => [
    ...(finger === 'LF' ? ['LFJ4'] : []),
    ...[3, 2, 1, 0].map((number) => `${finger}J${number}`),
  ]),
  ...[4, 3, 2, 1, 0].map((number) => `THJ${number}`),
]

/** The joints that a motor turns: the last joint of a finger hangs on the one before it. */
export const MOTORS = JOINTS.filter(
  (joint) => joint.startsWith('TH') || joint.startsWith('WR') || !joint.endsWith('0'),
)

/** Angles of the joints; place, orientation, velocity and spin of the cube; orientation of the goal. */
export const OBSERVATION = JOINTS.length + 15

/** rad per control step that a motor's target may be away from where its joint is: 3 rad/s. */
const LARGEST_MOVE = 0.3

/**
 * Turns actions into the angles that the motors are to hold: 0 is the grasp that the key frame asks for, -1 and 1 are the ends of each motor's range.
 */
export class HandControl {
  readonly #simulator: Simulator
  readonly #joints: readonly number[]
  readonly #low: Float64Array
  readonly #middle: Float64Array
  readonly #high: Float64Array

  constructor(simulator: Simulator) {
    const { actuator_ctrlrange, key_ctrl } = simulator.model
    const end = (offset: number) =>
      Float64Array.from(MOTORS, (_, motor) => actuator_ctrlrange[2 * motor + offset] ?? 0)
    this.#simulator = simulator
    this.#joints = MOTORS.map((name) => simulator.hinge(name).position)
    this.#low = end(0)
    this.#high = end(1)
    this.#middle = Float64Array.from(MOTORS, (_, motor) => key_ctrl[motor] ?? 0)
  }

  /** Sets the motors' targets for the coming control step. */
  apply(action: ArrayLike<number>): void {
    const { positions, controls } = this.#simulator
    for (const [motor, joint] of this.#joints.entries()) {
      const share = action[motor] ?? 0
      const middle = this.#middle[motor] ?? 0
      const end = (share > 0 ? this.#high[motor] : this.#low[motor]) ?? 0
      const target = middle + Math.abs(share) * (end - middle)
      const angle = positions[joint] ?? 0
      controls[motor] = angle + Math.min(LARGEST_MOVE, Math.max(-LARGEST_MOVE, target - angle))
    }
  }
}
