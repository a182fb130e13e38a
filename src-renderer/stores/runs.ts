import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Experiment, Run, RunCommand, TransferRequest } from '../../src-main/contract/index.ts'
import { api, followAlways, toSentence } from '../api.ts'
import { type RunAction, sayCommand } from '../runs/derive.ts'
import { useUndoStore } from './undo.ts'

/** A command over many runs that is under way. */
export interface CommandUnderWay {
  label: string
  done: number
  total: number
  cancel(): void
}

/** All runs of the lab, live, and what can be done with them. */
export const useRunsStore = defineStore('runs', () => {
  const undo = useUndoStore()
  const runs = shallowRef<ReadonlyMap<number, Run>>(new Map())
  const experiments = shallowRef<ReadonlyMap<number, Experiment>>(new Map())
  const isLoaded = shallowRef(false)
  /** Why the list itself cannot be shown. */
  const error = shallowRef<string | null>(null)
  /** Why the last thing asked for was not done, naming what it was. */
  const refusal = shallowRef<string | null>(null)
  const underWay = shallowRef<CommandUnderWay | null>(null)
  /** What has come of the list that the lab sends first; null once it is complete. */
  let listing: Map<number, Run> | null = null

  async function start(signal: AbortSignal): Promise<void> {
    try {
      await Promise.all([
        followAlways(
          (streamSignal) => api.experiments.watch(undefined, { signal: streamSignal }),
          (list) => {
            experiments.value = new Map(list.map((experiment) => [experiment.id, experiment]))
          },
          signal,
        ),
        followAlways(
          (streamSignal) => api.runs.watch(undefined, { signal: streamSignal }),
          takeFromStream,
          signal,
        ),
      ])
    } catch (cause) {
      error.value = toSentence(cause)
    }
  }

  /** The first part is shown at once where there was nothing; what was there stays until the list is complete. */
  function takeFromStream(batch: Run[], isFirst: boolean): void {
    if (isFirst) listing = new Map()
    if (listing === null) {
      take(batch)
      return
    }
    for (const run of batch) listing.set(run.id, run)
    if (batch.length === 0 || (isFirst && runs.value.size === 0)) runs.value = new Map(listing)
    if (batch.length === 0) {
      listing = null
      isLoaded.value = true
    } else if (isFirst) isLoaded.value = true
  }

  function take(batch: readonly Run[]): void {
    const next = new Map(runs.value)
    for (const run of batch) {
      if (run.deletedAt === null) next.set(run.id, run)
      else next.delete(run.id)
    }
    runs.value = next
  }

  const experimentName = computed(() => {
    const known = experiments.value
    return (id: number) => known.get(id)?.name ?? `Experiment ${id}`
  })

  /** Does it to each run; a refusal of one does not keep the others from it. Gives the ids of what changed. */
  async function command(order: RunCommand, ids: readonly number[]): Promise<number[]> {
    refusal.value = null
    if (ids.length === 0) return []
    const cancelled = new AbortController()
    const { label, refused } = sayCommand(order)
    const changed: number[] = []
    const reasons: string[] = []
    const show = (done: number) => {
      underWay.value = { label, done, total: ids.length, cancel: () => cancelled.abort() }
    }
    try {
      show(0)
      const stream = await api.runs.act({ ids: [...ids], command: order }, { signal: cancelled.signal })
      for await (const progress of stream) {
        changed.push(...progress.changed)
        reasons.push(...progress.refused.map(({ id, reason }) => `Run ${id} was not ${refused}: ${reason}`))
        show(progress.done)
      }
    } catch (cause) {
      if (!cancelled.signal.aborted) reasons.push(`Not every run was ${refused}: ${toSentence(cause)}`)
    } finally {
      underWay.value = null
    }
    const more = reasons.length > 1 ? ` The same or another reason holds for ${reasons.length - 1} more.` : ''
    if (reasons[0] !== undefined) refusal.value = reasons[0] + more
    return changed
  }

  async function act(action: RunAction, ids: readonly number[]): Promise<void> {
    await command({ type: action }, ids)
  }

  /** Into the trash, with an offer to take it back. */
  async function remove(ids: readonly number[], withFinetuning: boolean): Promise<void> {
    const changed = await command({ type: 'delete', withFinetuning }, ids)
    if (changed.length === 0) return
    const text =
      changed.length === 1 ? `Run ${changed[0]} was deleted.` : `${changed.length} runs were deleted.`
    undo.offer(text, async () => void (await command({ type: 'restore' }, changed)))
  }

  async function annotate(id: number, changes: { note?: string; tags?: string[] }): Promise<void> {
    refusal.value = null
    try {
      take([await api.runs.annotate({ id, ...changes })])
    } catch (cause) {
      refusal.value = `Run ${id} was not changed: ${toSentence(cause)}`
    }
  }

  async function extend(id: number, steps: number): Promise<boolean> {
    return (await command({ type: 'extend', steps }, [id])).length > 0
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
    underWay,
    start,
    command,
    act,
    remove,
    annotate,
    extend,
    startTransfer,
    dismissRefusal,
  }
})
