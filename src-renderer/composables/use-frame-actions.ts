import { onScopeDispose, watch } from 'vue'
import { useRouter } from 'vue-router'
import { frameActions } from '../actions/frame.ts'
import { placeActionId, placeActions } from '../actions/places.ts'
import { runAction } from '../actions/registry.ts'
import { places } from '../places.ts'
import { isBrowser, onShellMessage } from '../shell.ts'
import { useFilesStore } from '../stores/files.ts'
import { useLabFactsStore } from '../stores/lab-facts.ts'
import { useOverlaysStore } from '../stores/overlays.ts'
import { usePreferencesStore } from '../stores/preferences.ts'
import { useRunsStore } from '../stores/runs.ts'
import { useActions } from './use-actions.ts'

/** What can be done in every view. */
export function useFrameActions(chooseArchive: () => void): void {
  const preferences = usePreferencesStore()
  const overlays = useOverlaysStore()
  const files = useFilesStore()
  const labFacts = useLabFactsStore()
  const runs = useRunsStore()
  const router = useRouter()
  useActions(
    placeActions,
    Object.fromEntries(places.map(({ to }) => [placeActionId(to), () => void router.push(to)])),
  )
  useActions(frameActions, {
    'palette.open': () => {
      overlays.open = overlays.open === 'palette' ? null : 'palette'
    },
    'lab.backUp': () => files.backUp(),
    'lab.open': { run: () => labFacts.openAnother('open'), when: () => !isBrowser },
    'lab.create': { run: () => labFacts.openAnother('create'), when: () => !isBrowser },
    'lab.restore': { run: () => labFacts.openAnother('restore'), when: () => !isBrowser },
    'archive.import': () => (isBrowser ? chooseArchive() : files.importExperiment(null)),
    'archive.export': {
      run: () => {
        overlays.open = 'export'
      },
      when: () => runs.experiments.size > 0,
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
  onScopeDispose(
    onShellMessage((message) => {
      if ('action' in message) runAction(message.action)
      else void files.importExperiment(message.archive)
    }),
  )
  watch(
    () => files.imported,
    (shown) => {
      if (shown !== null) void router.push(shown.path)
    },
  )
}
