import type { Run } from '../../contract/runs.ts'
import type { EpisodeOutcome } from '../../store/episodes.ts'
import type { Store } from '../../store/store.ts'
import type { Breathe } from './breath.ts'

/** What a run did, episode by episode; evaluation is left out. Arrays have an entry per episode. */
export interface RunHistory {
  /** Policy steps, seconds and failures when the run was read. */
  end: { steps: number; seconds: number; failures: number }
  /** Policy step at which each ended. */
  steps: Int32Array
  returns: Float64Array
  /** 1 for the policy's own episodes, 0 for extra rollouts. */
  isOwn: Uint8Array
  failed: Uint8Array
  succeeded: Uint8Array
  /** Failures up to and with each. */
  failuresSoFar: Int32Array
  /** Seconds of training at steps, both ascending, from (0, 0) on. */
  clock: { steps: number[]; seconds: number[] }
}

const KEPT = 400
const PAGE = 2000

/** Reads histories from the store, and keeps the last ones for as long as their runs do not move. */
export class RunHistories {
  readonly #store: Store
  readonly #kept = new Map<number, { stamp: string; history: RunHistory }>()

  constructor(store: Store) {
    this.#store = store
  }

  async get(run: Run, breathe: Breathe): Promise<RunHistory> {
    const stamp = [run.step, run.episodes, run.failures, run.trainedSeconds, run.startedAt].join()
    const known = this.#kept.get(run.id)
    this.#kept.delete(run.id)
    const history = known?.stamp === stamp ? known.history : await this.#read(run, breathe)
    this.#kept.set(run.id, { stamp, history })
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest)
    return history
  }

  async #read(run: Run, breathe: Breathe): Promise<RunHistory> {
    const pages: EpisodeOutcome[][] = []
    for (let fromIndex = 0; ; ) {
      const page = this.#store.episodes.listOutcomes(run.id, fromIndex, PAGE)
      pages.push(page)
      await breathe()
      if (page.length < PAGE) break
      fromIndex = (page.at(-1)?.[0] ?? 0) + 1
    }
    const count = pages.reduce((sum, page) => sum + page.length, 0)
    const history = {
      steps: new Int32Array(count),
      returns: new Float64Array(count),
      isOwn: new Uint8Array(count),
      failed: new Uint8Array(count),
      succeeded: new Uint8Array(count),
      failuresSoFar: new Int32Array(count),
    }
    let at = 0
    let failures = 0
    for (const page of pages) {
      for (const [, kind, step, value, outcome] of page) {
        if (kind === 'evaluation') continue
        if (outcome === 'failure') failures++
        history.steps[at] = step
        history.returns[at] = value
        history.isOwn[at] = kind === 'training' ? 1 : 0
        history.failed[at] = outcome === 'failure' ? 1 : 0
        history.succeeded[at] = outcome === 'success' ? 1 : 0
        history.failuresSoFar[at] = failures
        at++
      }
      await breathe()
    }
    return {
      end: { steps: run.step, seconds: run.trainedSeconds, failures },
      steps: history.steps.subarray(0, at),
      returns: history.returns.subarray(0, at),
      isOwn: history.isOwn.subarray(0, at),
      failed: history.failed.subarray(0, at),
      succeeded: history.succeeded.subarray(0, at),
      failuresSoFar: history.failuresSoFar.subarray(0, at),
      clock: this.#clockOf(run),
    }
  }

  /**
   * Checkpoints know their seconds, and between them each recorded point knows its speed: the speeds give the shape, stretched to fit the
   * checkpoints and the end.
   */
  #clockOf(run: Run): { steps: number[]; seconds: number[] } {
    const anchors = [
      ...this.#store.checkpoints.listTimes(run.id),
      { step: run.step, trainedSeconds: run.trainedSeconds },
    ]
    const speed = this.#store.metrics.history(run.id, ['stepsPerSecond']).stepsPerSecond
    const points = (speed?.steps ?? []).map((step, index) => ({ step, speed: speed?.values[index] ?? 0 }))
    const clock = { steps: [0], seconds: [0] }
    let next = 0
    for (const { step, trainedSeconds } of anchors) {
      const from = { step: clock.steps.at(-1) ?? 0, seconds: clock.seconds.at(-1) ?? 0 }
      if (step <= from.step) continue
      const between: { step: number; taken: number }[] = []
      let taken = 0
      let at = from.step
      for (let point = points[next]; point && point.step < step; point = points[++next]) {
        if (point.step <= at || point.speed <= 0) continue
        taken += (point.step - at) / point.speed
        at = point.step
        between.push({ step: at, taken })
      }
      const lastSpeed = points[next]?.speed ?? points[next - 1]?.speed ?? 1
      taken += (step - at) / (lastSpeed > 0 ? lastSpeed : 1)
      const stretch = Math.max(0, trainedSeconds - from.seconds) / taken
      for (const point of between) {
        clock.steps.push(point.step)
        clock.seconds.push(from.seconds + point.taken * stretch)
      }
      clock.steps.push(step)
      clock.seconds.push(Math.max(from.seconds, trainedSeconds))
    }
    return clock
  }
}
