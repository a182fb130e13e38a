import type { Body, SceneDescription } from '../../src-main/contract/index.ts'

/** In the order in which a replay's poses and velocities stand. */
export function movingBodies({ bodies }: SceneDescription): Body[] {
  return bodies.filter(({ massKilograms }) => massKilograms !== null)
}

/** Where the main body stands among the moving ones; null where it does not move. */
export function mainMovingBody(scene: SceneDescription): number | null {
  const index = movingBodies(scene).findIndex(({ name }) => name === scene.mainBody)
  return index < 0 ? null : index
}
