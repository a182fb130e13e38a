/** Legs in the order front left, back left, front right, back right; each has two motors, left before right. */
export const LEGS = ['front_left', 'back_left', 'front_right', 'back_right'] as const
export const MOTORS = LEGS.flatMap((leg) =>
  leg.endsWith('left') ? [`${leg}_outer`, `${leg}_inner`] : [`${leg}_inner`, `${leg}_outer`],
)

/** Extension of all legs around which actions move them; rad. */
export const REFERENCE_EXTENSION = 2

/** Left legs mirror right ones, so that a positive swing moves every foot backwards. */
const sideOf = (leg: number): number => (leg < 2 ? 1 : -1)

/**
 * Motor angles (8, rad) of a pose in leg space.
 * @param pose swing of the four legs, then their extension; rad.
 */
export function motorAngles(pose: ArrayLike<number>): Float64Array {
  const angles = new Float64Array(8)
  for (let leg = 0; leg < 4; leg++) {
    const swing = sideOf(leg) * (pose[leg] ?? 0)
    const extension = pose[4 + leg] ?? 0
    angles[2 * leg] = extension - swing
    angles[2 * leg + 1] = extension + swing
  }
  return angles
}

/** Pose in leg space of motor angles: four swings, four extensions; the inverse of `motorAngles`. */
export function legPose(angles: ArrayLike<number>): Float64Array {
  const pose = new Float64Array(8)
  for (let leg = 0; leg < 4; leg++) {
    const left = angles[2 * leg] ?? 0
    const right = angles[2 * leg + 1] ?? 0
    pose[leg] = (sideOf(leg) * (right - left)) / 2
    pose[4 + leg] = (left + right) / 2
  }
  return pose
}
