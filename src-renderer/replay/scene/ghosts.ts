import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js'
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js'
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js'
import '@babylonjs/core/Meshes/thinInstanceMesh.js'
import { type Outcome, POSE_SIZE } from '../../../src-main/contract/index.ts'
import { movingBodies } from '../moving-bodies.ts'
import { groupByMaterial } from './bodies.ts'
import type { SceneContext, SceneLayer } from './layer.ts'
import type { Colour } from './look.ts'
import { Materials } from './materials.ts'
import { mergeShapes } from './shapes.ts'
import { stretchMatrix } from './trail.ts'

export interface GhostShown {
  /** Moving bodies x POSE_SIZE. */
  poses: Float32Array
  /** Of its main body: frames x 3. The same array as long as it is the same ghost. */
  path: Float32Array
  outcome: Outcome
}

/** More stretches of all ways together would not be told apart. */
const mostStretches = 20_000

/** Further episodes as translucent bodies, and their ways in the colours of their outcomes. However many, each part is drawn at once. */
export function createGhosts(context: SceneContext): SceneLayer<readonly GhostShown[]> {
  const { scene, description, look, extent } = context
  const colours: Record<Outcome, Colour> = {
    failure: look.failure,
    success: look.success,
    timeout: look.timeout,
  }
  const bodyMaterial = new Materials(scene, look).of({ material: 'agent', colour: [1, 1, 1] })
  const parts = movingBodies(description).flatMap(({ name, geometries }, body) =>
    groupByMaterial(geometries).map((group) => ({
      body,
      mesh: prepare(mergeShapes(`ghosts of ${name}`, group, scene)),
    })),
  )
  for (const { mesh } of parts) mesh.material = bodyMaterial
  const line = prepare(CreateCylinder('ghosts, ways', { diameter: 1, height: 1, tessellation: 6 }, scene))
  // Instances bring their own colours, which multiply the material's diffuse one.
  const lineMaterial = new Materials(scene, look).of({ material: 'agent', colour: [1, 1, 1] })
  lineMaterial.specularColor.set(0, 0, 0)
  line.material = lineMaterial
  let drawnPaths: readonly Float32Array[] = []

  function drawPaths(ghosts: readonly GhostShown[]): void {
    const paths = ghosts.map(({ path }) => path)
    if (paths.length === drawnPaths.length && paths.every((path, index) => path === drawnPaths[index])) return
    drawnPaths = paths
    const total = paths.reduce((sum, path) => sum + path.length / 3 - 1, 0)
    const stride = Math.max(1, Math.ceil(total / mostStretches))
    const stretches = ghosts.flatMap(({ path, outcome }) => stretchesOf(path, stride, colours[outcome]))
    line.setEnabled(stretches.length > 0)
    if (stretches.length === 0) return
    const matrices = new Float32Array(stretches.length * 16)
    for (const [index, { from, to }] of stretches.entries())
      stretchMatrix(from, to, extent * 0.0012).copyToArray(matrices, index * 16)
    line.thinInstanceSetBuffer('matrix', matrices, 16, false)
    line.thinInstanceSetBuffer('color', colourBuffer(stretches.map(({ colour }) => colour)), 4, false)
  }

  return {
    update(ghosts) {
      drawPaths(ghosts)
      for (const { mesh } of parts) mesh.setEnabled(ghosts.length > 0)
      if (ghosts.length === 0) return
      // Many together would hide what they stand on.
      bodyMaterial.alpha = Math.max(0.08, 0.45 / Math.sqrt(ghosts.length))
      lineMaterial.alpha = Math.max(0.25, 0.9 / Math.sqrt(ghosts.length))
      const shades = colourBuffer(ghosts.map(({ outcome }) => colours[outcome]))
      for (const { body, mesh } of parts) {
        const matrices = new Float32Array(ghosts.length * 16)
        for (const [index, { poses }] of ghosts.entries())
          poseMatrix(poses, body * POSE_SIZE).copyToArray(matrices, index * 16)
        mesh.thinInstanceSetBuffer('matrix', matrices, 16, false)
        mesh.thinInstanceSetBuffer('color', shades.slice(), 4, false)
      }
    },
    dispose() {
      for (const { mesh } of parts) mesh.dispose(false, true)
      line.dispose(false, true)
    },
  }
}

function prepare(mesh: Mesh): Mesh {
  mesh.isPickable = false
  mesh.alwaysSelectAsActiveMesh = true
  mesh.setEnabled(false)
  return mesh
}

function stretchesOf(path: Float32Array, stride: number, colour: Colour) {
  const stretches: { from: Vector3; to: Vector3; colour: Colour }[] = []
  const last = path.length / 3 - 1
  for (let frame = 0; frame < last; frame += stride) {
    const next = Math.min(last, frame + stride)
    stretches.push({
      from: Vector3.FromArray(path, frame * 3),
      to: Vector3.FromArray(path, next * 3),
      colour,
    })
  }
  return stretches
}

function poseMatrix(poses: Float32Array, offset: number): Matrix {
  const [x = 0, y = 0, z = 0, w = 1, qx = 0, qy = 0, qz = 0] = poses.subarray(offset, offset + POSE_SIZE)
  return Matrix.Compose(Vector3.One(), new Quaternion(qx, qy, qz, w), new Vector3(x, y, z))
}

function colourBuffer(colours: readonly Colour[]): Float32Array {
  return Float32Array.from(colours.flatMap((colour) => [...colour, 1]))
}
