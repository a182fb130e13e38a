import { type DescribedRun, differingTraits, taskOf } from './grouping.ts'

/** Runs that end within this share of the longest have had the same training but for an episode. */
const SAME_LENGTH = 0.99

export interface Length {
  least: number
  most: number
}

export function lengthOf(steps: readonly number[]): Length | null {
  return steps.length === 0 ? null : { least: Math.min(...steps), most: Math.max(...steps) }
}

const areEqualLengths = ({ least, most }: Length): boolean => least >= SAME_LENGTH * most

const steps = (count: number) => count.toLocaleString('en')

/** Why the last figures of runs of one group cannot be averaged; null where they can. */
function refuseLengths(length: Length | null): string | null {
  if (length === null || areEqualLengths(length)) return null
  return `Not averaged: its runs end at different steps, ${steps(length.least)} to ${steps(length.most)}. Compare at the step that all have reached, or leave the shorter runs out.`
}

/** Why figures of two groups cannot be set against each other; null where they can, or where one is refused already. */
export function refuseDifference(ours: Length | null, theirs: Length | null): string | null {
  if (ours === null || theirs === null || !areEqualLengths(ours) || !areEqualLengths(theirs)) return null
  const both = { least: Math.min(ours.least, theirs.least), most: Math.max(ours.most, theirs.most) }
  if (areEqualLengths(both)) return null
  return `No differences: its runs end at step ${steps(ours.most)}, those of the baseline at ${steps(theirs.most)}. Compare at the step that all have reached.`
}

const MOST_NAMES = 3

/** Why runs cannot be counted as seeds; null where each has a seed of its own. */
function refuseSeeds(runs: readonly DescribedRun[]): string | null {
  const seeds = new Set(runs.map(({ run }) => run.specification.seed)).size
  if (seeds === runs.length) return null
  const telling = differingTraits(runs).filter((name) => name !== 'run' && name !== 'seed')
  const settings = telling.filter((name) => name !== 'experiment')
  const names = (settings.length > 0 ? settings : telling).slice(0, MOST_NAMES)
  const remedy =
    names.length === 0
      ? 'They repeat the same settings: keep one run of each seed.'
      : `Group them also by what tells them apart: ${names.join(', ')}.`
  return `Not averaged: ${runs.length} runs have only ${seeds === 1 ? 'one seed' : `${seeds} different seeds`}, so they are not independent. ${remedy}`
}

/** Why figures of runs of several tasks cannot be averaged: a return means something else on each. */
export function refuseTasks(runs: readonly DescribedRun[]): string | null {
  const tasks = new Set(runs.map(taskOf)).size
  if (tasks <= 1) return null
  const names = differingTraits(runs).filter((name) => runs.some(({ taskNames }) => taskNames.includes(name)))
  return `Not averaged: its runs are of ${tasks} different tasks, whose figures do not add up. Show a panel for each task, or group them also by ${names.slice(0, MOST_NAMES).join(', ')}.`
}

/** Why runs are not one sample of one thing, whatever their lengths; null where they are. Runs of several tasks may well share their seeds. */
export const refuseMixture = (runs: readonly DescribedRun[]): string | null =>
  refuseTasks(runs) ?? refuseSeeds(runs)

/** Whether runs can be averaged. */
export interface Judgement {
  /** Of the runs that have begun. */
  length: Length | null
  /** All are of one task, and each has a seed of its own. */
  isSample: boolean
  /** Why they cannot, in sentences; none where they can. */
  refusals: string[]
}

/** The one rule for every figure over seeds: runs without an episode count for nothing yet, and are not held against the others. */
export function judgeRuns(
  runs: readonly { described: DescribedRun; steps: number; episodes: number }[],
): Judgement {
  const known = runs.filter(({ episodes }) => episodes > 0)
  const length = lengthOf(known.map(({ steps }) => steps))
  const mixture = refuseMixture(known.map(({ described }) => described))
  const refusals = [mixture, refuseLengths(length)].filter((text) => text !== null)
  return { length, isSample: mixture === null, refusals }
}
