import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { RolloutRequest, Simulated } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { untilOpen } from '../connection.ts'
import { type FreshSeries, seedsOf } from '../replay/references.ts'

export type FreshResult = Omit<Simulated, 'arrays'>

/** How the fresh episodes of one series end. */
export const useFreshEpisodesStore = defineStore('fresh-episodes', () => {
  const results = shallowRef<readonly FreshResult[]>([])
  const total = shallowRef(0)
  const isRunning = shallowRef(false)
  const error = shallowRef<string | null>(null)
  const failures = computed(() => results.value.filter(({ outcome }) => outcome === 'failure'))
  let played = ''
  let life = new AbortController()

  /** Does nothing where this series is played already. */
  async function play(series: FreshSeries): Promise<void> {
    const request: RolloutRequest = { ...series.conditions, seeds: seedsOf(series), frames: false }
    const key = JSON.stringify(request)
    if (key === played) return
    stop()
    played = key
    const mine = new AbortController()
    life = mine
    results.value = []
    total.value = request.seeds.length
    error.value = null
    isRunning.value = true
    try {
      await untilOpen(mine.signal)
      for await (const { simulated } of await api.replays.rollOut(request, { signal: mine.signal })) {
        if (mine.signal.aborted) return
        const { arrays: _, ...result } = simulated
        results.value = [...results.value, result]
      }
    } catch (cause) {
      if (!mine.signal.aborted) error.value = toSentence(cause)
    } finally {
      if (life === mine) isRunning.value = false
    }
  }

  /** Ends what is being played; it begins anew when it is asked for again. */
  function stop(): void {
    life.abort()
    if (isRunning.value) played = ''
    isRunning.value = false
  }

  return { results, failures, total, isRunning, error, play, stop }
})
