import type { Quaternion, Vector } from '../../src-main/contract/index.ts'

export function rotate([w, x, y, z]: Quaternion, [px, py, pz]: Vector): Vector {
  const [tx, ty, tz] = [2 * (y * pz - z * py), 2 * (z * px - x * pz), 2 * (x * py - y * px)]
  return [px + w * tx + y * tz - z * ty, py + w * ty + z * tx - x * tz, pz + w * tz + x * ty - y * tx]
}

export function rotateBack([w, x, y, z]: Quaternion, point: Vector): Vector {
  return rotate([w, -x, -y, -z], point)
}

export function multiply([w, x, y, z]: Quaternion, [v, a, b, c]: Quaternion): Quaternion {
  return [
    w * v - x * a - y * b - z * c,
    w * a + x * v + y * c - z * b,
    w * b - x * c + y * v + z * a,
    w * c + x * b - y * a + z * v,
  ]
}
