import type { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js'
import type { Material as BabylonMaterial } from '@babylonjs/core/Materials/material.js'
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js'
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js'
import { type Body, type Geometry, POSE_SIZE } from '../../../src-main/contract/index.ts'
import { lookOf, type PartLooks } from '../parts.ts'
import type { SceneContext, SceneLayer } from './layer.ts'
import { Materials } from './materials.ts'
import { mergeShapes, toQuaternion } from './shapes.ts'

export interface BodiesShown {
  /** Moving bodies x POSE_SIZE, in the order of the scene. */
  poses: Float32Array
  /** The main body is marked. */
  hasFailed: boolean
  looks: PartLooks
}

/** The bodies of the scene where they are, as far as they are to be seen. */
export function createBodies(context: SceneContext, shadows: ShadowGenerator): SceneLayer<BodiesShown> {
  const { scene, description, look } = context
  const materials = new Materials(scene, look)
  const bodies = description.bodies.map((body) => {
    const node = new TransformNode(body.name, scene)
    const parts: Part[] = []
    return { body, node, parts }
  })
  const moving = bodies.filter(({ body }) => body.massKilograms !== null)
  let drawn: { looks: PartLooks; hasFailed: boolean } | null = null

  function build(looks: PartLooks): void {
    for (const one of bodies) {
      for (const { mesh } of one.parts) mesh.dispose()
      one.parts = buildParts(one.body, one.node, context, materials, shadows, looks)
    }
  }

  /** The main body, but for its eyes and the like, in the colour of failure. */
  function mark(hasFailed: boolean): void {
    const main = bodies.find(({ body }) => body.name === description.mainBody)
    for (const { mesh, material, opacity, isAccent } of main?.parts ?? []) {
      const failed = { material: 'agent' as const, colour: [...look.failure] as [number, number, number] }
      mesh.material = hasFailed && !isAccent ? materials.of(failed, opacity) : material
    }
  }

  return {
    update({ poses, hasFailed, looks }) {
      if (drawn?.looks !== looks) build(looks)
      for (const [index, { node }] of moving.entries()) placeNode(node, poses, index * POSE_SIZE)
      if (drawn?.looks === looks && drawn.hasFailed === hasFailed) return
      mark(hasFailed)
      drawn = { looks, hasFailed }
    },
    dispose() {
      for (const { node } of bodies) node.dispose()
      materials.dispose()
    },
  }
}

export function placeNode(node: TransformNode, poses: Float32Array, offset: number): void {
  const [x = 0, y = 0, z = 0, w = 1, qx = 0, qy = 0, qz = 0] = poses.subarray(offset, offset + POSE_SIZE)
  node.position.set(x, y, z)
  node.rotationQuaternion = toQuaternion([w, qx, qy, qz])
}

interface Part {
  mesh: Mesh
  material: BabylonMaterial
  opacity: number
  isAccent: boolean
}

function buildParts(
  body: Body,
  node: TransformNode,
  { scene }: SceneContext,
  materials: Materials,
  shadows: ShadowGenerator,
  looks: PartLooks,
): Part[] {
  const seen = body.geometries.flatMap((geometry, index) => {
    const { isVisible, opacity } = lookOf(looks, body, index)
    return isVisible && opacity > 0 ? [{ geometry, opacity }] : []
  })
  const byOpacity = Map.groupBy(seen, ({ opacity }) => opacity)
  return [...byOpacity].flatMap(([opacity, alike]) =>
    groupByMaterial(alike.map(({ geometry }) => geometry)).map((geometries): Part => {
      const [first] = geometries
      const mesh = mergeShapes(`${body.name} ${first.material}`, geometries, scene)
      const material = materials.of(first, opacity)
      const isSolid = material.alpha === 1
      mesh.parent = node
      mesh.material = material
      mesh.receiveShadows = isSolid
      // What is seen through can still be taken hold of; areas such as a goal's cannot.
      mesh.isPickable = isSolid || opacity < 1
      mesh.metadata = { body: body.name }
      // A floor without end would leave what stands on it no room in the map of shadows.
      if (isSolid && first.kind !== 'plane') shadows.addShadowCaster(mesh)
      return { mesh, material, opacity, isAccent: first.material === 'agentAccent' }
    }),
  )
}

/** Geometries that can be drawn together. */
export function groupByMaterial(geometries: readonly Geometry[]): [Geometry, ...Geometry[]][] {
  const groups = new Map<string, [Geometry, ...Geometry[]]>()
  for (const geometry of geometries) {
    const key = `${geometry.material} ${geometry.colour?.join() ?? ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [geometry])
    else group.push(geometry)
  }
  return [...groups.values()]
}
