import { CreateTorus } from '@babylonjs/core/Meshes/Builders/torusBuilder.js'
import type { Vector } from '../../../src-main/contract/index.ts'
import type { SceneContext, SceneLayer } from './layer.ts'
import { Materials } from './materials.ts'

/** A ring around the place where the main body failed. */
export function createFailureMark(context: SceneContext): SceneLayer<Vector | null> {
  const { scene, look, extent } = context
  const ring = CreateTorus(
    'failure',
    { diameter: extent * 0.085, thickness: extent * 0.005, tessellation: 64 },
    scene,
  )
  // A torus lies in the plane of x and z.
  ring.rotation.x = Math.PI / 2
  ring.material = new Materials(scene, look).flat('failure', look.failure)
  ring.isPickable = false
  ring.setEnabled(false)
  return {
    update(place) {
      ring.setEnabled(place !== null)
      if (place !== null) ring.position.set(...place)
    },
    dispose() {
      ring.dispose(false, true)
    },
  }
}
