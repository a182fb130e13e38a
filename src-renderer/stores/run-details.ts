import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Checkpoint, Episode, MetricPoint, RunEvent } from '../../src-main/contract/index.ts'
import { api, follow, toSentence } from '../api.ts'
import { untilOpen } from '../connection.ts'
import { createProblems } from './problems.ts'

/** Episodes that are read and drawn within a frame or two. */
const pageSize = 2000

/** read: what there is; follow: what is new; window: a part in more detail. */
type Part = 'read' | 'follow' | 'window'

export interface MutableSeries {
  steps: number[]
  values: number[]
}

/** What the view of one run shows beyond the run itself: its episodes, metrics and checkpoints. */
export const useRunDetailsStore = defineStore('run-details', () => {
  const episodes = shallowRef<readonly Episode[]>([])
  const metrics = shallowRef<ReadonlyMap<string, MutableSeries>>(new Map())
  /** Points that the lab holds of each metric, where it sent fewer. */
  const thinned = shallowRef<ReadonlyMap<string, number>>(new Map())
  const checkpoints = shallowRef<Checkpoint[]>([])
  const log = shallowRef<readonly RunEvent[]>([])
  const isLoaded = shallowRef(false)
  const { error, say, clear, has } = createProblems<Part>()
  let runId: number | null = null

  /** Forgets the run shown before and reads this one. */
  async function open(id: number, signal: AbortSignal): Promise<void> {
    runId = id
    episodes.value = []
    metrics.value = new Map()
    thinned.value = new Map()
    checkpoints.value = []
    log.value = []
    isLoaded.value = false
    clear()
    await untilOpen(signal)
    await guarded(id, 'read', async () => {
      await Promise.all([loadMetrics(id), loadEpisodes(id), loadCheckpoints(id), loadLog(id)])
    })
    markLoaded(id)
  }

  function markLoaded(id: number): void {
    if (runId === id && !has('read')) isLoaded.value = true
  }

  /** Reads what the run has brought forth since the last time; called whenever the run is seen to have moved, to `step`. */
  async function refresh(id: number, step: number): Promise<void> {
    // The run went back to a checkpoint, and the lab has forgotten what came after it.
    if (runId === id && (episodes.value.at(-1)?.step ?? 0) > step) episodes.value = []
    await guarded(id, 'read', async () => {
      await Promise.all([loadEpisodes(id), loadCheckpoints(id), loadLog(id)])
    })
    markLoaded(id)
  }

  /** Takes new metrics until the run ends or the signal aborts. */
  async function followMetrics(id: number, signal: AbortSignal): Promise<void> {
    await guarded(id, 'follow', () =>
      follow(
        (streamSignal) =>
          api.metrics.watch({ runId: id, afterStep: lastMetricStep() }, { signal: streamSignal }),
        (points) => {
          if (runId === id) append(points)
        },
        signal,
      ),
    )
  }

  async function guarded(id: number, part: Part, work: () => Promise<void>): Promise<void> {
    let problem: string | null = null
    try {
      await work()
    } catch (cause) {
      problem = toSentence(cause)
    }
    if (runId === id) say(part, problem)
  }

  /** One metric after the other: all of a long run at once would hold up the page. */
  async function loadMetrics(id: number): Promise<void> {
    for (const name of await api.metrics.namesOf({ runId: id })) {
      const window = Object.entries(await api.metrics.window({ runId: id, names: [name] }))
      if (runId !== id) return
      metrics.value = new Map([...metrics.value, ...window])
      const shortened = window.filter(([, { steps, total }]) => steps.length < total)
      if (shortened.length > 0)
        thinned.value = new Map([
          ...thinned.value,
          ...shortened.map(([key, { total }]) => [key, total] as const),
        ])
    }
  }

  /** The thinned-out metrics between two steps in as much detail as can be drawn; null where none is thinned out. */
  async function readWindow(from: number, to: number): Promise<ReadonlyMap<string, MutableSeries> | null> {
    if (runId === null || thinned.value.size === 0) return null
    const names = [...thinned.value.keys()]
    const bounds = { from: Math.max(0, Math.floor(from)), to: Math.max(0, Math.ceil(to)) }
    try {
      return new Map(Object.entries(await api.metrics.window({ runId, names, ...bounds })))
    } catch (cause) {
      say('window', toSentence(cause))
      return null
    }
  }

  async function loadLog(id: number): Promise<void> {
    const list = await api.runs.log({ id })
    if (runId === id) log.value = list
  }

  /** The networks of a checkpoint as a file for other programs; a sentence where there is none. */
  async function downloadCheckpoint(id: number): Promise<{ name: string; content: Blob } | string> {
    try {
      const { fileName, bytes } = await api.checkpoints.download({ id })
      return { name: fileName, content: new Blob([bytes], { type: 'application/zip' }) }
    } catch (cause) {
      return `The checkpoint was not exported: ${toSentence(cause)}`
    }
  }

  async function loadEpisodes(id: number): Promise<void> {
    for (;;) {
      const fromIndex = (episodes.value.at(-1)?.index ?? -1) + 1
      const page = await api.episodes.list({ runId: id, fromIndex, limit: pageSize })
      if (runId !== id) return
      const known = episodes.value.at(-1)?.index ?? -1
      // Two refreshes may be under way at once.
      const fresh = page.filter(({ index }) => index > known)
      if (fresh.length > 0) episodes.value = [...episodes.value, ...fresh]
      if (page.length < pageSize) return
    }
  }

  async function loadCheckpoints(id: number): Promise<void> {
    const list = await api.checkpoints.list({ runId: id })
    if (runId === id) checkpoints.value = list
  }

  function lastMetricStep(): number {
    let last = -1
    for (const { steps } of metrics.value.values()) last = Math.max(last, steps.at(-1) ?? -1)
    return last
  }

  /** A run that went back to a checkpoint measures anew what came after it: a point replaces those at its step and later. */
  function append(points: MetricPoint[]): void {
    const next = new Map(metrics.value)
    for (const { step, values } of points) {
      for (const [name, value] of Object.entries(values)) {
        const series = next.get(name) ?? { steps: [], values: [] }
        while ((series.steps.at(-1) ?? -1) >= step) {
          series.steps.pop()
          series.values.pop()
        }
        series.steps.push(step)
        series.values.push(value)
        // A new object, so that what is computed from the series is computed again.
        next.set(name, { steps: series.steps, values: series.values })
      }
    }
    metrics.value = next
  }

  return {
    episodes,
    metrics,
    checkpoints,
    log,
    isLoaded,
    error,
    open,
    refresh,
    followMetrics,
    downloadCheckpoint,
    readWindow,
  }
})
