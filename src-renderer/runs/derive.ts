import type { Run, RunCommand, RunState } from '../../src-main/contract/index.ts'

export type RunAction = 'pause' | 'resume' | 'stop'

const allowedFrom: Record<RunAction, readonly RunState[]> = {
  pause: ['queued', 'running'],
  resume: ['paused', 'stopped', 'interrupted', 'failed'],
  stop: ['queued', 'running', 'pausing', 'paused', 'interrupted'],
}

export function canDo(run: Run, action: RunAction): boolean {
  return allowedFrom[action].includes(run.state)
}

export function isUnfinished(run: Run): boolean {
  return ['queued', 'running', 'pausing', 'stopping'].includes(run.state)
}

export function progressOf(run: Run): number {
  return run.state === 'finished' ? 1 : Math.min(1, run.step / run.specification.steps)
}

/** Failed share of all training episodes; null before the first has ended. */
export function failureRateOf(run: Run): number | null {
  return run.episodes === 0 ? null : run.failures / run.episodes
}

/** Policy steps per second now; null while nothing trains the run. */
export function speedOf(run: Run): number | null {
  return run.state === 'running' ? run.stepsPerSecond : null
}

/** Seconds until the run is done at its present speed; null while nothing trains it. */
export function secondsLeftOf(run: Run): number | null {
  const speed = speedOf(run)
  return speed === null || speed <= 0 ? null : (run.specification.steps - run.step) / speed
}

/** The same from the fastest to the slowest pace that is to be expected. */
export function timeLeftOf(run: Run): { low: number; high: number } | null {
  const seconds = secondsLeftOf(run)
  if (seconds === null) return null
  const steps = run.specification.steps - run.step
  return run.pace
    ? { low: steps / run.pace.high, high: steps / run.pace.low }
    : { low: seconds, high: seconds }
}

const stateNames: Record<RunState, string> = {
  queued: 'Waiting',
  running: 'Training',
  pausing: 'Pausing',
  paused: 'Paused',
  stopping: 'Stopping',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
  finished: 'Finished',
  failed: 'Gave up',
}

export function stateName(run: Run): string {
  return stateNames[run.state]
}

/** One sentence on what the state means for this run. */
export function explainState(run: Run, pretrainRun: Run | undefined): string {
  switch (run.state) {
    case 'queued':
      return explainWaiting(pretrainRun)
    case 'running':
      return 'A worker trains it now.'
    case 'pausing':
      return 'The worker writes a checkpoint and then pauses.'
    case 'paused':
      return 'Paused. It continues exactly here when resumed.'
    case 'stopping':
      return 'The worker writes a checkpoint and then stops.'
    case 'stopped':
      return 'Stopped. It can still be resumed from its last checkpoint.'
    case 'interrupted':
      return 'The lab or the worker ended before the run did. Resume it from its last checkpoint.'
    case 'finished':
      return 'All steps are done.'
    case 'failed':
      return run.error ?? 'The training gave up and left no reason.'
  }
}

function explainWaiting(pretrainRun: Run | undefined): string {
  if (pretrainRun === undefined || pretrainRun.state === 'finished') return 'Waits for a free slot.'
  if (isUnfinished(pretrainRun)) return `Waits for its pre-training, run ${pretrainRun.id}.`
  return `Waits for its pre-training, run ${pretrainRun.id}, which is ${stateNames[pretrainRun.state].toLowerCase()}.`
}

/** An ended run trains no more unless it is resumed or extended. */
export function hasEnded(run: Run): boolean {
  return ['finished', 'stopped', 'failed'].includes(run.state)
}

const commandWords: Record<RunCommand['type'], { label: string; refused: string }> = {
  pause: { label: 'Pausing', refused: 'paused' },
  resume: { label: 'Resuming', refused: 'resumed' },
  stop: { label: 'Stopping', refused: 'stopped' },
  extend: { label: 'Extending', refused: 'extended' },
  tag: { label: 'Tagging', refused: 'tagged' },
  delete: { label: 'Deleting', refused: 'deleted' },
  restore: { label: 'Restoring', refused: 'restored' },
}

/** What a command is called while it goes on, and the word for a run to which it was not done. */
export function sayCommand({ type }: RunCommand): { label: string; refused: string } {
  return commandWords[type]
}
