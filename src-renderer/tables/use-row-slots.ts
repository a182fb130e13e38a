import { computed, onBeforeUnmount, shallowRef, watch } from 'vue'
import { fillSlots, type Slot } from './row-slots.ts'
import type { useRowsInSight } from './use-rows-in-sight.ts'

/** New rows in one frame: with more of them one frame would take longer than a scroll may wait. */
const mostPerFrame = 10

/** The rows in sight of a table with rich rows, each with its place and the slot that shows it: a full screen of other rows comes in a few frames. */
export function useRowSlots<Row extends { key: string }>(
  rows: () => readonly Row[],
  { top, bottom, first, end, styleOf }: ReturnType<typeof useRowsInSight>,
) {
  const slots = shallowRef<ReadonlyMap<string, Slot<Row>>>(new Map())
  let frame = 0

  function fill(): void {
    const all = rows()
    const inSight = all.slice(top.value, bottom.value)
    const around = [...all.slice(bottom.value, end.value), ...all.slice(first.value, top.value).reverse()]
    const filled = fillSlots(slots.value, end.value === 0 ? [] : [...inSight, ...around], mostPerFrame)
    slots.value = filled.slots
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(() => {
      frame = 0
      if (!filled.isComplete || isStale) fill()
    })
    isStale = false
  }

  let isStale = false
  watch(
    [rows, first, end],
    () => {
      // What comes in one frame is shown in the next: the slots of this one are given away.
      isStale = frame !== 0
      if (!isStale) fill()
    },
    { immediate: true },
  )
  onBeforeUnmount(() => cancelAnimationFrame(frame))

  const drawn = computed(() => {
    const shown = new Set<number>()
    const placed = rows()
      .slice(first.value, end.value)
      .flatMap((row, offset) => {
        const slot = slots.value.get(row.key)?.slot
        if (slot === undefined) return []
        shown.add(slot)
        const index = first.value + offset
        return [{ row, index, slot, style: styleOf(index) }]
      })
    // Above the first row, where nobody sees them.
    const spare = [...slots.value.values()].flatMap(({ row, slot }) =>
      shown.has(slot) ? [] : [{ row, index: -1, slot, style: styleOf(-1) }],
    )
    return [...placed, ...spare]
  })

  return drawn
}
