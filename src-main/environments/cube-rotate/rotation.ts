/** Angles about x, then the turned y, then the twice turned z; rad. */
export type Euler = readonly [number, number, number]

/** Of a unit quaternion w, x, y, z. The middle angle stays within a quarter turn, where the other two are one angle only. */
export function eulerOf([w = 1, x = 0, y = 0, z = 0]: ArrayLike<number> & Iterable<number>): Euler {
  return [
    Math.atan2(2 * (w * x - y * z), 1 - 2 * (x * x + y * y)),
    Math.asin(Math.min(1, Math.max(-1, 2 * (x * z + w * y)))),
    Math.atan2(2 * (w * z - x * y), 1 - 2 * (y * y + z * z)),
  ]
}

export function quaternionOf([x, y, z]: Euler): [number, number, number, number] {
  const [sx, cx] = [Math.sin(x / 2), Math.cos(x / 2)]
  const [sy, cy] = [Math.sin(y / 2), Math.cos(y / 2)]
  const [sz, cz] = [Math.sin(z / 2), Math.cos(z / 2)]
  return [
    cx * cy * cz - sx * sy * sz,
    sx * cy * cz + cx * sy * sz,
    cx * sy * cz - sx * cy * sz,
    cx * cy * sz + sx * sy * cz,
  ]
}

/** The same attitude, written with each angle within half a turn of the goal's: a cube that turns past the goal does not jump to the other side. */
export function unwrapAround(goal: Euler, [x, y, z]: Euler): Euler {
  return [nearest(goal[0], x), nearest(goal[1], y), nearest(goal[2], z)]
}

const nearest = (goal: number, angle: number): number =>
  angle + 2 * Math.PI * Math.round((goal - angle) / (2 * Math.PI))

/** Norm of the differences of the three angles, rad: what the reward counts. */
export function orientationError(goal: Euler, euler: Euler): number {
  const [x, y, z] = unwrapAround(goal, euler)
  return Math.hypot(x - goal[0], y - goal[1], z - goal[2])
}
