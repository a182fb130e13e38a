import type { Vector } from '../../../src-main/contract/index.ts'
import type { overlaySizes } from '../overlay-sizes.ts'
import type { OverlaysShown } from '../overlays.ts'
import type { SceneLook } from '../scene/look.ts'
import type { Brush } from './brush.ts'

const flat = ([x, y]: Vector): [number, number] => [x, y]

/** Contacts with their forces along the floor, the centre of mass, and the joints. */
export function drawOverlays(
  brush: Brush,
  { contacts, centreOfMass, joints }: OverlaysShown,
  sizes: ReturnType<typeof overlaySizes>,
  look: SceneLook,
): void {
  for (const { from, along } of sizes.forceArrows(contacts)) {
    brush.dot(flat(from), sizes.contact, look.accent)
    brush.arrow(flat(from), flat(along), sizes.force, look.accent)
  }
  for (const { at, isAtLimit } of joints)
    brush.dot(flat(at), isAtLimit ? sizes.jointAtLimit : sizes.joint, isAtLimit ? look.failure : look.timeout)
  if (centreOfMass !== null) brush.dot(flat(centreOfMass), sizes.centreOfMass, look.text)
}
