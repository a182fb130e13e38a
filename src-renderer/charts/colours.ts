import { computed, onScopeDispose, ref } from 'vue'
import { usePreferencesStore } from '../stores/preferences.ts'

let probe: HTMLElement | null = null

/**
 * A canvas knows no custom properties: this gives the colour that a CSS expression means at this moment, or would mean in the light theme.
 */
export function resolveColour(expression: string, scheme: 'current' | 'light' = 'current'): string {
  if (probe === null) {
    probe = document.createElement('span')
    probe.hidden = true
    document.body.append(probe)
  }
  probe.style.colorScheme = scheme === 'light' ? 'light' : ''
  probe.style.color = expression
  return getComputedStyle(probe).color
}

/** Changes whenever colours have to be resolved anew. */
export function useColourScheme() {
  const preferences = usePreferencesStore()
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  const systemIsDark = ref(query.matches)
  const onChange = (event: MediaQueryListEvent) => {
    systemIsDark.value = event.matches
  }
  query.addEventListener('change', onChange)
  onScopeDispose(() => query.removeEventListener('change', onChange))
  return computed(() => {
    if (preferences.theme !== 'system') return preferences.theme
    return systemIsDark.value ? 'dark' : 'light'
  })
}
