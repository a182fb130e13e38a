import { computed, type Ref, shallowRef } from 'vue'
import type { Run } from '../../src-main/contract/index.ts'
import type { TableRow } from '../runs/table.ts'

/**
 * Which runs are selected and which row the keyboard is on. Both are held by key, never by place:
 * rows that arrive, leave or change places take neither away.
 */
export function useRowSelection(rows: Readonly<Ref<readonly TableRow[]>>) {
  const selected = shallowRef<ReadonlySet<string>>(new Set())
  const activeKey = shallowRef<string | null>(null)
  const anchorKey = shallowRef<string | null>(null)

  const activeIndex = computed(() => indexOf(activeKey.value))
  const selectedRuns = computed(() =>
    selected.value.size === 0
      ? []
      : rows.value.flatMap((row) => (row.kind === 'run' && selected.value.has(row.key) ? [row.run] : [])),
  )

  function indexOf(key: string | null): number {
    return key === null ? -1 : rows.value.findIndex((row) => row.key === key)
  }

  function moveTo(index: number, isExtending: boolean): void {
    const row = rows.value[Math.max(0, Math.min(rows.value.length - 1, index))]
    if (row === undefined) return
    if (isExtending) selectRange(anchorKey.value ?? activeKey.value ?? row.key, row.key)
    else anchorKey.value = row.key
    activeKey.value = row.key
  }

  function selectRange(fromKey: string, toKey: string): void {
    anchorKey.value = fromKey
    const from = indexOf(fromKey)
    const to = indexOf(toKey)
    if (to === -1) return
    const range = rows.value.slice(Math.min(from === -1 ? to : from, to), Math.max(from, to) + 1)
    selected.value = new Set(range.filter(({ kind }) => kind === 'run').map(({ key }) => key))
    activeKey.value = toKey
  }

  function toggle(key: string): void {
    const next = new Set(selected.value)
    if (!next.delete(key)) next.add(key)
    selected.value = next
    activeKey.value = key
    anchorKey.value = key
  }

  function selectAll(): void {
    selected.value = new Set(rows.value.filter(({ kind }) => kind === 'run').map(({ key }) => key))
  }

  function clear(): void {
    selected.value = new Set()
  }

  /** What a key works on: what is selected, or else the row the keyboard is on. */
  function targets(): Run[] {
    if (selectedRuns.value.length > 0) return selectedRuns.value
    const row = rows.value[activeIndex.value]
    return row?.kind === 'run' ? [row.run] : []
  }

  return {
    selected,
    selectedRuns,
    activeKey,
    activeIndex,
    moveTo,
    selectRange,
    toggle,
    selectAll,
    clear,
    targets,
  }
}
