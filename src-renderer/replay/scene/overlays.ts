import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js'
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js'
import '@babylonjs/core/Meshes/thinInstanceMesh.js'
import type { Vector } from '../../../src-main/contract/index.ts'
import type { OverlaysShown } from '../overlays.ts'
import { createArrowGroup } from './arrows.ts'
import { limbOf, type SceneContext, type SceneLayer } from './layer.ts'
import type { Colour } from './look.ts'
import { Materials } from './materials.ts'

/** Limbs long that a force as large as the main body's weight is drawn, and the most that any is. */
const weightLength = 2
const mostLength = 5
const gravity = 9.81
/** Drawn after the bodies and over them. */
const onTop = 1

/** Contacts with their forces, the centre of mass, and the joints: seen through the bodies that they are in. */
export function createOverlays(context: SceneContext): SceneLayer<OverlaysShown | null> {
  const { description, look, extent } = context
  const limb = limbOf(description) ?? extent * 0.03
  const main = description.bodies.find(({ name }) => name === description.mainBody)
  const scale = (weightLength * limb) / ((main?.massKilograms ?? 1) * gravity)
  const points = createDots(context, 'contacts', look.accent, limb * 0.075)
  const forces = createArrowGroup(context, 'contact forces', look.accent, limb * 0.045, 0, onTop)
  const centre = createDots(context, 'centre of mass', look.text, limb * 0.11)
  const free = createDots(context, 'joints', look.timeout, limb * 0.065)
  const atLimit = createDots(context, 'joints at their limits', look.failure, limb * 0.09)
  const layers = [points, forces, centre, free, atLimit]

  return {
    update(shown) {
      const { contacts = [], centreOfMass = null, joints = [] } = shown ?? {}
      const touching = contacts.filter(({ force }) => Math.hypot(...force) > 0)
      points.update(touching.map(({ at }) => at))
      forces.update(
        touching.map(({ at, force: [x, y, z] }) => {
          const factor = Math.min(scale, (mostLength * limb) / Math.hypot(x, y, z))
          return { from: at, along: [x * factor, y * factor, z * factor] }
        }),
      )
      centre.update(centreOfMass === null ? [] : [centreOfMass])
      free.update(joints.filter(({ isAtLimit }) => !isAtLimit).map(({ at }) => at))
      atLimit.update(joints.filter(({ isAtLimit }) => isAtLimit).map(({ at }) => at))
    },
    dispose() {
      for (const layer of layers) layer.dispose()
    },
  }
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
