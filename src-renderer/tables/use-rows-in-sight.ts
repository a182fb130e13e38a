import { computed, onBeforeUnmount, onMounted, type Ref, shallowRef } from 'vue'

export interface RowsOptions {
  /** Pixels, the same for every row. */
  rowHeight: number
  /** Rows drawn beyond each edge, so that a scroll finds them there. */
  overscan: number
  /** Pixels of what stays at the top of the scroller while the rows move under it. */
  headerHeight?: number
}

/**
 * Which of the rows of a scroller are in sight or close to it, from `first` up to `end`. As all have one height nothing is measured, and ten thousand rows
 * cost what ten do.
 */
export function useRowsInSight(
  scroller: Readonly<Ref<HTMLElement | null>>,
  count: () => number,
  { rowHeight, overscan, headerHeight = 0 }: RowsOptions,
) {
  const scrollTop = shallowRef(0)
  const height = shallowRef(0)
  // Numbers of their own: what depends on them hears only when another row comes into sight, not of each pixel.
  const top = computed(() => Math.max(0, Math.min(count(), Math.floor(scrollTop.value / rowHeight))))
  const bottom = computed(() => Math.min(count(), Math.ceil((scrollTop.value + height.value) / rowHeight)))
  const first = computed(() => Math.max(0, top.value - overscan))
  const end = computed(() => (height.value === 0 ? 0 : Math.min(count(), bottom.value + overscan)))
  const totalHeight = computed(() => count() * rowHeight)

  const read = () => {
    scrollTop.value = scroller.value?.scrollTop ?? 0
  }
  const observer = new ResizeObserver(() => {
    height.value = scroller.value?.clientHeight ?? 0
    read()
  })
  onMounted(() => {
    if (scroller.value === null) return
    scroller.value.addEventListener('scroll', read, { passive: true })
    observer.observe(scroller.value)
  })
  onBeforeUnmount(() => {
    observer.disconnect()
    scroller.value?.removeEventListener('scroll', read)
  })

  /** Scrolls no further than it must. */
  function bringIntoSight(index: number): void {
    const element = scroller.value
    if (element === null) return
    const edge = index * rowHeight
    const under = edge + rowHeight + headerHeight - element.clientHeight
    if (edge < element.scrollTop) element.scrollTop = edge
    else if (under > element.scrollTop) element.scrollTop = under
    // Rather than a frame later, when the scroller tells it.
    read()
  }

  /** What keeps the row of this number in its place. */
  const styleOf = (index: number) => ({ transform: `translateY(${index * rowHeight}px)` })

  /** Of these rows those in sight, each with its place. */
  function inSight<Row>(rows: readonly Row[]): { row: Row; index: number; style: { transform: string } }[] {
    return rows.slice(first.value, end.value).map((row, offset) => {
      const index = first.value + offset
      return { row, index, style: styleOf(index) }
    })
  }

  return { top, bottom, first, end, totalHeight, bringIntoSight, styleOf, inSight }
}
