import type { SceneDescription, Vector } from '../../src-main/contract/index.ts'
import { limbOf } from './limb.ts'
import type { OverlaysShown } from './overlays.ts'

/** Limbs long that a force as large as the main body's weight is drawn, and the most that any is. */
const weightLength = 2
const mostLength = 3.5
const gravity = 9.81

/** How large overlays are drawn, in the scene's unit. */
export function overlaySizes(description: SceneDescription, extent: number) {
  const limb = limbOf(description) ?? extent * 0.03
  const main = description.bodies.find(({ name }) => name === description.mainBody)
  const scale = (weightLength * limb) / ((main?.massKilograms ?? 1) * gravity)
  return {
    contact: limb * 0.075,
    force: limb * 0.045,
    push: limb * 0.1,
    centreOfMass: limb * 0.11,
    joint: limb * 0.065,
    jointAtLimit: limb * 0.09,
    /** Of the contacts that press: an arrow each. */
    forceArrows(contacts: OverlaysShown['contacts']): { from: Vector; along: Vector }[] {
      return contacts
        .filter(({ force }) => Math.hypot(...force) > 0)
        .map(({ at, force: [x, y, z] }) => {
          const factor = Math.min(scale, (mostLength * limb) / Math.hypot(x, y, z))
          return { from: at, along: [x * factor, y * factor, z * factor] }
        })
    },
  }
}
