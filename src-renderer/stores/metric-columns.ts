import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { api } from '../api.ts'
import { untilOpen } from '../connection.ts'

/** Last values of metrics over all runs, for the columns that show them. */
export const useMetricColumnsStore = defineStore('metric-columns', () => {
  const names = shallowRef<readonly string[]>([])
  const latest = shallowRef<ReadonlyMap<string, ReadonlyMap<number, number>>>(new Map())

  async function loadNames(): Promise<void> {
    try {
      await untilOpen(new AbortController().signal)
      names.value = await api.metrics.names()
    } catch {
      // The menu then offers no metrics; the notice of the connection says why.
    }
  }

  async function load(wanted: readonly string[]): Promise<void> {
    await untilOpen(new AbortController().signal)
    const loaded = await Promise.all(
      wanted.map(async (name) => {
        try {
          const { runIds, values } = await api.metrics.latest({ name })
          return [name, new Map(runIds.map((id, index) => [id, values[index] ?? Number.NaN]))] as const
        } catch {
          return [name, latest.value.get(name) ?? new Map<number, number>()] as const
        }
      }),
    )
    latest.value = new Map(loaded)
  }

  return { names, latest, loadNames, load }
})
