import type { Scene } from '@babylonjs/core/scene.js'
import type { SceneDescription } from '../../../src-main/contract/index.ts'
import type { SceneLook } from './look.ts'

/** One thing that a scene shows. It is built once, told what to show as often as that changes, and taken away. */
export interface SceneLayer<Shown> {
  update(shown: Shown): void
  dispose(): void
}

/** What every layer is built from. */
export interface SceneContext {
  scene: Scene
  description: SceneDescription
  look: SceneLook
  /** Diagonal of the scene, in its unit: what line widths and marks are measured by. */
  extent: number
}

/** Between two joints of a robot on average, in the scene's unit: what marks on it are measured by; null: there are none. */
export function limbOf({ joints }: SceneDescription): number | null {
  if (joints.length === 0) return null
  return joints.reduce((sum, { anchorInParent }) => sum + Math.hypot(...anchorInParent), 0) / joints.length
}

export function extentOf({ low, high }: Pick<SceneDescription, 'low' | 'high'>): number {
  return Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2])
}
