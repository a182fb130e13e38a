import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js'
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js'
import '@babylonjs/core/Meshes/thinInstanceMesh.js'
import type { Vector } from '../../../src-main/contract/index.ts'
import type { SceneContext, SceneLayer } from './layer.ts'
import type { Colour } from './look.ts'
import { Materials } from './materials.ts'
import { stretchMatrix } from './trail.ts'

/** Actions as arrows from where the main body is; each vector goes to its arrow's tip. */
export interface ArrowsShown {
  origin: Vector
  chosen: Vector[]
  allowed: Vector[]
  masked: Vector[]
}

/** As in Figure 6 of the paper: the action taken black, allowed candidates grey, masked ones red. */
export function createArrows(context: SceneContext): SceneLayer<ArrowsShown | null> {
  const { look, extent } = context
  const width = extent * 0.0022
  // The higher lies on top where arrows cross.
  const groups = {
    masked: createArrowGroup(context, 'masked arrows', look.masked, width, 0),
    allowed: createArrowGroup(context, 'allowed arrows', look.allowed, width, extent * 0.001),
    chosen: createArrowGroup(context, 'chosen arrow', look.chosen, width * 2.2, extent * 0.003),
  }
  return {
    update(shown) {
      for (const kind of ['masked', 'allowed', 'chosen'] as const)
        groups[kind].update(shown ? shown[kind].map((along) => ({ from: shown.origin, along })) : [])
    },
    dispose() {
      for (const group of Object.values(groups)) group.dispose()
    },
  }
}

export interface Arrow {
  from: Vector
  along: Vector
}

/** @param renderingGroup larger: drawn over what has a smaller one. */
export function createArrowGroup(
  { scene, look }: SceneContext,
  name: string,
  colour: Colour,
  width: number,
  lift: number,
  renderingGroup = 0,
): SceneLayer<readonly Arrow[]> {
  const material = new Materials(scene, look).flat(name, colour)
  const shaft = CreateCylinder(name, { diameter: 1, height: 1, tessellation: 8 }, scene)
  const head = CreateCylinder(
    `${name}, heads`,
    { diameterTop: 0, diameterBottom: 1, height: 1, tessellation: 12 },
    scene,
  )
  for (const mesh of [shaft, head]) {
    mesh.material = material
    mesh.isPickable = false
    mesh.alwaysSelectAsActiveMesh = true
    mesh.renderingGroupId = renderingGroup
    mesh.setEnabled(false)
  }
  return {
    update(arrows) {
      const isShown = arrows.length > 0
      shaft.setEnabled(isShown)
      head.setEnabled(isShown)
      if (!isShown) return
      const shafts = new Float32Array(arrows.length * 16)
      const heads = new Float32Array(arrows.length * 16)
      for (const [index, arrow] of arrows.entries()) {
        const from = Vector3.FromArray(arrow.from).addInPlaceFromFloats(0, 0, lift)
        const along = Vector3.FromArray(arrow.along)
        const length = along.length()
        const headLength = Math.min(width * 5, length * 0.5)
        const neck = from.add(along.scale(length === 0 ? 0 : 1 - headLength / length))
        stretchMatrix(from, neck, width).copyToArray(shafts, index * 16)
        headMatrix(neck, from.add(along), headLength, width * 3.2).copyToArray(heads, index * 16)
      }
      shaft.thinInstanceSetBuffer('matrix', shafts, 16, false)
      head.thinInstanceSetBuffer('matrix', heads, 16, false)
    },
    dispose() {
      shaft.dispose(false, true)
      head.dispose()
    },
  }
}

function headMatrix(neck: Vector3, tip: Vector3, length: number, width: number): Matrix {
  const rotation = new Quaternion()
  const along = tip.subtract(neck)
  if (length > 1e-9) Quaternion.FromUnitVectorsToRef(Vector3.Up(), along.scale(1 / along.length()), rotation)
  return Matrix.Compose(new Vector3(width, length, width), rotation, Vector3.Center(neck, tip))
}
