import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import type { Run } from '../../src-main/contract/index.ts'
import { hasEnded } from '../runs/derive.ts'
import { useRunDetailsStore } from '../stores/run-details.ts'
import { useRunsStore } from '../stores/runs.ts'

/** Episodes, checkpoints and log come no more often: reading and drawing them is work, and nobody sees quarters of a second. */
const millisBetweenRefreshes = 1000

/** Keeps the details of the run shown in step with the run, for as long as the view is there. */
export function useRunDetails(id: () => number) {
  const runs = useRunsStore()
  const details = useRunDetailsStore()
  const run = computed<Run | null>(() => runs.runs.get(id()) ?? null)
  const opened = shallowRef<number | null>(null)
  let life = new AbortController()
  let refreshing: Promise<void> | null = null
  let isAgain = false

  watch(
    id,
    async (now) => {
      life.abort()
      life = new AbortController()
      opened.value = null
      await details.open(now, life.signal)
      if (id() === now) opened.value = now
    },
    { immediate: true },
  )

  /** One reading at a time; what happens meanwhile is read by one more. */
  async function refresh(): Promise<void> {
    if (refreshing !== null) {
      isAgain = true
      return
    }
    do {
      isAgain = false
      const now = run.value
      if (now === null || opened.value !== now.id) return
      refreshing = details.refresh(now.id, now.step)
      await refreshing
      await new Promise((resolve) => setTimeout(resolve, millisBetweenRefreshes))
      refreshing = null
    } while (isAgain)
  }
  watch([run, opened], refresh)

  // The stream of metrics ends with the run; one that is resumed or extended has a stream again.
  watch([opened, () => run.value !== null && hasEnded(run.value)], ([now, isOver]) => {
    if (now !== null && !isOver) void details.followMetrics(now, life.signal)
  })

  onScopeDispose(() => life.abort())
  return { run, details }
}
