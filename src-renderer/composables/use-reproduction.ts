import { computed, onScopeDispose, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { ReproductionQuery, Run } from '../../src-main/contract/index.ts'
import { readQuery, writeQuery } from '../reproduction/query.ts'
import { useReproductionStore } from '../stores/reproduction.ts'
import { useRunsStore } from '../stores/runs.ts'

/** Runs change many times a second while they train; the lab is asked again this often at most. */
const MILLIS_BETWEEN_LOOKS = 1500

/** What is asked for, kept in the address, and what the lab says to it, read again as runs come and end. */
export function useReproduction() {
  const route = useRoute()
  const router = useRouter()
  const store = useReproductionStore()
  const runs = useRunsStore()
  const { path } = route

  const query = computed<ReproductionQuery>((before) => {
    // On the way out the address is already another view's.
    if (before !== undefined && route.path !== path) return before
    const now = readQuery(route.query)
    return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now
  })
  const change = (part: Partial<ReproductionQuery>) =>
    void router.replace({ query: writeQuery({ ...query.value, ...part }) })

  /** Needed runs that are in the lab and not finished. */
  const unfinished = computed(() =>
    (store.standing?.unfinishedIds ?? []).flatMap((id) => runs.runs.get(id) ?? []),
  )
  const shareOf = ({ step, specification }: Run) => Math.min(1, step / specification.steps)
  const share = computed(() => {
    const { needed = 0, finished = 0 } = store.standing ?? {}
    const begun = unfinished.value.reduce((sum, run) => sum + shareOf(run), 0)
    return needed === 0 ? 0 : Math.min(1, (finished + begun) / needed)
  })
  const underWay = computed(() =>
    unfinished.value.filter(({ state }) => state === 'running' || state === 'queued' || state === 'pausing'),
  )

  /** Also where it is to go on and nothing does: the lab was closed meanwhile, or all of it was paused. */
  const canTrain = computed(() => {
    if (store.standing === null || store.standing.finished === store.standing.needed) return false
    const isHalted = unfinished.value.length > 0 && underWay.value.length === 0
    return isHalted || !store.standing.isGoingOn
  })

  /** How many runs are in which state. */
  const states = computed(() => {
    const counts = new Map<string, number>()
    for (const { state } of runs.runs.values()) counts.set(state, (counts.get(state) ?? 0) + 1)
    return [...counts]
      .map((entry) => entry.join(' '))
      .sort()
      .join()
  })
  let timer: number | undefined
  watch(states, () => {
    timer ??= window.setTimeout(() => {
      timer = undefined
      void store.loadStanding(query.value)
    }, MILLIS_BETWEEN_LOOKS)
  })
  onScopeDispose(() => window.clearTimeout(timer))

  void store.loadChoice()
  watch(query, (now) => void store.loadStanding(now), { immediate: true })
  watch(
    [query, () => store.standing?.finished],
    ([now, finished], [before, finishedBefore]) => {
      if (now !== before || (finished !== undefined && finished !== finishedBefore))
        void store.loadFindings(now)
    },
    { immediate: true },
  )
  onScopeDispose(store.leave)

  /** Nothing more is started, and what trains or waits is paused. */
  async function stop(): Promise<void> {
    const ids = underWay.value.map(({ id }) => id)
    await store.stop(query.value)
    await runs.act('pause', ids)
  }

  return { query, change, share, unfinished, underWay, canTrain, stop }
}
