import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export interface ToastContent {
  text: string
  /** What can be done about it, such as Undo; the toast leaves when it is pressed. */
  action?: { label: string; run: () => void | Promise<void> }
  /** How long it stays; null until it is dismissed. A pointer or the focus on it stops the clock. */
  seconds?: number | null
}

export interface Toast extends ToastContent {
  id: number
  seconds: number | null
}

const defaultSeconds = 8
const mostAtOnce = 4

/** Short news at the edge of the window, with at most one thing to do about it. */
export const useToastsStore = defineStore('toasts', () => {
  const toasts = shallowRef<readonly Toast[]>([])
  let nextId = 1

  /** Returns the id by which it can be dismissed or replaced. */
  function show(content: ToastContent): number {
    const id = nextId++
    toasts.value = [...toasts.value, { seconds: defaultSeconds, ...content, id }].slice(-mostAtOnce)
    return id
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  return { toasts, show, dismiss }
})
