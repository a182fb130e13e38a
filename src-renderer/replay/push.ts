import type { SceneDescription, Vector } from '../../src-main/contract/index.ts'
import { formatMark } from '../text/numbers.ts'
import { limbOf } from './limb.ts'

/** An impulse on the main body. */
export interface Push {
  /** N s. */
  strength: number
  /** Degrees about the vertical: 0 along x, 90 along y. */
  azimuth: number
  /** Degrees above the floor. */
  elevation: number
}

export const noPush: Push = { strength: 0, azimuth: 0, elevation: 0 }

/** An arrow from a point along a vector. */
export interface PushShown {
  from: Vector
  along: Vector
}

/** Limbs long that the largest push is drawn, and the shortest that any is. */
const longest = 7
const shortest = 2.5

/** N s along x, y and z; undefined: no push. */
export function impulseOf({ strength, azimuth, elevation }: Push): Vector | undefined {
  if (strength === 0) return undefined
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const flat = strength * Math.cos(radians(elevation))
  const components = [
    flat * Math.cos(radians(azimuth)),
    flat * Math.sin(radians(azimuth)),
    strength * Math.sin(radians(elevation)),
  ]
  const [x = 0, y = 0, z = 0] = components.map((value) => Number(value.toFixed(6)))
  return [x, y, z]
}

/** The arrow that a push is drawn as; its tip is where it acts. */
export function pushArrow(
  scene: SceneDescription,
  [pushX, pushY, pushZ]: Vector,
  [x, y, z]: Vector,
): PushShown | null {
  const strength = Math.hypot(pushX, pushY, pushZ)
  const limb = limbOf(scene)
  if (strength === 0 || scene.largestPush === null || limb === null) return null
  const length = limb * (shortest + (longest - shortest) * Math.min(1, strength / scene.largestPush))
  const along: Vector = [
    (pushX * length) / strength,
    (pushY * length) / strength,
    (pushZ * length) / strength,
  ]
  return { from: [x - along[0], y - along[1], z - along[2]], along }
}

/** As an address has it, such as 5,90,0. @param largest the scene's; what lies beyond is left out. */
export function pushFromText(text: unknown, largest: number | null): Push {
  const numbers = typeof text === 'string' && text !== '' ? text.split(',').map(Number) : []
  const [strength = 0, azimuth = 0, elevation = 0] = numbers
  const isWhole = numbers.every(Number.isFinite) && Math.abs(azimuth) <= 180 && Math.abs(elevation) <= 90
  return isWhole && strength >= 0 && strength <= (largest ?? 0) ? { strength, azimuth, elevation } : noPush
}

export function pushToText({ strength, azimuth, elevation }: Push): string | undefined {
  return strength === 0 ? undefined : [strength, azimuth, elevation].join()
}

/** Such as: pushed by 5 N s towards 90°. */
export function describePush({ strength, azimuth, elevation }: Push): string {
  const upwards =
    elevation === 0 ? '' : `, ${Math.abs(elevation)}° ${elevation > 0 ? 'upwards' : 'downwards'}`
  return `pushed by ${formatMark(strength)} N s towards ${formatMark(azimuth)}°${upwards}`
}
