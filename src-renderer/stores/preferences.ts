import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** How this browser or window likes to be shown; kept on this machine, not in the lab. */
export const usePreferencesStore = defineStore('preferences', () => {
  const theme = ref<Theme>(readOneOf('theme', themes, 'system'))
  const inspectorWidth = ref(readNumber('inspectorWidth', 400))
  const pickerWidth = ref(readNumber('pickerWidth', 264))
  const smoothing = ref(readNumber('smoothing', 50))
  const hiddenMetrics = ref((localStorage.getItem('hiddenMetrics') ?? '').split(' ').filter(Boolean))

  watch(
    theme,
    (now) => {
      localStorage.setItem('theme', now)
      if (now === 'system') delete document.documentElement.dataset.theme
      else document.documentElement.dataset.theme = now
    },
    { immediate: true },
  )
  watch(inspectorWidth, (now) => localStorage.setItem('inspectorWidth', String(now)))
  watch(pickerWidth, (now) => localStorage.setItem('pickerWidth', String(now)))
  watch(smoothing, (now) => localStorage.setItem('smoothing', String(now)))

  watch(hiddenMetrics, (now) => localStorage.setItem('hiddenMetrics', now.join(' ')))

  return { theme, inspectorWidth, pickerWidth, smoothing, hiddenMetrics }
})

function readOneOf<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
  const stored = localStorage.getItem(key)
  return allowed.find((value) => value === stored) ?? fallback
}

function readNumber(key: string, fallback: number): number {
  const stored = Number(localStorage.getItem(key) ?? Number.NaN)
  return Number.isFinite(stored) ? stored : fallback
}
