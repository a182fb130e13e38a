import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export type Overlay = 'palette' | 'cheat-sheet' | 'export'

/** Which of the frame's own windows lies over the view; one at most. */
export const useOverlaysStore = defineStore('overlays', () => {
  const open = shallowRef<Overlay | null>(null)
  return { open }
})
