import type { z } from 'zod'
import type {
  LatestValues,
  MetricHistory,
  MetricPoint,
  MetricWindow,
  metricQuery,
  metricWindowQuery,
} from '../contract/metrics.ts'
import { breather } from './comparisons/breath.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'
import { watching } from './feed.ts'
import { hasEnded } from './runs.ts'

type MetricQuery = z.infer<typeof metricQuery>
type MetricWindowQuery = z.input<typeof metricWindowQuery>

export function metricCases({ store, measured, metricHistories, closing }: LabContext) {
  const stateOf = (runId: number) => {
    const run = store.runs.get(runId)
    if (run === null) throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
    return run.state
  }

  return {
    names: (): string[] => store.metrics.listAllNames(),
    namesOf(runId: number): string[] {
      stateOf(runId)
      return store.metrics.listNames(runId)
    },
    latest(name: string): LatestValues {
      const rows = store.metrics.listLatest(name)
      return { runIds: rows.map(({ runId }) => runId), values: rows.map(({ value }) => value) }
    },
    history({ runId, names }: MetricQuery): MetricHistory {
      stateOf(runId)
      return store.metrics.history(runId, names)
    },
    async window({ runId, names, from = 0, to, stretches = 1000 }: MetricWindowQuery): Promise<MetricWindow> {
      const run = store.runs.get(runId)
      if (run === null) throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
      const breathe = breather()
      const window: MetricWindow = {}
      for (const name of store.metrics.listNames(runId)) {
        if (names !== undefined && !names.includes(name)) continue
        const { steps, values, pyramid } = await metricHistories.get(run, name, breathe)
        const first = firstAbove(steps, from - 1)
        const last = to === undefined ? steps.length : firstAbove(steps, to)
        const places = pyramid.places(first, last, stretches)
        window[name] = {
          steps: places.map((place) => steps[place] ?? 0),
          values: places.map((place) => values[place] ?? 0),
          total: last - first,
        }
        await breathe()
      }
      return window
    },
    /**
     * Points after `afterStep`, then new ones as they come, until the run ends. A run that goes back to a checkpoint sends what it
     * measures after it anew: a point takes the place of the one at its step.
     */
    watch: ({ runId, names, afterStep }: MetricQuery & { afterStep: number }, signal?: AbortSignal) =>
      watching<MetricPoint[]>([signal, closing], async function* (ended) {
        stateOf(runId)
        using arrivals = measured.collect((event) => event.runId === runId)
        const missed = toPoints(store.metrics.history(runId, names, afterStep))
        if (missed.length > 0) yield missed
        if (hasEnded(stateOf(runId))) return
        for await (const events of arrivals.batches(ended)) {
          const points = only(
            events.flatMap((event) => event.points),
            names,
          )
          if (points.length > 0) yield points
          if (hasEnded(stateOf(runId))) return
        }
      }),
  }
}

/** Place of the first value above `bound` among ascending ones. */
export function firstAbove(ascending: ArrayLike<number>, bound: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) <= bound) low = middle + 1
    else high = middle
  }
  return low
}

function toPoints(history: MetricHistory): MetricPoint[] {
  const byStep = new Map<number, MetricPoint>()
  for (const [name, { steps, values }] of Object.entries(history)) {
    for (const [index, step] of steps.entries()) {
      const point = byStep.get(step) ?? { step, values: {} }
      const value = values[index]
      if (value !== undefined) point.values[name] = value
      byStep.set(step, point)
    }
  }
  return [...byStep.values()].sort((a, b) => a.step - b.step)
}

/** The wanted metrics that are finite, as in the store. */
function only(points: readonly MetricPoint[], names: readonly string[] | undefined): MetricPoint[] {
  return points
    .map(({ step, values }) => ({
      step,
      values: Object.fromEntries(
        Object.entries(values).filter(
          ([name, value]) => Number.isFinite(value) && (names === undefined || names.includes(name)),
        ),
      ),
    }))
    .filter(({ values }) => Object.keys(values).length > 0)
}
