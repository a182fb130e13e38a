import { computed, onScopeDispose, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { EpisodeReference } from '../../src-main/contract/index.ts'
import { type FreshSeries, freshLink, readSeries } from '../replay/references.ts'
import { useFreshEpisodesStore } from '../stores/fresh-episodes.ts'

/** The fresh episodes that the address names, how they end, and which of those that fail come before and after the one that is replayed. */
export function useFreshEpisodes(reference: () => EpisodeReference | null) {
  const route = useRoute()
  const router = useRouter()
  const store = useFreshEpisodesStore()
  const seed = computed(() => {
    const shown = reference()
    return shown !== null && 'fresh' in shown ? shown.fresh.seed : null
  })
  const series = computed<FreshSeries | null>(() => (seed.value === null ? null : readSeries(route.query)))

  watch(
    () => series.value && JSON.stringify(series.value),
    () => {
      if (series.value === null) store.stop()
      else void store.play(series.value)
    },
    { immediate: true },
  )
  onScopeDispose(() => store.stop())

  const failing = computed(() => store.failures.map((failure) => failure.seed))
  const linkTo = (to: number | undefined) =>
    to === undefined || series.value === null ? null : freshLink(series.value, to)
  const go = (link: ReturnType<typeof linkTo>) => {
    if (link !== null) void router.replace(link)
  }
  const previousLink = computed(() => linkTo(failing.value.findLast((other) => other < (seed.value ?? 0))))
  const nextLink = computed(() => linkTo(failing.value.find((other) => other > (seed.value ?? 0))))

  return {
    store,
    series,
    seed,
    place: computed(() => {
      const position = seed.value === null ? -1 : failing.value.indexOf(seed.value)
      return seed.value === null
        ? null
        : { position: position < 0 ? null : position, total: failing.value.length }
    }),
    previousLink,
    nextLink,
    listLink: computed(() => ({ query: { ...route.query, panel: 'fresh' } })),
    goPrevious: () => go(previousLink.value),
    goNext: () => go(nextLink.value),
    /** Plays this series from its first episode on. */
    show: (asked: FreshSeries) => void router.push(freshLink(asked)),
  }
}
