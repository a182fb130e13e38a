import { POSE_SIZE, type SceneDescription, type Vector } from '../../src-main/contract/index.ts'
import { movingBodies } from '../replay/moving-bodies.ts'

/** Of the scene's unit, so that bounds stay the same while a robot stands a little otherwise. */
const STEPS_PER_UNIT = 20

/** A robot's scene with nothing around the robot: as it stands it fills the picture. A map stays as it is. */
export function closeScene(scene: SceneDescription, poses: readonly number[]): SceneDescription {
  if (scene.field !== null) return scene
  const low: Vector = [Infinity, Infinity, 0]
  const high: Vector = [-Infinity, -Infinity, 0]
  for (const [index, { geometries }] of movingBodies(scene).entries()) {
    const place = poses.slice(index * POSE_SIZE, index * POSE_SIZE + 3)
    // However the body is turned, it stays within this.
    const reach = Math.max(
      0,
      ...geometries.map(({ position, size }) => Math.hypot(...position) + Math.max(...size)),
    )
    for (const axis of [0, 1, 2] as const) {
      low[axis] = Math.min(low[axis], (place[axis] ?? 0) - reach)
      high[axis] = Math.max(high[axis], (place[axis] ?? 0) + reach)
    }
  }
  if (!low.every(Number.isFinite)) return scene
  const floor = (value: number) => Math.floor(value * STEPS_PER_UNIT) / STEPS_PER_UNIT
  const ceiling = (value: number) => Math.ceil(value * STEPS_PER_UNIT) / STEPS_PER_UNIT
  return {
    ...scene,
    low: [floor(low[0]), floor(low[1]), Math.min(0, floor(low[2]))],
    high: [ceiling(high[0]), ceiling(high[1]), ceiling(high[2])],
  }
}

/** What of a scene is drawn: masses are not. */
export function drawnParts(scene: SceneDescription): string {
  return JSON.stringify({
    ...scene,
    joints: scene.joints.length,
    bodies: scene.bodies.map(({ name, massKilograms, geometries }) => [
      name,
      massKilograms === null,
      geometries,
    ]),
  })
}
