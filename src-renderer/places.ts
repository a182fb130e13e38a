import type { IconName } from './icons/name.ts'

/** A place in the rail. Palette and keys reach it as well. */
export interface Place {
  readonly to: string
  readonly label: string
  readonly icon: IconName
  /** After `g`, goes there. */
  readonly key: string
}

export const places: readonly Place[] = [
  { to: '/runs', label: 'Runs', icon: 'runs', key: 'r' },
  { to: '/experiments', label: 'Experiments', icon: 'experiments', key: 'e' },
  { to: '/failures', label: 'Failures', icon: 'failure', key: 'f' },
  { to: '/compare', label: 'Compare', icon: 'compare', key: 'c' },
  { to: '/reproduction', label: 'Paper', icon: 'paper', key: 'p' },
  { to: '/transfer', label: 'New transfer', icon: 'transfer', key: 'n' },
  { to: '/settings', label: 'Settings', icon: 'settings', key: 's' },
]

/** The address of a view that needs no thing to show. */
export function placeOf(view: string): string {
  return places.find(({ to }) => to === `/${view}`)?.to ?? '/runs'
}
