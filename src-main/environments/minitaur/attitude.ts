/** Roll and pitch (ZYX angles, rad) of an attitude, and their rates: the angular velocity about the world's x and y axes, rad/s. */
export function attitude(
  [w = 1, x = 0, y = 0, z = 0]: Float64Array,
  [spinX = 0, spinY = 0, spinZ = 0]: Float64Array = new Float64Array(3),
) {
  return {
    roll: Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)),
    pitch: Math.asin(Math.min(1, Math.max(-1, 2 * (w * y - z * x)))),
    // MuJoCo gives the spin in the body's frame.
    rollRate: (1 - 2 * (y * y + z * z)) * spinX + 2 * (x * y - w * z) * spinY + 2 * (x * z + w * y) * spinZ,
    pitchRate: 2 * (x * y + w * z) * spinX + (1 - 2 * (x * x + z * z)) * spinY + 2 * (y * z - w * x) * spinZ,
  }
}
