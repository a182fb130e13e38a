import type { Run } from '../contract/runs.ts'
import type { PaceRange } from '../training/pace.ts'

/** What of a run says how long it takes. */
export type EstimatedRun = Pick<
  Run,
  | 'id'
  | 'pretrainRunId'
  | 'pretrainCheckpointId'
  | 'specification'
  | 'state'
  | 'step'
  | 'stepsPerSecond'
  | 'pace'
  | 'trainedSeconds'
>

export interface Estimate {
  /** Share of the policy steps that is done, 0 to 1; null when nothing trains or can be trained. */
  progress: number | null
  /** From the fastest to the slowest pace that is to be expected; null also while none has been measured. */
  secondsLeft: { low: number; high: number } | null
}

/**
 * How far the given runs are, and how long they still take over so many slots. Left out are runs that will not go on by
 * themselves: paused, stopped, interrupted and failed ones, and those that wait for one of these.
 */
export function estimate(runs: readonly EstimatedRun[], slots: number): Estimate {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const waits = (run: EstimatedRun): boolean => run.state === 'queued' && pretrainGoesOn(run, byId)
  const training = runs.filter((run) => run.state === 'running')
  const waiting = runs.filter(waits)
  if (training.length + waiting.length === 0) return { progress: null, secondsLeft: null }

  const counted = [...training, ...waiting, ...runs.filter((run) => run.state === 'finished')]
  const done = counted.reduce((sum, run) => sum + run.step, 0)
  const all = counted.reduce((sum, run) => sum + Math.max(run.step, run.specification.steps), 0)
  const pace = expectedPaces(runs)
  const fastest = simulate(training, waiting, slots, (run) => pace(run)?.high ?? null)
  const slowest = simulate(training, waiting, slots, (run) => pace(run)?.low ?? null)
  const secondsLeft = fastest === null || slowest === null ? null : { low: fastest, high: slowest }
  return { progress: done / all, secondsLeft }
}

function pretrainGoesOn(run: EstimatedRun, byId: ReadonlyMap<number, EstimatedRun>): boolean {
  if (run.pretrainRunId === null || run.pretrainCheckpointId !== null) return true
  const pretrain = byId.get(run.pretrainRunId)
  if (pretrain === undefined || pretrain.state === 'finished' || pretrain.state === 'running') return true
  return pretrain.state === 'queued' && pretrainGoesOn(pretrain, byId)
}

/** Plays the supervisor's rule forward: a free slot takes the first waiting run whose pre-training is over. */
function simulate(
  training: readonly EstimatedRun[],
  waiting: readonly EstimatedRun[],
  slots: number,
  speedOf: (run: EstimatedRun) => number | null,
): number | null {
  const seconds = (run: EstimatedRun): number | null => {
    const speed = speedOf(run)
    return speed === null ? null : Math.max(0, run.specification.steps - run.step) / speed
  }
  const endOf = new Map<number, number>()
  const freeAt: number[] = []
  for (const run of training) {
    const left = seconds(run)
    if (left === null) return null
    endOf.set(run.id, left)
    freeAt.push(left)
  }
  while (freeAt.length < slots) freeAt.push(0)

  const queue = [...waiting]
  const queued = new Set(queue.map(({ id }) => id))
  while (queue.length > 0) {
    freeAt.sort((a, b) => a - b)
    const free = freeAt[0] ?? 0
    const readyAt = (run: EstimatedRun) => readyTime(run, queued, endOf)
    const next = queue.reduce((best, run) =>
      Math.max(free, readyAt(run)) < Math.max(free, readyAt(best)) ? run : best,
    )
    const duration = seconds(next)
    if (duration === null) return null
    const end = Math.max(free, readyAt(next)) + duration
    freeAt[0] = end
    endOf.set(next.id, end)
    queue.splice(queue.indexOf(next), 1)
    queued.delete(next.id)
  }
  return Math.max(0, ...endOf.values())
}

function readyTime(
  run: EstimatedRun,
  queued: ReadonlySet<number>,
  endOf: ReadonlyMap<number, number>,
): number {
  if (run.pretrainRunId === null || run.pretrainCheckpointId !== null) return 0
  const end = endOf.get(run.pretrainRunId)
  if (end !== undefined) return end
  return queued.has(run.pretrainRunId) ? Number.POSITIVE_INFINITY : 0
}

/** Steps per second to expect of a run: its own, else the slowest and fastest of runs like it, else of its phase, else of any. */
function expectedPaces(runs: readonly EstimatedRun[]): (run: EstimatedRun) => PaceRange | null {
  const known = new Map<string, PaceRange>()
  const keys = ({ specification: { method, phase } }: EstimatedRun) => [`${method} ${phase}`, phase, 'any']
  for (const run of runs) {
    const pace = ownPace(run)
    if (pace === null) continue
    for (const key of keys(run)) {
      const { low, high } = known.get(key) ?? pace
      known.set(key, { low: Math.min(low, pace.low), high: Math.max(high, pace.high) })
    }
  }
  return (run) =>
    ownPace(run) ??
    keys(run)
      .map((key) => known.get(key))
      .find((pace) => pace !== undefined) ??
    null
}

function ownPace(run: EstimatedRun): PaceRange | null {
  if (run.pace) return run.pace
  const speed = run.state === 'running' ? run.stepsPerSecond || averageSpeed(run) : averageSpeed(run)
  return speed === null ? null : { low: speed, high: speed }
}

/** Over the whole run: the last measurement may be of a moment in which a checkpoint was written. */
function averageSpeed({ step, trainedSeconds, stepsPerSecond }: EstimatedRun): number | null {
  if (step > 0 && trainedSeconds > 0) return step / trainedSeconds
  return stepsPerSecond !== null && stepsPerSecond > 0 ? stepsPerSecond : null
}
