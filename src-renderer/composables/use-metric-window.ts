import { computed, shallowRef, watch } from 'vue'
import type { Zoom } from '../charts/curves.ts'
import { type MutableSeries, useRunDetailsStore } from '../stores/run-details.ts'

/** The metrics of the run shown; of those that the lab has thinned out, the zoomed part in full detail. */
export function useMetricWindow(zoom: () => Zoom | null) {
  const details = useRunDetailsStore()
  const detail = shallowRef<{ zoom: Zoom; series: ReadonlyMap<string, MutableSeries> } | null>(null)

  watch(zoom, async (now) => {
    const series = now === null ? null : await details.readWindow(now.from, now.to)
    // By then another part may be in sight.
    if (now !== zoom()) return
    detail.value = now !== null && series !== null ? { zoom: now, series } : null
  })

  return computed(() => {
    if (detail.value === null || detail.value.zoom !== zoom()) return details.metrics
    return new Map([...details.metrics, ...detail.value.series])
  })
}
