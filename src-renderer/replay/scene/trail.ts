import type { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js'
import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js'
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js'
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js'
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js'
import '@babylonjs/core/Meshes/thinInstanceMesh.js'
import { limbOf } from '../limb.ts'
import type { SceneContext, SceneLayer } from './layer.ts'
import type { Colour } from './look.ts'
import { Materials } from './materials.ts'

export interface TrailShown {
  /** Where the body is in every frame: frames x 3. */
  path: Float32Array
  /** Frames up to here lie behind; the rest is drawn faintly. */
  position: number
  colour: Colour
}

/** More stretches than this are not drawn one by one: a line of a pixel would not show them. */
const mostStretches = 4000

/** The way of the main body: a thin line through its places, a bead for each frame. */
export function createTrail(context: SceneContext): SceneLayer<TrailShown | null> {
  const { scene, description, look, extent } = context
  const materials = new Materials(scene, look)
  const line = (name: string, alpha: number) => {
    const mesh = CreateCylinder(name, { diameter: 1, height: 1, tessellation: 8 }, scene)
    return prepare(mesh, materials.flat(name, look.text, alpha))
  }
  const bead = (name: string, alpha: number) => {
    const mesh = CreateSphere(name, { diameter: 1, segments: 8 }, scene)
    return prepare(mesh, materials.flat(name, look.text, alpha))
  }
  // A robot leaves a finer line than a creature as large as a cell of its map.
  const limb = limbOf(description)
  // Its frames lie so close that beads would make a rope of it.
  const beadWidth = limb === null ? 2.6 : 1.3
  const thickness = limb === null ? extent * 0.0026 : limb * 0.03
  const behind = { line: line('trail', 1), beads: bead('trail beads', 1), width: thickness }
  const ahead = {
    line: line('trail ahead', 0.35),
    beads: bead('trail beads ahead', 0.35),
    width: thickness * 0.6,
  }
  let path: Float32Array | null = null

  return {
    update(shown) {
      for (const { line, beads } of [behind, ahead]) {
        line.mesh.setEnabled(shown !== null)
        beads.mesh.setEnabled(shown !== null)
      }
      if (shown === null) return
      if (path !== shown.path) {
        path = shown.path
        const stretches = stretchesOf(path)
        for (const part of [behind, ahead]) {
          part.line.mesh.thinInstanceSetBuffer('matrix', lineMatrices(stretches, part.width), 16, false)
          part.beads.mesh.thinInstanceSetBuffer(
            'matrix',
            beadMatrices(stretches, part.width * beadWidth),
            16,
            false,
          )
        }
      }
      for (const part of [behind, ahead])
        for (const { material } of [part.line, part.beads])
          material.emissiveColor.set(shown.colour[0], shown.colour[1], shown.colour[2])
      const { line, beads } = behind
      const stride = strideOf(path)
      line.mesh.thinInstanceCount = Math.floor(shown.position / stride)
      beads.mesh.thinInstanceCount = Math.floor(shown.position / stride) + 1
      line.mesh.isVisible = line.mesh.thinInstanceCount > 0
    },
    dispose() {
      for (const { line, beads } of [behind, ahead])
        for (const { mesh } of [line, beads]) mesh.dispose(false, true)
    },
  }
}

function prepare(mesh: Mesh, material: StandardMaterial): { mesh: Mesh; material: StandardMaterial } {
  mesh.material = material
  mesh.isPickable = false
  mesh.alwaysSelectAsActiveMesh = true
  mesh.setEnabled(false)
  return { mesh, material }
}

function strideOf(path: Float32Array): number {
  return Math.max(1, Math.ceil((path.length / 3 - 1) / mostStretches))
}

function stretchesOf(path: Float32Array): Vector3[] {
  const stride = strideOf(path)
  const points: Vector3[] = []
  for (let frame = 0; frame * 3 < path.length; frame += stride)
    points.push(Vector3.FromArray(path, frame * 3))
  return points
}

/** Turns a cylinder along y with height 1 into one from each point to the next. */
export function lineMatrices(points: readonly Vector3[], width: number): Float32Array {
  const matrices = new Float32Array(Math.max(0, points.length - 1) * 16)
  for (const [index, to] of points.slice(1).entries()) {
    const from = points[index] ?? to
    stretchMatrix(from, to, width).copyToArray(matrices, index * 16)
  }
  return matrices
}

export function stretchMatrix(from: Vector3, to: Vector3, width: number): Matrix {
  const along = to.subtract(from)
  const length = along.length()
  const rotation = new Quaternion()
  if (length > 1e-9) Quaternion.FromUnitVectorsToRef(Vector3.Up(), along.scale(1 / length), rotation)
  return Matrix.Compose(new Vector3(width, length, width), rotation, Vector3.Center(from, to))
}

function beadMatrices(points: readonly Vector3[], size: number): Float32Array {
  const matrices = new Float32Array(points.length * 16)
  for (const [index, point] of points.entries())
    Matrix.Compose(new Vector3(size, size, size), Quaternion.Identity(), point).copyToArray(
      matrices,
      index * 16,
    )
  return matrices
}
