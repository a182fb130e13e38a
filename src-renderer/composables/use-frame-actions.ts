import { useRouter } from 'vue-router'
import { frameActions } from '../actions/frame.ts'
import { placeActionId, placeActions } from '../actions/places.ts'
import { places } from '../places.ts'
import { useOverlaysStore } from '../stores/overlays.ts'
import { usePreferencesStore } from '../stores/preferences.ts'
import { useActions } from './use-actions.ts'

/** What can be done in every view. */
export function useFrameActions(): void {
  const preferences = usePreferencesStore()
  const overlays = useOverlaysStore()
  const router = useRouter()
  useActions(
    placeActions,
    Object.fromEntries(places.map(({ to }) => [placeActionId(to), () => void router.push(to)])),
  )
  useActions(frameActions, {
    'palette.open': () => {
      overlays.open = overlays.open === 'palette' ? null : 'palette'
    },
    'keys.show': () => {
      overlays.open = 'cheat-sheet'
    },
    'theme.system': () => {
      preferences.theme = 'system'
    },
    'theme.light': () => {
      preferences.theme = 'light'
    },
    'theme.dark': () => {
      preferences.theme = 'dark'
    },
    'history.back': () => router.back(),
  })
}
