import { methodLooks } from '../../contract/figures/method-looks.ts'
import type { Arm } from './measurement.ts'

/** Several of one method: the later ones are dashed otherwise. */
export function lookOf(arms: readonly Arm[], arm: Arm) {
  const place = arms.filter(({ method }) => method === arm.method).indexOf(arm)
  const look = methodLooks[arm.method]
  const other = methodLooks.wcpg
  return place <= 0 ? look : { ...other, marker: methodLooks.esac.marker, dash: methodLooks.sac.dash }
}

/** For captions. */
export function seedsOf(arms: readonly Arm[]): string {
  const counts = arms.map(({ runIds }) => runIds.length)
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)]
  if (counts.length === 0) return ''
  return ` Seeds: ${fewest === most ? most : `${fewest} to ${most}`}.`
}
