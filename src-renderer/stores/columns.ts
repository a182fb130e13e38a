import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { defaultColumnIds } from '../runs/columns.ts'

export interface ChosenColumn {
  id: string
  /** Pixels; null: as wide as it needs. */
  width: number | null
}

const storageKey = 'runColumns'
const leastWidth = 40
const greatestWidth = 640

/** Which columns the runs table shows, in which order and how wide; kept on this machine. */
export const useColumnsStore = defineStore('columns', () => {
  const chosen = shallowRef<readonly ChosenColumn[]>(read() ?? defaults())
  watch(chosen, (now) => localStorage.setItem(storageKey, JSON.stringify(now)))

  function toggle(id: string): void {
    const isShown = chosen.value.some((column) => column.id === id)
    chosen.value = isShown
      ? chosen.value.filter((column) => column.id !== id)
      : [...chosen.value, { id, width: null }]
  }

  /** By so many places to the left or to the right. */
  function move(id: string, by: number): void {
    const from = chosen.value.findIndex((column) => column.id === id)
    const next = [...chosen.value]
    const [column] = next.splice(from, 1)
    if (from === -1 || column === undefined) return
    next.splice(Math.max(0, Math.min(next.length, from + by)), 0, column)
    chosen.value = next
  }

  function setWidth(id: string, width: number | null): void {
    const rounded = width === null ? null : Math.round(Math.min(greatestWidth, Math.max(leastWidth, width)))
    chosen.value = chosen.value.map((column) => (column.id === id ? { id, width: rounded } : column))
  }

  function reset(): void {
    chosen.value = defaults()
  }

  return { chosen, toggle, move, setWidth, reset }
})

const defaults = (): ChosenColumn[] => defaultColumnIds.map((id) => ({ id, width: null }))

/** What an older version or another hand wrote there is not taken. */
function read(): ChosenColumn[] | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null')
    if (!Array.isArray(stored)) return null
    const columns = stored.flatMap((entry: unknown): ChosenColumn[] => {
      if (typeof entry !== 'object' || entry === null || !('id' in entry) || !('width' in entry)) return []
      const { id, width } = entry
      return typeof id === 'string' && (width === null || typeof width === 'number') ? [{ id, width }] : []
    })
    return columns.length > 0 ? columns : null
  } catch {
    return null
  }
}
