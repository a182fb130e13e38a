import { type Interval, unknownInterval } from '../contract/numbers.ts'
import { interquartileMean, mean, quantile } from './averages.ts'
import { picker } from './picker.ts'

export interface BootstrapOptions {
  resamples?: number
  /** Share of the resampled figures inside the interval. */
  level?: number
  /** The same numbers and seed give the same interval. */
  seed?: number
}

/** Long work with pauses in it, in which whoever runs it can let others have their turn. */
export type Interruptible<T> = Generator<undefined, T, undefined>

/** Resamples between two pauses: a few milliseconds of work at most. */
const AT_A_STRETCH = 1000

/** Figures of so many resamples, ascending. */
export function* drawResamples(draw: () => number, resamples: number): Interruptible<Float64Array> {
  const figures = new Float64Array(resamples)
  for (let i = 0; i < resamples; i++) {
    figures[i] = draw()
    if (i % AT_A_STRETCH === AT_A_STRETCH - 1) yield
  }
  return figures.sort()
}

export function withoutPause<T>(work: Interruptible<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

/** Mean over seeds with a percentile bootstrap interval; one seed says nothing about the spread, so its bounds are null. */
export function* bootstrappingMean(
  values: readonly number[],
  options: BootstrapOptions = {},
): Interruptible<Interval> {
  if (values.length === 0) return unknownInterval
  if (values.length === 1) return { mean: mean(values), low: null, high: null }
  return yield* bootstrappingFigure([values], mean, options)
}

export const bootstrapMean = (values: readonly number[], options: BootstrapOptions = {}): Interval =>
  withoutPause(bootstrappingMean(values, options))

/**
 * Interquartile mean of scores[task][seed] with a bootstrap interval that draws seeds anew within each task (Agarwal et al. 2021,
 * "Deep Reinforcement Learning at the Edge of the Statistical Precipice").
 */
export function bootstrapInterquartileMean(
  scores: readonly (readonly number[])[],
  options: BootstrapOptions = {},
): Interval {
  const tasks = scores.filter((task) => task.length > 0)
  if (tasks.length === 0) return unknownInterval
  if (tasks.every((task) => task.length === 1)) {
    return { mean: interquartileMean(tasks.flat()), low: null, high: null }
  }
  return withoutPause(bootstrappingFigure(tasks, interquartileMean, options))
}

/** A figure of all values together with a percentile interval: values are drawn anew within each stratum, and stand in its place. */
export function* bootstrappingFigure(
  strata: readonly (readonly number[])[],
  figure: (values: ArrayLike<number>) => number,
  { resamples = 10_000, level = 0.95, seed = 0 }: BootstrapOptions,
): Interruptible<Interval> {
  const pick = picker(seed)
  const drawn = new Float64Array(strata.reduce((count, stratum) => count + stratum.length, 0))
  const draw = () => {
    let at = 0
    for (const stratum of strata) {
      for (let n = 0; n < stratum.length; n++) {
        drawn[at++] = stratum[pick(stratum.length)] ?? Number.NaN
      }
    }
    return figure(drawn)
  }
  const figures = yield* drawResamples(draw, resamples)
  return {
    mean: figure(strata.flat()),
    low: quantile(figures, (1 - level) / 2),
    high: quantile(figures, (1 + level) / 2),
  }
}
