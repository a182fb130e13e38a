import type { Run } from '../contract/runs.ts'

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
  | 'trainedSeconds'
>

export interface Estimate {
  /** Share of the policy steps that is done, 0 to 1; null when nothing trains or can be trained. */
  progress: number | null
  /** Null also while no speed has been measured. */
  secondsLeft: number | null
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
  return { progress: done / all, secondsLeft: simulate(training, waiting, runs, slots) }
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
  runs: readonly EstimatedRun[],
  slots: number,
): number | null {
  const speeds = measuredSpeeds(runs)
  const seconds = (run: EstimatedRun): number | null => {
    const speed = (run.state === 'running' ? run.stepsPerSecond : null) || speeds(run)
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
  while (queue.length > 0) {
    freeAt.sort((a, b) => a - b)
    const free = freeAt[0] ?? 0
    const readyAt = (run: EstimatedRun) => readyTime(run, queue, endOf)
    const next = queue.reduce((best, run) =>
      Math.max(free, readyAt(run)) < Math.max(free, readyAt(best)) ? run : best,
    )
    const duration = seconds(next)
    if (duration === null) return null
    const end = Math.max(free, readyAt(next)) + duration
    freeAt[0] = end
    endOf.set(next.id, end)
    queue.splice(queue.indexOf(next), 1)
  }
  return Math.max(0, ...endOf.values())
}

function readyTime(
  run: EstimatedRun,
  queue: readonly EstimatedRun[],
  endOf: ReadonlyMap<number, number>,
): number {
  if (run.pretrainRunId === null || run.pretrainCheckpointId !== null) return 0
  const end = endOf.get(run.pretrainRunId)
  if (end !== undefined) return end
  return queue.some(({ id }) => id === run.pretrainRunId) ? Number.POSITIVE_INFINITY : 0
}

/** Steps per second to expect of a run that does not train yet: that of runs like it, else of its phase, else of any. */
function measuredSpeeds(runs: readonly EstimatedRun[]): (run: EstimatedRun) => number | null {
  const sums = new Map<string, { total: number; count: number }>()
  const keys = ({ specification: { method, phase } }: EstimatedRun) => [`${method} ${phase}`, phase, 'any']
  for (const run of runs) {
    const speed = averageSpeed(run)
    if (speed === null) continue
    for (const key of keys(run)) {
      const { total, count } = sums.get(key) ?? { total: 0, count: 0 }
      sums.set(key, { total: total + speed, count: count + 1 })
    }
  }
  return (run) => {
    const found = keys(run)
      .map((key) => sums.get(key))
      .find((sum) => sum !== undefined)
    return found === undefined ? null : found.total / found.count
  }
}

/** Over the whole run: the last measurement may be of a moment in which a checkpoint was written. */
function averageSpeed({ step, trainedSeconds, stepsPerSecond }: EstimatedRun): number | null {
  if (step > 0 && trainedSeconds > 0) return step / trainedSeconds
  return stepsPerSecond !== null && stepsPerSecond > 0 ? stepsPerSecond : null
}
