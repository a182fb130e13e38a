import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ExperimentResult } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { untilOpen } from '../connection.ts'
import { useUndoStore } from './undo.ts'

/** The result table of the experiment that is looked at, and what can be done to experiments. The list itself is with the runs. */
export const useExperimentsStore = defineStore('experiments', () => {
  const undo = useUndoStore()
  const result = shallowRef<ExperimentResult | null>(null)
  const error = shallowRef<string | null>(null)
  const refusal = shallowRef<string | null>(null)
  let shown: number | null = null

  async function loadResult(id: number, signal: AbortSignal): Promise<void> {
    if (shown !== id) result.value = null
    shown = id
    await untilOpen(signal)
    try {
      const loaded = await api.experiments.compare({ id })
      if (shown !== id || signal.aborted) return
      result.value = loaded
      error.value = null
    } catch (cause) {
      if (shown === id && !signal.aborted) error.value = toSentence(cause)
    }
  }

  async function annotate(id: number, changes: { name?: string; note?: string }): Promise<void> {
    await attempt(`Experiment ${id} was not changed`, () => api.experiments.annotate({ id, ...changes }))
  }

  /** Into the trash with its runs; false where that was refused. */
  async function remove(id: number, name: string, withFinetuning: boolean): Promise<boolean> {
    const isDone = await attempt(`Experiment ${id} was not deleted`, () =>
      api.experiments.delete({ id, withFinetuning }),
    )
    if (isDone) {
      undo.offer(`“${name}” was deleted with its runs.`, async () => {
        await attempt(`“${name}” was not restored`, () => api.experiments.restore({ id }))
      })
    }
    return isDone
  }

  async function attempt(what: string, work: () => Promise<unknown>): Promise<boolean> {
    refusal.value = null
    try {
      await work()
      return true
    } catch (cause) {
      refusal.value = `${what}: ${toSentence(cause)}`
      return false
    }
  }

  function dismissRefusal(): void {
    refusal.value = null
  }

  return { result, error, refusal, loadResult, annotate, remove, dismissRefusal }
})
