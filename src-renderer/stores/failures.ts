import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import {
  type Failure,
  type FailureOrder,
  type FailureSummary,
  type SceneDescription,
  type Task,
  unpackArrays,
} from '../../src-main/contract/index.ts'
import { api, toSentence } from '../api.ts'
import { untilOpen } from '../connection.ts'
import { useRunsStore } from './runs.ts'

const pageSize = 120
/** Ways asked for at once. */
const pathsAtOnce = 40

/** The failures of the lab that a view shows, in its order: the pages that were looked at, and what all of them are like. */
export const useFailuresStore = defineStore('failures', () => {
  const runs = useRunsStore()
  const summary = shallowRef<FailureSummary | null>(null)
  const total = shallowRef<number | null>(null)
  const pages = shallowRef<ReadonlyMap<number, readonly Failure[]>>(new Map())
  const paths = shallowRef<ReadonlyMap<number, Float32Array>>(new Map())
  const scenes = shallowRef<ReadonlyMap<string, SceneDescription>>(new Map())
  const isLoading = shallowRef(false)
  const error = shallowRef<string | null>(null)
  /** Failures that the runs had when this was read. */
  const countedThen = shallowRef<number | null>(null)
  let order: FailureOrder | null = null
  let scopeKey = ''
  const underWay = new Set<number>()
  const askedScenes = new Set<string>()

  const countedNow = computed(() => {
    let sum = 0
    for (const { failures } of runs.runs.values()) sum += failures
    return sum
  })
  /** Failures of the lab, chosen or not, that came since this was read. */
  const newCount = computed(() => (countedThen.value === null ? 0 : countedNow.value - countedThen.value))

  /** What was shown stays until the answer is there. */
  async function open(next: FailureOrder, isAgain = false): Promise<void> {
    order = next
    isLoading.value = true
    error.value = null
    const mine = () => order === next
    const { sort: _sort, descending: _descending, ...scope } = next
    const key = JSON.stringify(scope)
    const isSameScope = key === scopeKey && summary.value !== null && !isAgain
    try {
      await untilOpen(new AbortController().signal)
      const counted = countedNow.value
      const [first, counts] = await Promise.all([
        api.failures.list({ ...next, limit: pageSize }),
        isSameScope ? summary.value : api.failures.summarize(scope),
      ])
      if (!mine()) return
      scopeKey = key
      summary.value = counts
      countedThen.value = counted
      total.value = first.total
      pages.value = new Map([[0, first.failures]])
      underWay.clear()
      void loadPictures(first.failures)
    } catch (cause) {
      if (mine()) error.value = toSentence(cause)
    } finally {
      if (mine()) isLoading.value = false
    }
  }

  /** Reads what is missing of a stretch. */
  function ensure(from: number, to: number): void {
    if (order === null || total.value === null) return
    const last = Math.min(to, total.value - 1)
    for (let page = Math.floor(from / pageSize); page * pageSize <= last; page++)
      if (!pages.value.has(page) && !underWay.has(page)) void loadPage(page, order)
  }

  async function loadPage(page: number, ofOrder: FailureOrder): Promise<void> {
    underWay.add(page)
    try {
      const { failures } = await api.failures.list({ ...ofOrder, limit: pageSize, offset: page * pageSize })
      if (order !== ofOrder) return
      pages.value = new Map(pages.value).set(page, failures)
      await loadPictures(failures)
    } catch (cause) {
      if (order === ofOrder) error.value = toSentence(cause)
    } finally {
      if (order === ofOrder) underWay.delete(page)
    }
  }

  const at = (index: number): Failure | undefined =>
    pages.value.get(Math.floor(index / pageSize))?.[index % pageSize]

  /** Where a failure stands in the order shown; null: it is not in it. */
  async function positionOf(id: number): Promise<number | null> {
    if (order === null) return null
    try {
      return (await api.failures.neighbours({ id, order }))?.position ?? null
    } catch {
      return null
    }
  }

  /** A picture that does not come leaves its place empty: the list is worth more than an error over it. */
  async function loadPictures(failures: readonly Failure[]): Promise<void> {
    const tasks = new Map<string, Task>()
    for (const { runId } of failures) {
      const task = runs.runs.get(runId)?.specification.task
      if (task !== undefined) tasks.set(JSON.stringify(task), task)
    }
    for (const [key, task] of tasks) void loadScene(key, task)
    const wanted = failures
      .filter(({ id, hasFrames }) => hasFrames && !paths.value.has(id))
      .map(({ id }) => id)
    for (let from = 0; from < wanted.length; from += pathsAtOnce) {
      const ids = wanted.slice(from, from + pathsAtOnce)
      const { arrays } = await api.failures.paths({ ids }).catch(() => ({ arrays: null }))
      if (arrays === null) return
      const { offsets, points } = unpackArrays(arrays)
      if (!(points instanceof Float32Array) || !(offsets instanceof Int32Array)) return
      const next = new Map(paths.value)
      for (const [index, id] of ids.entries())
        next.set(id, points.subarray(2 * (offsets[index] ?? 0), 2 * (offsets[index + 1] ?? 0)))
      paths.value = next
    }
  }

  async function loadScene(key: string, task: Task): Promise<void> {
    if (askedScenes.has(key)) return
    askedScenes.add(key)
    try {
      const scene = await api.tasks.scene(task)
      scenes.value = new Map(scenes.value).set(key, scene)
    } catch {
      askedScenes.delete(key)
    }
  }

  const sceneOf = ({ runId }: Failure): SceneDescription | null => {
    const task = runs.runs.get(runId)?.specification.task
    return task === undefined ? null : (scenes.value.get(JSON.stringify(task)) ?? null)
  }

  return {
    summary,
    total,
    pages,
    paths,
    scenes,
    isLoading,
    error,
    newCount,
    open,
    ensure,
    at,
    positionOf,
    sceneOf,
  }
})
