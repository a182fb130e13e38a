import type { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js'
import type { Material as BabylonMaterial } from '@babylonjs/core/Materials/material.js'
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js'
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js'
import { type Body, type Geometry, POSE_SIZE } from '../../../src-main/contract/index.ts'
import type { SceneContext, SceneLayer } from './layer.ts'
import { Materials } from './materials.ts'
import { mergeShapes, toQuaternion } from './shapes.ts'

export interface BodiesShown {
  /** Moving bodies x POSE_SIZE, in the order of the scene. */
  poses: Float32Array
  /** The main body is marked. */
  hasFailed: boolean
}

/** The bodies of the scene where they are. */
export function createBodies(context: SceneContext, shadows: ShadowGenerator): SceneLayer<BodiesShown> {
  const { scene, description, look } = context
  const materials = new Materials(scene, look)
  const failed = materials.of({ material: 'agent', colour: [...look.failure] })
  const built = description.bodies.map((body) => buildBody(body, context, materials, shadows))
  const moving = built.filter(({ isMoving }) => isMoving)
  const main = built.find(({ name }) => name === description.mainBody)
  let wasMarked = false

  return {
    update({ poses, hasFailed }) {
      for (const [index, { node }] of moving.entries()) placeNode(node, poses, index * POSE_SIZE)
      if (hasFailed === wasMarked) return
      wasMarked = hasFailed
      for (const { mesh, material, isAccent } of main?.parts ?? [])
        mesh.material = hasFailed && !isAccent ? failed : material
    },
    dispose() {
      for (const { node } of built) node.dispose(false, true)
    },
  }
}

export function placeNode(node: TransformNode, poses: Float32Array, offset: number): void {
  const [x = 0, y = 0, z = 0, w = 1, qx = 0, qy = 0, qz = 0] = poses.subarray(offset, offset + POSE_SIZE)
  node.position.set(x, y, z)
  node.rotationQuaternion = toQuaternion([w, qx, qy, qz])
}

interface BuiltBody {
  name: string
  isMoving: boolean
  node: TransformNode
  parts: { mesh: Mesh; material: BabylonMaterial; isAccent: boolean }[]
}

function buildBody(
  body: Body,
  { scene }: SceneContext,
  materials: Materials,
  shadows: ShadowGenerator,
): BuiltBody {
  const node = new TransformNode(body.name, scene)
  const parts = groupByMaterial(body.geometries).map((geometries) => {
    const [first] = geometries
    const mesh = mergeShapes(`${body.name} ${first.material}`, geometries, scene)
    const material = materials.of(first)
    const isSolid = material.alpha === 1
    mesh.parent = node
    mesh.material = material
    mesh.receiveShadows = isSolid
    mesh.isPickable = isSolid
    mesh.metadata = { body: body.name }
    if (isSolid) shadows.addShadowCaster(mesh)
    return { mesh, material, isAccent: first.material === 'agentAccent' }
  })
  return { name: body.name, isMoving: body.massKilograms !== null, node, parts }
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
