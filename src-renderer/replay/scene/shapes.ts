import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js'
import { CreateBoxVertexData } from '@babylonjs/core/Meshes/Builders/boxBuilder.js'
import { CreateCapsuleVertexData } from '@babylonjs/core/Meshes/Builders/capsuleBuilder.js'
import { CreateCylinderVertexData } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js'
import { CreateGroundVertexData } from '@babylonjs/core/Meshes/Builders/groundBuilder.js'
import { CreateSphereVertexData } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js'
import { Mesh } from '@babylonjs/core/Meshes/mesh.js'
import type { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js'
import type { Scene } from '@babylonjs/core/scene.js'
import type { Geometry, Quaternion as Rotation } from '../../../src-main/contract/index.ts'

/** Babylon's capsules, cylinders and grounds stand along y; a geometry's own axis is z. */
const fromYToZ = Quaternion.RotationAxis(Vector3.Right(), Math.PI / 2)

/** Half extent of a plane that has none. */
const endless = 1000
/** Planes touch without end, whatever their extent; drawn so much larger, their edges are out of sight. */
const planeGrowth = 10

/** One mesh of all the given geometries, in the frame of their body. */
export function mergeShapes(name: string, geometries: readonly Geometry[], scene: Scene): Mesh {
  const mesh = new Mesh(name, scene)
  const [first, ...others] = geometries.map(toVertexData)
  if (first === undefined) return mesh
  if (others.length > 0) first.merge(others, true)
  first.applyToMesh(mesh)
  return mesh
}

export function toQuaternion([w, x, y, z]: Rotation): Quaternion {
  return new Quaternion(x, y, z, w)
}

function toVertexData(geometry: Geometry): VertexData {
  const data = shape(geometry)
  const place = Matrix.Compose(
    Vector3.One(),
    toQuaternion(geometry.rotation),
    Vector3.FromArray(geometry.position),
  )
  data.transform(place)
  return data
}

function shape({ kind, size: [x, y, z] }: Geometry): VertexData {
  switch (kind) {
    case 'box':
      return CreateBoxVertexData({ width: 2 * x, height: 2 * y, depth: 2 * z })
    case 'sphere':
      return CreateSphereVertexData({ diameter: 2 * x, segments: 20 })
    case 'ellipsoid':
      return CreateSphereVertexData({ diameterX: 2 * x, diameterY: 2 * y, diameterZ: 2 * z, segments: 24 })
    case 'capsule':
      return alongZ(
        CreateCapsuleVertexData({
          radius: x,
          height: 2 * (x + y),
          tessellation: 12,
          capSubdivisions: 4,
          subdivisions: 1,
        }),
      )
    case 'cylinder':
      return alongZ(CreateCylinderVertexData({ diameter: 2 * x, height: 2 * y, tessellation: 64 }))
    case 'plane':
      return alongZ(
        CreateGroundVertexData({
          width: 2 * planeGrowth * (x || endless),
          height: 2 * planeGrowth * (y || endless),
          // Corners that lie too far out put the floor above its grid.
          subdivisions: 2 * planeGrowth,
        }),
      )
  }
}

function alongZ(data: VertexData): VertexData {
  return data.transform(Matrix.FromQuaternionToRef(fromYToZ, new Matrix()))
}
