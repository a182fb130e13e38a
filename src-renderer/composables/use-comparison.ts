import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { lookOf, panelsOf } from '../../src-main/contract/figures/group-looks.ts'
import type { ComparisonView } from '../../src-main/contract/index.ts'
import { parallelOf, runsWithin } from '../compare/parallel.ts'
import { selectedRuns } from '../compare/selection.ts'
import { useComparisonStore } from '../stores/comparison.ts'
import { useRunsStore } from '../stores/runs.ts'

const MILLIS_BETWEEN_REFRESHES = 3000
const POINTS = 200
export const phaseFigures = ['failureRate', 'cumulativeFailures'] as const

/** Keeps what the lab says in step with the view and with the runs that still train. */
export function useComparison(view: () => ComparisonView) {
  const runs = useRunsStore()
  const store = useComparisonStore()

  const runIds = computed<readonly number[]>((before) => {
    const now = selectedRuns(view(), runs.runs)
    return before !== undefined && before.join() === now.join() ? before : now
  })
  /** Changes when a run that is compared has moved, a few times a minute at most. */
  const tick = shallowRef(0)
  const progress = computed(() => runIds.value.map((id) => runs.runs.get(id)?.step).join())
  let timer: number | undefined
  watch(progress, () => {
    timer ??= window.setTimeout(() => {
      timer = undefined
      tick.value++
    }, MILLIS_BETWEEN_REFRESHES)
  })
  onScopeDispose(() => window.clearTimeout(timer))

  const request = computed(() => {
    const { groupBy, facetBy, x, figures, average, window: over, showsRuns, brushes, section: open } = view()
    const areDrawn = open === 'curves' || open === 'phases'
    return {
      runIds: [...runIds.value],
      groupBy,
      facetBy,
      x,
      figures: figures.length === 0 ? ['return'] : figures,
      average,
      window: over,
      withRuns: areDrawn && (showsRuns || brushes.length > 0),
      points: POINTS,
    }
  })
  const isEmpty = computed(() => runIds.value.length === 0)
  const requestText = computed(() => JSON.stringify(request.value))
  /** What figures of whole runs depend on: not on what is drawn of them. */
  const grouping = computed(() => {
    const { runIds: ids, groupBy, facetBy } = request.value
    return JSON.stringify([ids, groupBy, facetBy])
  })
  const section = computed(() => view().section)
  const baseline = computed(() => view().baseline)
  const until = computed(() => view().until)

  watch(
    [requestText, tick],
    () => {
      if (isEmpty.value) store.clear()
      else void store.loadCurves(request.value)
    },
    { immediate: true },
  )
  watch(
    [() => JSON.stringify(view().zoom), requestText],
    () => {
      const { zoom } = view()
      if (zoom !== null && !isEmpty.value)
        void store.loadZoomed({ ...request.value, range: { from: zoom.from, to: zoom.to } })
    },
    { immediate: true },
  )
  watch(
    [grouping, tick, baseline, until],
    () => {
      const { runIds: ids, groupBy, facetBy } = request.value
      if (!isEmpty.value)
        void store.loadStatistics({
          runIds: ids,
          groupBy,
          facetBy,
          baseline: baseline.value,
          until: until.value,
        })
    },
    { immediate: true },
  )
  watch(
    [requestText, tick, section],
    () => {
      if (!isEmpty.value && section.value === 'phases')
        void store.loadPhases({ ...request.value, figures: [...phaseFigures] })
    },
    { immediate: true },
  )
  const scale = computed(() => JSON.stringify([view().score, view().bounds]))
  watch(
    [grouping, tick, section, baseline, until, scale],
    () => {
      const { score, bounds } = view()
      const { runIds: ids, groupBy } = request.value
      if (!isEmpty.value && section.value === 'profiles')
        void store.loadProfiles({
          runIds: ids,
          groupBy,
          score,
          bounds,
          baseline: baseline.value,
          until: until.value,
        })
    },
    { immediate: true },
  )
  watch(
    runIds,
    (ids) => {
      if (ids.length > 0) void store.loadDifferences([...ids])
    },
    { immediate: true },
  )

  const shown = computed(() => {
    const { zoom } = view()
    const { zoomed } = store
    const isZoomed = zoom !== null && zoomed !== null && zoomed.from === zoom.from && zoomed.to === zoom.to
    return isZoomed ? zoomed.curves : store.curves
  })
  const groups = computed(() => store.statistics?.groups ?? store.curves?.groups ?? [])
  const facets = computed(() => (store.curves ?? store.statistics)?.facets ?? [])
  const looks = computed(() =>
    lookOf(store.curves?.groups ?? groups.value, store.slots, runs.experimentName, facets.value),
  )
  /** Profiles are over tasks, whatever the panels are: their series may be others. */
  const profileLooks = computed(() => lookOf(store.profiles?.groups ?? [], store.slots, runs.experimentName))
  const parallel = computed(() =>
    store.differences && store.statistics
      ? parallelOf(store.differences, store.statistics, looks.value)
      : null,
  )
  /** Runs that the ranges on the axes choose; null: no range is set. */
  const marked = computed(() => parallel.value && runsWithin(parallel.value, view().brushes))
  /** One without a name while nothing is known yet, so that the charts have their places. */
  const panels = computed(() => {
    const known = panelsOf(facets.value, runs.experimentName)
    return known.length === 0 ? [{ id: '', label: '' }] : known
  })

  return { runIds, isEmpty, shown, looks, profileLooks, panels, parallel, marked }
}
