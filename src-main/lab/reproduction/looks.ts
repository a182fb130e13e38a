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
  const counts = [...new Set(arms.map(({ runIds }) => runIds.length))].sort((a, b) => a - b)
  return counts.length === 0 ? '' : ` Seeds: ${counts.join(' to ')}.`
}
