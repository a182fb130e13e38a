import { computed, onScopeDispose, watch } from 'vue'
import { metricName } from '../charts/metric-names.ts'
import { builtinColumns, type Column, findColumn } from '../runs/columns.ts'
import { isUnfinished } from '../runs/derive.ts'
import { describedAnywhere } from '../runs/descriptions.ts'
import { useColumnsStore } from '../stores/columns.ts'
import { useLabStore } from '../stores/lab.ts'
import { useMetricColumnsStore } from '../stores/metric-columns.ts'
import { useRunsStore } from '../stores/runs.ts'

/** How often last values are read again while something trains. */
const refreshMillis = 5000

/** The chosen columns of the runs table, with what they need to be filled. */
export function useRunColumns() {
  const lab = useLabStore()
  const runs = useRunsStore()
  const chosen = useColumnsStore()
  const metrics = useMetricColumnsStore()

  const sources = computed(() => ({ settings: lab.settings, latest: metrics.latest }))
  const columns = computed<Column[]>(() =>
    chosen.chosen.flatMap(({ id }) => {
      const column = findColumn(id, sources.value)
      return column === null ? [] : [column]
    }),
  )
  const widths = computed(
    () => new Map(chosen.chosen.flatMap(({ id, width }) => (width === null ? [] : [[id, width] as const]))),
  )
  const settingNames = computed(() => [...new Set([...lab.settings.values()].map(({ name }) => name))])
  const choices = computed(() => [
    ...builtinColumns.map(({ id, label, help }) => ({ id, label, help })),
    ...settingNames.value.map((name) => ({
      id: `setting:${name}`,
      label: name,
      help: describedAnywhere(lab.settings, name)?.help ?? '',
    })),
    ...metrics.names.map((name) => {
      const { label, help } = metricName(name)
      return { id: `metric:${name}`, label, help: `Last value. ${help}` }
    }),
  ])

  const wanted = computed(() =>
    chosen.chosen.flatMap(({ id }) => (id.startsWith('metric:') ? [id.slice('metric:'.length)] : [])),
  )
  const key = computed(() => wanted.value.join('\n'))
  watch(key, () => void metrics.load(wanted.value), { immediate: true })
  const timer = window.setInterval(() => {
    if (wanted.value.length > 0 && [...runs.runs.values()].some(isUnfinished)) void metrics.load(wanted.value)
  }, refreshMillis)
  onScopeDispose(() => window.clearInterval(timer))

  return { chosen, sources, columns, widths, choices, loadNames: metrics.loadNames }
}
