import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Failure } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { untilOpen } from '../connection.ts'

/** The newest failure of the run that is followed. */
export const useNewestFailureStore = defineStore('newest-failure', () => {
  const newest = shallowRef<Failure | null>(null)
  const error = shallowRef<string | null>(null)

  /** Until the signal is given; a lost connection is taken up again. */
  async function watch(runId: number, signal: AbortSignal): Promise<void> {
    newest.value = null
    error.value = null
    while (!signal.aborted) {
      await untilOpen(signal)
      try {
        for await (const failure of await api.failures.watchNewest({ runId }, { signal })) {
          if (signal.aborted) return
          newest.value = failure
          error.value = null
        }
      } catch (cause) {
        if (!signal.aborted) error.value = toSentence(cause)
      }
      // A run that is not there any more has no stream, however often it is asked for.
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }

  return { newest, error, watch }
})
