import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { FailureNeighbours, FailureOrder } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'

/** Which failures come before and after the one that is looked at. */
export const useFailureNeighboursStore = defineStore('failure-neighbours', () => {
  const neighbours = shallowRef<FailureNeighbours>(null)
  const error = shallowRef<string | null>(null)
  let asked = 0

  async function open(id: number, order: FailureOrder): Promise<void> {
    const mine = ++asked
    neighbours.value = null
    error.value = null
    try {
      const found = await api.failures.neighbours({ id, order })
      if (mine === asked) neighbours.value = found
    } catch (cause) {
      if (mine === asked) error.value = toSentence(cause)
    }
  }

  function close(): void {
    asked++
    neighbours.value = null
    error.value = null
  }

  return { neighbours, error, open, close }
})
