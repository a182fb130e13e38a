import { places } from '../places.ts'
import { describeActions } from './describe.ts'

export const placeActionId = (to: string): string => `go${to.replaceAll('/', '.')}`

export const placeActions = describeActions(
  'Go to',
  null,
  Object.fromEntries(
    places.map(({ to, label, icon, key }) => [
      placeActionId(to),
      { title: `Go to ${label}`, icon, keys: [`g ${key}`] },
    ]),
  ),
)
