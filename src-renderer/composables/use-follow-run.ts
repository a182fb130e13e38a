import { computed, onScopeDispose, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Run } from '../../src-main/contract/index.ts'
import type { ClockCommand } from '../replay/clock.ts'
import { hasEnded } from '../runs/derive.ts'
import { useNewestFailureStore } from '../stores/newest-failure.ts'
import { useRunsStore } from '../stores/runs.ts'
import type { ReplayClock } from './use-replay-clock.ts'

/** What shows that somebody looks for himself: whatever moves or stops the clock by hand. */
const byHand: readonly ClockCommand['type'][] = ['seek', 'step', 'pause', 'loop']

interface Followed {
  /** The run of the recorded episode that is shown; null: it is not one of this lab's. */
  run: () => Pick<Run, 'id'> | null
  episodeId: () => number | null
  clock: ReplayClock
}

/**
 * Shows each failure of a run as soon as it is recorded, once the one before it has been played to its end; `follow` in the address keeps it. Moving
 * the clock, or going to another failure, ends it.
 */
export function useFollowRun({ run, episodeId, clock }: Followed) {
  const route = useRoute()
  const router = useRouter()
  const runs = useRunsStore()
  const store = useNewestFailureStore()
  const motion = window.matchMedia('(prefers-reduced-motion: reduce)')
  const isFollowing = computed(() => route.query.follow === '1')
  const isLive = computed(() => {
    const found = runs.runs.get(run()?.id ?? 0)
    return found !== undefined && episodeId() !== null && !hasEnded(found)
  })

  function stop(): void {
    if (isFollowing.value) void router.replace({ query: { ...route.query, follow: undefined } })
  }
  function toggle(): void {
    if (isFollowing.value) stop()
    else void router.replace({ query: { ...route.query, follow: '1' } })
  }
  function send(command: ClockCommand): void {
    if (byHand.includes(command.type)) stop()
    clock.send(command)
  }

  let life = new AbortController()
  watch(
    [isFollowing, () => run()?.id ?? null],
    ([follows, runId]) => {
      life.abort()
      life = new AbortController()
      if (follows && runId !== null) void store.watch(runId, life.signal)
    },
    { immediate: true },
  )
  onScopeDispose(() => life.abort())

  watch([() => store.newest, clock.isPlaying, isFollowing, episodeId], ([newest, plays, follows, shown]) => {
    if (!follows || plays || newest === null || shown === null) return
    if (newest.runId !== run()?.id || newest.id === shown) return
    const { frame: _, ...query } = route.query
    void router.replace({ path: `/replay/${newest.id}`, query })
  })
  // The clock of a new episode has been set by then.
  watch(
    [episodeId, isFollowing],
    ([shown, follows], [before]) => {
      if (!follows || shown === null || shown === before || motion.matches) return
      clock.send({ type: 'play', direction: 1 })
    },
    { flush: 'post' },
  )

  return { isFollowing, isLive, toggle, send }
}
