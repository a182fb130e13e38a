import { Constants } from '@babylonjs/core/Engines/constants.js'
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture.js'
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js'
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js'
import { Mesh } from '@babylonjs/core/Meshes/mesh.js'
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js'
import '@babylonjs/core/Meshes/thinInstanceMesh.js'
import type { FloorRegion } from '../../../src-main/contract/index.ts'
import { contourOf } from '../contour.ts'
import { riskColour } from '../risk-colours.ts'
import type { SceneContext, SceneLayer } from './layer.ts'
import { Materials } from './materials.ts'
import { stretchMatrix } from './trail.ts'

/** Q_safe over the floor. */
export interface FieldShown {
  columns: number
  rows: number
  /** rows x columns, row 0 at the lowest y; NaN where nothing can be. */
  qSafe: Float32Array
  epsilonSafe: number
  /** Of the checkpoint whose opinion it is. */
  step: number
}

/** The heat map, and the threshold as a line on it. */
export function createField(context: SceneContext, region: FloorRegion): SceneLayer<FieldShown | null> {
  const { scene, look, extent } = context
  const z = region.z + extent * 1.5e-4
  const material = new Materials(scene, look).flat('field', [0, 0, 0])
  const floor = new Mesh('field', scene)
  rectangle(region, z).applyToMesh(floor)
  floor.material = material
  const line = CreateCylinder('threshold', { diameter: 1, height: 1, tessellation: 6 }, scene)
  line.material = new Materials(scene, look).flat('threshold', [0, 0, 0])
  line.alwaysSelectAsActiveMesh = true
  // Under everything else that is translucent.
  floor.alphaIndex = 0
  for (const mesh of [floor, line]) {
    mesh.isPickable = false
    mesh.setEnabled(false)
  }
  let texture: RawTexture | null = null

  return {
    update(shown) {
      floor.setEnabled(shown !== null)
      line.setEnabled(false)
      if (shown === null) return
      texture?.dispose()
      texture = RawTexture.CreateRGBATexture(
        toPixels(shown),
        shown.columns,
        shown.rows,
        scene,
        false,
        false,
        Constants.TEXTURE_BILINEAR_SAMPLINGMODE,
      )
      texture.hasAlpha = true
      texture.wrapU = Constants.TEXTURE_CLAMP_ADDRESSMODE
      texture.wrapV = Constants.TEXTURE_CLAMP_ADDRESSMODE
      material.emissiveTexture = texture
      material.opacityTexture = texture
      const matrices = contourMatrices(shown, region, z, extent * 0.0022)
      if (matrices.length === 0) return
      line.setEnabled(true)
      line.thinInstanceSetBuffer('matrix', matrices, 16, false)
    },
    dispose() {
      texture?.dispose()
      floor.dispose(false, true)
      line.dispose(false, true)
    },
  }
}

function rectangle({ low, high }: FloorRegion, z: number): VertexData {
  const data = new VertexData()
  data.positions = [low[0], low[1], z, high[0], low[1], z, high[0], high[1], z, low[0], high[1], z]
  data.normals = [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]
  data.uvs = [0, 0, 1, 0, 1, 1, 0, 1]
  data.indices = [0, 1, 2, 0, 2, 3]
  return data
}

function toPixels({ qSafe }: FieldShown): Uint8Array {
  const pixels = new Uint8Array(qSafe.length * 4)
  for (const [index, risk] of qSafe.entries())
    if (!Number.isNaN(risk)) pixels.set([...riskColour(risk), 245], index * 4)
  return pixels
}

function contourMatrices(
  field: FieldShown,
  { low, high }: FloorRegion,
  z: number,
  width: number,
): Float32Array {
  const { columns, rows, qSafe, epsilonSafe } = field
  const place = (column: number, row: number) =>
    new Vector3(
      low[0] + ((column + 0.5) / columns) * (high[0] - low[0]),
      low[1] + ((row + 0.5) / rows) * (high[1] - low[1]),
      z,
    )
  const stretches = contourOf(qSafe, columns, rows, epsilonSafe)
  const matrices = new Float32Array(stretches.length * 16)
  for (const [index, [x, y, toX, toY]] of stretches.entries())
    stretchMatrix(place(x, y), place(toX, toY), width).copyToArray(matrices, index * 16)
  return matrices
}
