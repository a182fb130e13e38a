import { computed, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { BranchRequest } from '../../src-main/contract/index.ts'
import type { BranchConditions } from '../replay/branches.ts'
import { type Alignment, type Ghost, lastFrameOfAll, offsetOf } from '../replay/ghosts.ts'
import { mostPanes } from '../replay/panes.ts'
import { impulseOf } from '../replay/push.ts'
import { referenceKey } from '../replay/references.ts'
import type { OpenReplay } from '../stores/replay.ts'
import { useReplayGhostsStore } from '../stores/replay-ghosts.ts'
import type { Companion } from './use-replay-beside.ts'

/** ghosts: all in one scene. side: each recorded episode in a pane of its own. */
export type Arrangement = 'ghosts' | 'side'

/** The episodes beside the one that is replayed: those the address names, and the branch's. */
export function useReplayGhosts(replay: () => OpenReplay | null) {
  const route = useRoute()
  const router = useRouter()
  const store = useReplayGhostsStore()

  const companionIds = computed(() => {
    const text = typeof route.query.with === 'string' ? route.query.with : ''
    const ids = text.split(',').map(Number)
    return [...new Set(ids.filter((id) => Number.isSafeInteger(id) && id > 0 && id !== replay()?.episode.id))]
  })
  function setQuery(changes: Record<string, string | undefined>): void {
    void router.replace({ query: { ...route.query, ...changes } })
  }
  const alignment = computed<Alignment>({
    get: () => (route.query.align === 'end' ? 'end' : 'start'),
    set: (next) => setQuery({ align: next === 'end' ? 'end' : undefined }),
  })
  const arrangement = computed<Arrangement>({
    get: () => (route.query.show === 'side' ? 'side' : 'ghosts'),
    set: (next) => setQuery({ show: next === 'side' ? 'side' : undefined }),
  })
  const areCamerasLinked = computed({
    get: () => route.query.cameras !== 'free',
    set: (next) => setQuery({ cameras: next ? undefined : 'free' }),
  })
  function setCompanions(ids: readonly number[]): void {
    setQuery({ with: ids.length > 0 ? ids.join() : undefined })
  }

  watch(
    () => {
      const opened = replay()
      return opened && referenceKey(opened.reference)
    },
    () => store.forget(),
    { immediate: true },
  )
  watch(
    [companionIds, () => replay() !== null],
    ([ids, isOpen]) => {
      if (isOpen) void store.accompany(ids)
    },
    { immediate: true },
  )

  const companions = computed<Companion[]>(() => {
    const opened = replay()
    if (opened === null) return []
    return store.companions.map((companion) => ({
      opened: companion,
      ghost: {
        key: `episode ${companion.episode.id}`,
        name: `Episode ${companion.episode.id}`,
        source: companion.source,
        outcome: companion.episode.outcome,
        offset: offsetOf(companion.source, opened.source.lastFrame, alignment.value),
      },
    }))
  })
  /** Those that have a pane of their own; what finds no room stays a ghost. */
  const beside = computed(() =>
    arrangement.value === 'side' ? companions.value.slice(0, mostPanes - 1) : [],
  )
  /** Those that are drawn into the scene of the episode that is replayed. */
  const ghosts = computed<Ghost[]>(() => [
    ...companions.value.slice(beside.value.length).map(({ ghost }) => ghost),
    ...store.branchGhosts,
  ])
  /** The branch whose ghosts are there. */
  const shownBranch = computed(() => (store.branchGhosts.length > 0 ? (store.results[0] ?? null) : null))
  const lastFrame = computed(() => {
    const opened = replay()
    if (opened === null) return 0
    const all = [...companions.value.map(({ ghost }) => ghost), ...store.branchGhosts]
    return lastFrameOfAll(opened.source.lastFrame, all)
  })

  /** Simulates what would have come of the episode from a frame on. */
  function branch(
    frame: number,
    { checkpointId, masked, epsilonSafe, count, noise, push, text }: BranchConditions,
  ): void {
    const opened = replay()
    if (opened === null) return
    const { stateSize, actionSize, source, reference } = opened
    const impulse = impulseOf(push)
    const request: BranchRequest = {
      ...reference,
      frame,
      checkpointId,
      masked,
      actions: 'sampled',
      ...(epsilonSafe === undefined ? {} : { epsilonSafe }),
      noise,
      ...(impulse && { push: impulse }),
      seeds: Array.from({ length: count }, (_, seed) => seed),
    }
    void store.branch(request, { stateSize, actionSize, movingBodies: source.movingBodies }, text)
  }

  return {
    store,
    branch,
    shownBranch,
    companionIds,
    setCompanions,
    alignment,
    arrangement,
    areCamerasLinked,
    beside,
    ghosts,
    lastFrame,
  }
}

export type ReplayGhosts = ReturnType<typeof useReplayGhosts>
