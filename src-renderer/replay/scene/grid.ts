import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js'
import { Color3 } from '@babylonjs/core/Maths/math.color.js'
import { Mesh } from '@babylonjs/core/Meshes/mesh.js'
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js'
import { toGridMarks } from '../length-marks.ts'
import type { SceneContext } from './layer.ts'
import { Materials, toColor3 } from './materials.ts'

/** Lines at round lengths over the floor, and their lengths along two of its sides. */
export function createGrid(context: SceneContext): { dispose(): void } {
  const { description, extent } = context
  const { low, high, lengthUnit } = description
  const z = (description.field?.z ?? 0) + extent * 3e-4
  const [columns, rows] = toGridMarks(low, high)
  const half = extent * 0.0006
  const grid = createRectangles(context, [
    ...columns.map((x): Rectangle => [x - half, low[1], x + half, high[1], z]),
    ...rows.map((y): Rectangle => [low[0], y - half, high[0], y + half, z]),
  ])

  const size = extent * 0.026
  const text = (content: string, x: number, y: number, width: number) =>
    createText(context, content, [x, y, z], size, width)
  const texts = [
    ...columns.map((x) => text(String(x), x, low[1] - size, 1.6)),
    ...rows.map((y) => text(String(y), low[0] - size, y, 1.6)),
    text(`x, ${lengthUnit}`, high[0] - size * 2, low[1] - size * 2.4, 4),
    text(`y, ${lengthUnit}`, low[0] - size, high[1] + size * 1.8, 4),
  ]
  return {
    dispose() {
      for (const mesh of [grid, ...texts]) mesh.dispose(false, true)
    },
  }
}

/** From x and y to x and y, at z. */
type Rectangle = [number, number, number, number, number]

/** Lines as wide as they are in the scene: those of WebGL have one pixel in every size of picture. */
function createRectangles({ scene, look }: SceneContext, rectangles: readonly Rectangle[]): Mesh {
  const data = new VertexData()
  data.positions = rectangles.flatMap(([x, y, toX, toY, z]) => [x, y, z, toX, y, z, toX, toY, z, x, toY, z])
  data.normals = rectangles.flatMap(() => [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1])
  data.indices = rectangles.flatMap((_, index) => [0, 1, 2, 0, 2, 3].map((corner) => index * 4 + corner))
  const mesh = new Mesh('grid', scene)
  data.applyToMesh(mesh)
  mesh.material = new Materials(scene, look).flat('grid', look.grid, 0.7)
  mesh.isPickable = false
  return mesh
}

const pixels = 64

/** Text that lies on the floor and is read from -y. */
function createText(
  { scene, look }: SceneContext,
  content: string,
  [x, y, z]: readonly [number, number, number],
  height: number,
  widthByHeight: number,
): Mesh {
  const texture = new DynamicTexture(
    `text ${content}`,
    { width: Math.round(pixels * widthByHeight), height: pixels },
    scene,
    true,
  )
  texture.hasAlpha = true
  texture.drawText(
    content,
    null,
    pixels * 0.72,
    `500 ${pixels * 0.62}px "Inter Variable", sans-serif`,
    'white',
    null,
  )
  const material = new Materials(scene, look).flat(`text ${content}`, [0, 0, 0])
  material.opacityTexture = texture
  material.emissiveColor = toColor3(look.text)
  material.diffuseColor = Color3.Black()
  const mesh = new Mesh(`text ${content}`, scene)
  const data = new VertexData()
  const [right, up] = [(height * widthByHeight) / 2, height / 2]
  data.positions = [-right, -up, 0, right, -up, 0, right, up, 0, -right, up, 0]
  data.normals = [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]
  data.uvs = [0, 0, 1, 0, 1, 1, 0, 1]
  data.indices = [0, 1, 2, 0, 2, 3]
  data.applyToMesh(mesh)
  mesh.material = material
  mesh.position.set(x, y, z)
  mesh.isPickable = false
  return mesh
}
