import type { EpisodeFigure, XAxis } from '../../contract/comparisons.ts'
import type { MetricHistory } from '../metric-histories.ts'
import type { RunHistory } from './run-history.ts'

/** One figure of one run: the value at any x is that of the last point at or before it. x ascends, not always strictly. */
export interface RunSeries {
  x: Float64Array
  y: Float64Array
  /** How far the run has got on the x axis. */
  end: number
}

/** A rate of fewer episodes than this says next to nothing, and its leaps would stretch the axis. */
export const fewestForRate = 20

export function episodeSeries(
  history: RunHistory,
  figure: EpisodeFigure,
  axis: XAxis,
  window: number,
): RunSeries {
  const isPolicyFigure = figure === 'return' || figure === 'success'
  const used = isPolicyFigure ? ownEpisodes(history) : null
  const count = used?.length ?? history.steps.length
  const position = positionOfEpisode(history, axis)
  const source =
    figure === 'return' ? history.returns : figure === 'success' ? history.succeeded : history.failed
  const x = new Float64Array(count)
  const y = new Float64Array(count)
  let sum = 0
  for (let i = 0; i < count; i++) {
    const episode = used === null ? i : (used[i] ?? 0)
    x[i] = position(episode)
    if (figure === 'cumulativeFailures') y[i] = history.failuresSoFar[i] ?? 0
    else if (figure === 'overallFailureRate') y[i] = (history.failuresSoFar[i] ?? 0) / (i + 1)
    else {
      const left = i - window
      sum += source[episode] ?? 0
      if (left >= 0) sum -= source[used === null ? left : (used[left] ?? 0)] ?? 0
      y[i] = sum / Math.min(i + 1, window)
    }
  }
  const isRate = figure === 'failureRate' || figure === 'overallFailureRate' || figure === 'success'
  const from = isRate ? Math.min(fewestForRate - 1, Math.max(0, y.length - 1)) : 0
  const isTooShort = isRate && y.length < fewestForRate
  const end = endOf(history, axis)
  if (isTooShort) return { x: new Float64Array(0), y: new Float64Array(0), end }
  // Before the first episode nothing has failed.
  if (figure === 'cumulativeFailures')
    return { x: Float64Array.of(0, ...x), y: Float64Array.of(0, ...y), end }
  return { x: x.subarray(from), y: y.subarray(from), end }
}

function ownEpisodes({ isOwn }: RunHistory): Uint32Array {
  const own = new Uint32Array(isOwn.length)
  let count = 0
  for (let index = 0; index < isOwn.length; index++) if (isOwn[index] === 1) own[count++] = index
  return own.subarray(0, count)
}

export function metricSeries(history: RunHistory, { steps, values }: MetricHistory, axis: XAxis): RunSeries {
  const position = positionOfStep(history, axis)
  return {
    x: axis === 'steps' ? steps : Float64Array.from(steps, position),
    y: values,
    end: endOf(history, axis),
  }
}

export function endOf(history: RunHistory, axis: XAxis): number {
  return axis === 'episodes' ? history.steps.length : history.end[axis]
}

function positionOfEpisode(history: RunHistory, axis: XAxis): (index: number) => number {
  if (axis === 'episodes') return (index) => index + 1
  if (axis === 'failures') return (index) => history.failuresSoFar[index] ?? 0
  const position = positionOfStep(history, axis)
  return (index) => position(history.steps[index] ?? 0)
}

/** For steps that ascend from call to call. */
function positionOfStep(history: RunHistory, axis: XAxis): (step: number) => number {
  if (axis === 'steps') return (step) => step
  let next = 0
  if (axis === 'seconds') {
    const { steps, seconds } = history.clock
    return (step) => {
      while (next < steps.length && (steps[next] ?? 0) < step) next++
      const [above, below] = [steps[next], steps[next - 1] ?? 0]
      const [late, early] = [seconds[next], seconds[next - 1] ?? 0]
      if (above === undefined || late === undefined || above === below) return late ?? early
      return early + ((step - below) / (above - below)) * (late - early)
    }
  }
  return (step) => {
    while (next < history.steps.length && (history.steps[next] ?? 0) <= step) next++
    return axis === 'episodes' ? next : (history.failuresSoFar[next - 1] ?? 0)
  }
}
