import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Checkpoint, EpisodeReference, FloorRegion } from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { toFieldArrays, toJudgement } from '../replay/arrays.ts'
import { referenceKey } from '../replay/references.ts'
import type { FieldShown } from '../replay/scene/field.ts'
import type { JudgementArrays } from '../replay/source.ts'

/** About so many places of the floor are judged: fine enough for a smooth map, and done in a fraction of a second. */
const places = 4000
/** Maps that are kept; one takes about 50 kB. */
const mostFields = 300

/** What checkpoints think: of a recorded episode, and of every place on the floor. */
export const useReplayCriticsStore = defineStore('replay-critics', () => {
  const checkpoints = shallowRef<readonly Checkpoint[]>([])
  const fields = shallowRef<ReadonlyMap<string, FieldShown>>(new Map())
  const judgement = shallowRef<{ key: string; arrays: JudgementArrays } | null>(null)
  const error = shallowRef<string | null>(null)
  const isBusy = shallowRef(false)
  let listed = ''

  /** The checkpoints of these runs, run by run, oldest first. */
  async function list(runIds: readonly number[]): Promise<void> {
    const key = runIds.join()
    if (key === listed) return
    listed = key
    checkpoints.value = []
    await guarded(async () => {
      const lists = await Promise.all(runIds.map((runId) => api.checkpoints.list({ runId })))
      if (listed === key) checkpoints.value = lists.flatMap((one) => one.toSorted((a, b) => a.step - b.step))
    })
  }

  async function judge(reference: EpisodeReference, checkpointId: number): Promise<void> {
    const key = judgementKey(reference, checkpointId)
    if (judgement.value?.key === key) return
    await guarded(async () => {
      const { arrays } = await api.replays.judge({ ...reference, checkpointId })
      judgement.value = { key, arrays: toJudgement(arrays) }
    })
  }

  /** Reads a map unless it is there already. */
  async function readField(checkpointId: number, taskOfRunId: number, region: FloorRegion): Promise<void> {
    const key = fieldKey(checkpointId, taskOfRunId)
    if (fields.value.has(key)) return
    const [wide, deep] = [region.high[0] - region.low[0], region.high[1] - region.low[1]]
    const columns = Math.min(400, Math.max(2, Math.round(Math.sqrt((places * wide) / deep))))
    const rows = Math.min(400, Math.max(2, Math.round(places / columns)))
    await guarded(async () => {
      const { arrays, ...field } = await api.replays.field({ checkpointId, taskOfRunId, columns, rows })
      const { qSafe } = toFieldArrays(arrays)
      const kept = [...fields.value].slice(-mostFields)
      fields.value = new Map([...kept, [key, { ...field, qSafe }]])
    })
  }

  async function guarded(work: () => Promise<void>): Promise<void> {
    isBusy.value = true
    try {
      await work()
      error.value = null
    } catch (cause) {
      error.value = cause instanceof RangeError ? cause.message : toSentence(cause)
    }
    isBusy.value = false
  }

  return { checkpoints, fields, judgement, error, isBusy, list, judge, readField }
})

export const fieldKey = (checkpointId: number, taskOfRunId: number): string =>
  `${checkpointId} ${taskOfRunId}`
export const judgementKey = (reference: EpisodeReference, checkpointId: number): string =>
  `${referenceKey(reference)} ${checkpointId}`
