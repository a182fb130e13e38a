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

export function extentOf({ low, high }: Pick<SceneDescription, 'low' | 'high'>): number {
  return Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2])
}
