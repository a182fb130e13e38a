import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { type ClockCommand, frameOf, obey, startClock } from '../replay/clock.ts'

interface Film {
  /** Another one begins at the frame that the address names. */
  key: string
  lastFrame: number
  secondsPerFrame: number
}

export type ReplayClock = ReturnType<typeof useReplayClock>

const addressDelayMillis = 250
/** A slow machine skips pictures rather than time. */
const mostSecondsAtOnce = 1

/** Runs the clock of what is replayed while it plays, and keeps its frame in the address. */
export function useReplayClock(film: () => Film | null) {
  const route = useRoute()
  const router = useRouter()
  const state = shallowRef(startClock(0, 1))
  const frame = computed(() => frameOf(state.value))
  const isPlaying = computed(() => state.value.isPlaying)
  let request = 0
  let before: number | null = null

  function send(command: ClockCommand): void {
    state.value = obey(state.value, command)
  }

  function tick(now: number): void {
    // A tab in the background gets no ticks: time that nobody watched does not count.
    const seconds = before === null ? 0 : Math.min(mostSecondsAtOnce, (now - before) / 1000)
    before = now
    send({ type: 'elapse', seconds })
    request = state.value.isPlaying ? requestAnimationFrame(tick) : 0
  }

  watch(isPlaying, (plays) => {
    cancelAnimationFrame(request)
    before = null
    if (plays) request = requestAnimationFrame(tick)
  })
  onScopeDispose(() => cancelAnimationFrame(request))

  watch(
    film,
    (opened, earlier) => {
      if (opened === null) return
      if (opened.key === earlier?.key) {
        if (opened.lastFrame !== earlier.lastFrame) send({ type: 'length', lastFrame: opened.lastFrame })
        return
      }
      const wanted = Number(route.query.frame ?? 0)
      state.value = obey(startClock(opened.lastFrame, opened.secondsPerFrame), {
        type: 'seek',
        frame: Number.isFinite(wanted) ? wanted : 0,
        outside: 'clamp',
      })
    },
    { immediate: true },
  )

  let timer = 0
  watch([frame, isPlaying], ([now, plays]) => {
    window.clearTimeout(timer)
    if (plays || film() === null) return
    timer = window.setTimeout(() => writeAddress(now), addressDelayMillis)
  })
  onScopeDispose(() => window.clearTimeout(timer))

  function writeAddress(now: number): void {
    const text = now === 0 ? undefined : String(now)
    if (route.query.frame !== text) void router.replace({ query: { ...route.query, frame: text } })
  }

  return { state, frame, isPlaying, send }
}
