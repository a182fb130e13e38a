import { computed, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { type Alignment, type Ghost, lastFrameOfAll, offsetOf } from '../replay/ghosts.ts'
import { referenceKey } from '../replay/references.ts'
import type { OpenReplay } from '../stores/replay.ts'
import { useReplayGhostsStore } from '../stores/replay-ghosts.ts'

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
  const alignment = computed<Alignment>({
    get: () => (route.query.align === 'end' ? 'end' : 'start'),
    set: (next) =>
      void router.replace({ query: { ...route.query, align: next === 'end' ? 'end' : undefined } }),
  })
  function setCompanions(ids: readonly number[]): void {
    void router.replace({ query: { ...route.query, with: ids.length > 0 ? ids.join() : undefined } })
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

  const ghosts = computed<Ghost[]>(() => {
    const opened = replay()
    if (opened === null) return []
    const recorded = store.companions.map(
      ({ episode, source }): Ghost => ({
        key: `episode ${episode.id}`,
        name: `Episode ${episode.id}`,
        source,
        outcome: episode.outcome,
        offset: offsetOf(source, opened.source.lastFrame, alignment.value),
      }),
    )
    return [...recorded, ...store.branchGhosts]
  })
  const lastFrame = computed(() => {
    const opened = replay()
    return opened === null ? 0 : lastFrameOfAll(opened.source.lastFrame, ghosts.value)
  })

  return { store, companionIds, setCompanions, alignment, ghosts, lastFrame }
}

export type ReplayGhosts = ReturnType<typeof useReplayGhosts>
