import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { FailureOrder, FailureSort } from '../../src-main/contract/index.ts'
import { readOrder, writeOrder } from '../failures/query.ts'

/** Which failures are shown and in which order, and the one the keyboard is on; kept in the address, so that a reload or a link shows the same. */
export function useFailuresQuery() {
  const route = useRoute()
  const router = useRouter()
  const { path } = route

  /** A new object only where something changed: whoever watches it reads the lab anew. */
  const order = computed<FailureOrder>((old) => {
    // On the way out the address is already another view's.
    if (old !== undefined && route.path !== path) return old
    const now = readOrder(route.query)
    return old !== undefined && JSON.stringify(old) === JSON.stringify(now) ? old : now
  })

  const chosenId = computed<number | null>(() => {
    const id = Number(route.query.at)
    return Number.isSafeInteger(id) && id > 0 ? id : null
  })

  function change(part: Partial<FailureOrder>): void {
    const { at: _at, ...rest } = route.query
    void router.replace({ query: { ...rest, ...writeOrder({ ...order.value, ...part }) } })
  }

  function keepChosen(id: number): Promise<unknown> {
    return router.replace({ query: { ...route.query, at: String(id) } })
  }

  function sortBy(sort: FailureSort, descending: boolean): void {
    change({ sort, descending })
  }

  /** All conditions but where: the experiment and the run stay. */
  function clear(): void {
    const { runId, experimentId, sort, descending } = order.value
    void router.replace({ query: writeOrder({ runId, experimentId, sort, descending }) })
  }

  const isFiltered = computed(() => {
    const {
      runId: _run,
      experimentId: _experiment,
      sort: _sort,
      descending: _descending,
      ...rest
    } = order.value
    return Object.values(rest).some((value) => value !== undefined)
  })

  return { order, chosenId, isFiltered, change, keepChosen, sortBy, clear }
}
