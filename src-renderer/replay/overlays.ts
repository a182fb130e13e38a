import {
  CONTACT_SIZE,
  POSE_SIZE,
  type Quaternion,
  type SceneDescription,
  type Vector,
} from '../../src-main/contract/index.ts'
import { toWorld } from './let-go/grab.ts'
import { anglesOf } from './let-go/joints.ts'
import type { FrameForces } from './source.ts'

/** What can be drawn over a robot, each switched on by itself. */
export interface Overlays {
  contacts: boolean
  centreOfMass: boolean
  joints: boolean
}

export const noOverlays: Overlays = { contacts: false, centreOfMass: false, joints: false }

const overlayNames = ['contacts', 'centreOfMass', 'joints'] as const satisfies (keyof Overlays)[]

/** As an address has them. */
export function overlaysFromText(text: unknown): Overlays {
  const named = typeof text === 'string' ? text.split(',') : []
  const has = (name: keyof Overlays) => named.includes(name)
  return { contacts: has('contacts'), centreOfMass: has('centreOfMass'), joints: has('joints') }
}

/** Undefined: none. */
export function overlaysToText(overlays: Overlays): string | undefined {
  return overlayNames.filter((name) => overlays[name]).join() || undefined
}

export interface OverlaysShown {
  contacts: { at: Vector; force: Vector }[]
  centreOfMass: Vector | null
  joints: { at: Vector; isAtLimit: boolean }[]
}

/** Share of its range from which on a joint counts as being at its limit. */
const nearLimit = 0.02

/** What of the overlays there is to be seen; null: nothing. @param forces null: unknown. */
export function overlaysOf(
  scene: SceneDescription,
  poses: Float32Array,
  forces: FrameForces | null,
  overlays: Overlays,
): OverlaysShown | null {
  if (!Object.values(overlays).some(Boolean)) return null
  return {
    contacts: overlays.contacts && forces !== null ? contactsOf(forces.contacts) : [],
    centreOfMass: overlays.centreOfMass ? (forces?.centreOfMass ?? null) : null,
    joints: overlays.joints ? jointsOf(scene, poses) : [],
  }
}

function contactsOf(contacts: Float32Array): OverlaysShown['contacts'] {
  return Array.from({ length: contacts.length / CONTACT_SIZE }, (_, index) => {
    const [x = 0, y = 0, z = 0, , , , forceX = 0, forceY = 0, forceZ = 0] = contacts.subarray(
      index * CONTACT_SIZE,
    )
    return { at: [x, y, z], force: [forceX, forceY, forceZ] }
  })
}

function jointsOf({ bodies, joints }: SceneDescription, poses: Float32Array): OverlaysShown['joints'] {
  const moving = bodies.filter(({ massKilograms }) => massKilograms !== null)
  const places = new Map(
    moving.map(({ name }, index) => [name, poses.subarray(index * POSE_SIZE, (index + 1) * POSE_SIZE)]),
  )
  return joints
    .filter(({ kind }) => kind !== 'fixed')
    .flatMap((joint) => {
      const child = places.get(joint.child)
      if (child === undefined) return []
      const angles = anglesOf(joint, rotationOf(places.get(joint.parent)), rotationOf(child))
      const isAtLimit = joint.axes.some(({ limits }, index) => {
        const angle = angles[index]
        if (limits === null || angle === undefined) return false
        const near = nearLimit * (limits[1] - limits[0])
        return angle < limits[0] + near || angle > limits[1] - near
      })
      return [{ at: toWorld(child, joint.anchorInChild), isAtLimit }]
    })
}

/** @param pose left out: of a body that never moves. */
function rotationOf(pose?: Float32Array): Quaternion {
  const [, , , w = 1, x = 0, y = 0, z = 0] = pose ?? []
  return [w, x, y, z]
}
