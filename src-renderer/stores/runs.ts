import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Experiment, Run, TransferRequest } from '../../src-main/contract/index.ts'
import { api, followAlways, toSentence } from '../api.ts'
import type { RunAction } from '../runs/derive.ts'

/** All runs of the lab, live, and what can be done with them. */
export const useRunsStore = defineStore('runs', () => {
  const runs = shallowRef<ReadonlyMap<number, Run>>(new Map())
  const experiments = shallowRef<ReadonlyMap<number, Experiment>>(new Map())
  const isLoaded = shallowRef(false)
  /** Why the list itself cannot be shown. */
  const error = shallowRef<string | null>(null)
  /** Why the last thing asked for was not done, naming what it was. */
  const refusal = shallowRef<string | null>(null)

  async function start(signal: AbortSignal): Promise<void> {
    try {
      await followAlways(
        (streamSignal) => api.runs.watch(undefined, { signal: streamSignal }),
        (batch, isFirst) => {
          take(batch, isFirst)
          isLoaded.value = true
        },
        signal,
      )
    } catch (cause) {
      error.value = toSentence(cause)
    }
  }

  function take(batch: Run[], replaceAll: boolean): void {
    const next = replaceAll ? new Map<number, Run>() : new Map(runs.value)
    for (const run of batch) {
      if (run.deletedAt === null) next.set(run.id, run)
      else next.delete(run.id)
    }
    runs.value = next
    if (batch.some(({ experimentId }) => !experiments.value.has(experimentId))) void loadExperiments()
  }

  async function loadExperiments(): Promise<void> {
    try {
      const list = await api.experiments.list()
      experiments.value = new Map(list.map((experiment) => [experiment.id, experiment]))
    } catch (cause) {
      refusal.value = `The experiments’ names could not be read: ${toSentence(cause)}`
    }
  }

  const experimentName = computed(() => {
    const known = experiments.value
    return (id: number) => known.get(id)?.name ?? `Experiment ${id}`
  })

  const verbs: Record<RunAction, string> = { pause: 'paused', resume: 'resumed', stop: 'stopped' }

  /** Asks for the action on each run; a refusal of one does not keep the others from it. */
  async function act(action: RunAction, ids: readonly number[]): Promise<void> {
    refusal.value = null
    const refusals: string[] = []
    await Promise.all(
      ids.map(async (id) => {
        try {
          take([await api.runs[action]({ id })], false)
        } catch (cause) {
          refusals.push(`Run ${id} was not ${verbs[action]}: ${toSentence(cause)}`)
        }
      }),
    )
    const more =
      refusals.length > 1 ? ` The same or another reason holds for ${refusals.length - 1} more.` : ''
    if (refusals[0] !== undefined) refusal.value = refusals[0] + more
  }

  async function extend(id: number, steps: number): Promise<boolean> {
    refusal.value = null
    try {
      take([await api.runs.extend({ id, steps })], false)
      return true
    } catch (cause) {
      refusal.value = `Run ${id} was not extended: ${toSentence(cause)}`
      return false
    }
  }

  async function startTransfer(request: TransferRequest): Promise<void> {
    refusal.value = null
    try {
      const experiment = await api.experiments.start(request)
      experiments.value = new Map(experiments.value).set(experiment.id, experiment)
    } catch (cause) {
      refusal.value = `The transfer was not started: ${toSentence(cause)}`
    }
  }

  function dismissRefusal(): void {
    refusal.value = null
  }

  return {
    runs,
    experiments,
    experimentName,
    isLoaded,
    error,
    refusal,
    start,
    act,
    extend,
    startTransfer,
    dismissRefusal,
  }
})
