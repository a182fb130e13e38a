import { computed, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { failuresLink, orderFromText, replayLink } from '../failures/query.ts'
import { useFailureNeighboursStore } from '../stores/failure-neighbours.ts'

/**
 * The failures before and after an episode, in the order that the address's `in` names, or else among all of the lab. An episode that is not among them
 * has neither; nor has one that no run recorded (null).
 */
export function useFailureNeighbours(episodeId: () => number | null) {
  const route = useRoute()
  const router = useRouter()
  const store = useFailureNeighboursStore()
  const text = computed(() => (typeof route.query.in === 'string' ? route.query.in : ''))
  const order = computed(() => orderFromText(text.value))

  watch(
    [episodeId, text],
    ([id]) => {
      if (id === null) store.close()
      else void store.open(id, order.value)
    },
    { immediate: true },
  )

  const linkTo = (id: number | null | undefined) =>
    id === null || id === undefined ? null : replayLink(id, order.value)
  const previousLink = computed(() => linkTo(store.neighbours?.previousId))
  const nextLink = computed(() => linkTo(store.neighbours?.nextId))
  const go = (link: ReturnType<typeof linkTo>) => {
    if (link !== null) void router.replace(link)
  }

  return {
    /** From 0, and out of how many; null: the episode is not among them, or that is not known yet. */
    place: computed(() => {
      const { neighbours } = store
      return neighbours && { position: neighbours.position, total: neighbours.total }
    }),
    previousLink,
    nextLink,
    listLink: computed(() => failuresLink(order.value)),
    goPrevious: () => go(previousLink.value),
    goNext: () => go(nextLink.value),
    error: computed(() => store.error),
  }
}
