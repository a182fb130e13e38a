import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { FailureTrial, Task } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'

/** Samples of episodes that show what a task calls a failure. */
export const useFailureTrialStore = defineStore('failure-trials', () => {
  const trial = shallowRef<FailureTrial | null>(null)
  /** The task that was tried, as text. */
  const trialOf = shallowRef<string | null>(null)
  const isTrying = shallowRef(false)
  const error = shallowRef<string | null>(null)

  async function tryOut(task: Task): Promise<void> {
    isTrying.value = true
    error.value = null
    try {
      trial.value = await api.tasks.tryFailures({ task })
      trialOf.value = JSON.stringify(task)
    } catch (cause) {
      error.value = toSentence(cause)
    } finally {
      isTrying.value = false
    }
  }

  return { trial, trialOf, isTrying, error, tryOut }
})
