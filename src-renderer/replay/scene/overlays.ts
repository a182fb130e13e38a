import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js'
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js'
import '@babylonjs/core/Meshes/thinInstanceMesh.js'
import type { Vector } from '../../../src-main/contract/index.ts'
import { overlaySizes } from '../overlay-sizes.ts'
import type { OverlaysShown } from '../overlays.ts'
import { type Arrow, createArrowGroup } from './arrows.ts'
import type { SceneContext, SceneLayer } from './layer.ts'
import type { Colour } from './look.ts'
import { Materials } from './materials.ts'

/** Drawn after the bodies and over them. */
const onTop = 1

/** Contacts with their forces, the centre of mass, and the joints: seen through the bodies that they are in. */
export function createOverlays(context: SceneContext): SceneLayer<OverlaysShown | null> {
  const { description, look, extent } = context
  const sizes = overlaySizes(description, extent)
  const points = createDots(context, 'contacts', look.accent, sizes.contact)
  const forces = createArrowGroup(context, 'contact forces', look.accent, sizes.force, 0, onTop)
  const centre = createDots(context, 'centre of mass', look.text, sizes.centreOfMass)
  const free = createDots(context, 'joints', look.timeout, sizes.joint)
  const atLimit = createDots(context, 'joints at their limits', look.failure, sizes.jointAtLimit)
  const layers = [points, forces, centre, free, atLimit]

  return {
    update(shown) {
      const { contacts = [], centreOfMass = null, joints = [] } = shown ?? {}
      const arrows = sizes.forceArrows(contacts)
      points.update(arrows.map(({ from }) => from))
      forces.update(arrows)
      centre.update(centreOfMass === null ? [] : [centreOfMass])
      free.update(joints.filter(({ isAtLimit }) => !isAtLimit).map(({ at }) => at))
      atLimit.update(joints.filter(({ isAtLimit }) => isAtLimit).map(({ at }) => at))
    },
    dispose() {
      for (const layer of layers) layer.dispose()
    },
  }
}

/** A push, seen through the body that it meets. */
export function createImpulse(context: SceneContext): SceneLayer<readonly Arrow[]> {
  const { description, look, extent } = context
  return createArrowGroup(context, 'push', look.chosen, overlaySizes(description, extent).push, 0, onTop)
}

function createDots(
  { scene, look }: SceneContext,
  name: string,
  colour: Colour,
  radius: number,
): SceneLayer<readonly Vector[]> {
  const mesh = CreateSphere(name, { diameter: 2 * radius, segments: 10 }, scene)
  mesh.material = new Materials(scene, look).flat(name, colour)
  mesh.isPickable = false
  mesh.alwaysSelectAsActiveMesh = true
  mesh.renderingGroupId = onTop
  mesh.setEnabled(false)
  return {
    update(places) {
      mesh.setEnabled(places.length > 0)
      if (places.length === 0) return
      const matrices = new Float32Array(places.length * 16)
      for (const [index, place] of places.entries())
        Matrix.Compose(Vector3.One(), Quaternion.Identity(), Vector3.FromArray(place)).copyToArray(
          matrices,
          index * 16,
        )
      mesh.thinInstanceSetBuffer('matrix', matrices, 16, false)
    },
    dispose() {
      mesh.dispose(false, true)
    },
  }
}
