import type { Interval } from '../contract/numbers.ts'
import { mean, quantile } from './averages.ts'
import { type BootstrapOptions, drawResamples, type Interruptible } from './bootstrap.ts'
import { probabilityOfImprovement } from './differences.ts'
import { picker } from './picker.ts'
import { performanceProfile } from './scores.ts'

/** Scores of one method's runs, task by task. */
export type TaskScores = readonly (readonly number[])[]

export interface Profile {
  /** At each threshold: share of the runs with a score above it, averaged over tasks. */
  share: number[]
  /** Pointwise interval; null where no task has two runs. */
  low: number[] | null
  high: number[] | null
}

/** As many as rliable draws for a profile. */
const RESAMPLES = 2000
const THRESHOLDS_AT_A_STRETCH = 10
const RESAMPLES_AT_A_STRETCH = 200

/**
 * Performance profile with a stratified bootstrap interval: runs are drawn anew within each task (Agarwal et al. 2021).
 * @param thresholds ascending.
 */
export function* bootstrappingProfile(
  scores: TaskScores,
  thresholds: readonly number[],
  { resamples = RESAMPLES, level = 0.95, seed = 0 }: BootstrapOptions = {},
): Interruptible<Profile> {
  const tasks = scores.filter((task) => task.length > 0)
  const share = performanceProfile(tasks, thresholds)
  if (tasks.every((task) => task.length < 2)) return { share, low: null, high: null }
  const pick = picker(seed)
  // Of each run: how many thresholds its score is above. A resample then only counts.
  const places = tasks.map((task) =>
    task.map((score) => thresholds.filter((threshold) => score > threshold).length),
  )
  const drawn = thresholds.map(() => new Float64Array(resamples))
  const above = new Float64Array(thresholds.length + 1)
  for (let resample = 0; resample < resamples; resample++) {
    above.fill(0)
    for (const task of places)
      for (let n = 0; n < task.length; n++) {
        const place = task[pick(task.length)] ?? 0
        above[place] = (above[place] ?? 0) + 1 / (task.length * tasks.length)
      }
    let total = 0
    for (let place = thresholds.length; place > 0; place--) {
      total += above[place] ?? 0
      const column = drawn[place - 1]
      if (column) column[resample] = total
    }
    if (resample % RESAMPLES_AT_A_STRETCH === RESAMPLES_AT_A_STRETCH - 1) yield
  }
  const [low, high]: [number[], number[]] = [[], []]
  for (const [index, column] of drawn.entries()) {
    column.sort()
    low.push(quantile(column, (1 - level) / 2))
    high.push(quantile(column, (1 + level) / 2))
    if (index % THRESHOLDS_AT_A_STRETCH === THRESHOLDS_AT_A_STRETCH - 1) yield
  }
  return { share, low, high }
}

/**
 * Chance that a run of ours scores above one of theirs on the same task, averaged over tasks, with runs drawn anew on both sides of each task.
 * @param theirs of the same tasks in the same order. @returns null where a side of a task is empty.
 */
export function* bootstrappingImprovement(
  ours: TaskScores,
  theirs: TaskScores,
  { resamples = RESAMPLES, level = 0.95, seed = 0 }: BootstrapOptions = {},
): Interruptible<Interval | null> {
  const chances = ours.map((task, index) => probabilityOfImprovement(task, theirs[index] ?? []))
  const known = chances.filter((chance) => chance !== null)
  if (known.length === 0 || known.length < chances.length) return null
  const centre = mean(known)
  if (ours.every((task, index) => task.length < 2 && (theirs[index]?.length ?? 0) < 2))
    return { mean: centre, low: null, high: null }
  const pick = picker(seed)
  const pairs = ours.map((task, index) => {
    const sorted = (theirs[index] ?? []).toSorted((a, b) => a - b)
    const below = (bound: (other: number) => boolean) => sorted.filter(bound).length
    // Of each of ours: how many of theirs lie below it, and below or at it.
    const ranks = task.map((score) => ({
      below: below((other) => other < score),
      upTo: below((other) => other <= score),
    }))
    return { ranks, sums: new Float64Array(sorted.length + 1) }
  })
  const draw = () => {
    let total = 0
    for (const { ranks, sums } of pairs) {
      const count = sums.length - 1
      sums.fill(0)
      for (let n = 0; n < count; n++) {
        const at = 1 + pick(count)
        sums[at] = (sums[at] ?? 0) + 1
      }
      for (let n = 1; n <= count; n++) sums[n] = (sums[n] ?? 0) + (sums[n - 1] ?? 0)
      let wins = 0
      for (let n = 0; n < ranks.length; n++) {
        const { below, upTo } = ranks[pick(ranks.length)] ?? { below: 0, upTo: 0 }
        wins += ((sums[below] ?? 0) + (sums[upTo] ?? 0)) / 2
      }
      total += wins / (ranks.length * count)
    }
    return total / pairs.length
  }
  const drawn = yield* drawResamples(draw, resamples)
  return { mean: centre, low: quantile(drawn, (1 - level) / 2), high: quantile(drawn, (1 + level) / 2) }
}
