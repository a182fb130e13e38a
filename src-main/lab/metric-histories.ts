import type { Run } from '../contract/runs.ts'
import { MinMaxPyramid } from '../statistics/min-max-pyramid.ts'
import type { Store } from '../store/store.ts'
import type { Breathe } from './comparisons/breath.ts'

/** One metric of one run, and what finds its extremes. */
export interface MetricHistory {
  steps: Float64Array
  values: Float64Array
  pyramid: MinMaxPyramid
}

interface Kept {
  history: MetricHistory
  step: number
  trainedSeconds: number
}

/** Numbers kept at most, over all histories: 128 MB. */
const KEPT_NUMBERS = 16_000_000
const PAGE = 10_000

/** Reads long metrics in pages and keeps those read last; what a run has measured since is added. */
export class MetricHistories {
  readonly #store: Store
  readonly #kept = new Map<string, Kept>()
  #numbers = 0

  constructor(store: Store) {
    this.#store = store
  }

  async get(run: Run, name: string, breathe: Breathe): Promise<MetricHistory> {
    const key = `${run.id} ${name}`
    const known = this.#take(key)
    // A run that went back to a checkpoint has less behind it than when it was read, and measures anew.
    const isOlder =
      known !== undefined && (run.step < known.step || run.trainedSeconds < known.trainedSeconds)
    const before = isOlder ? undefined : known?.history
    const hasMoved = run.step !== known?.step || run.trainedSeconds !== known.trainedSeconds
    const history = before && !hasMoved ? before : await this.#read(run.id, name, before, breathe)
    this.#keep(key, { history, step: run.step, trainedSeconds: run.trainedSeconds })
    return history
  }

  async #read(
    runId: number,
    name: string,
    before: MetricHistory | undefined,
    breathe: Breathe,
  ): Promise<MetricHistory> {
    const steps: number[] = []
    const values: number[] = []
    for (let after = before?.steps.at(-1) ?? -1; ; after = steps.at(-1) ?? -1) {
      const page = this.#store.metrics.listPage(runId, name, after, PAGE)
      for (const [step, value] of page) {
        steps.push(step)
        values.push(value)
      }
      await breathe()
      if (page.length < PAGE) break
    }
    if (before && steps.length === 0) return before
    const all = joined(before?.values, values)
    return { steps: joined(before?.steps, steps), values: all, pyramid: new MinMaxPyramid(all) }
  }

  #take(key: string): Kept | undefined {
    const known = this.#kept.get(key)
    if (known === undefined) return undefined
    this.#kept.delete(key)
    this.#numbers -= sizeOf(known)
    return known
  }

  #keep(key: string, kept: Kept): void {
    this.#take(key)
    this.#kept.set(key, kept)
    this.#numbers += sizeOf(kept)
    for (const oldest of this.#kept.keys()) {
      if (this.#numbers <= KEPT_NUMBERS || oldest === key) break
      this.#take(oldest)
    }
  }
}

const sizeOf = ({ history }: Kept): number => 2 * history.steps.length

function joined(before: Float64Array | undefined, added: readonly number[]): Float64Array {
  const all = new Float64Array((before?.length ?? 0) + added.length)
  if (before) all.set(before)
  all.set(added, before?.length ?? 0)
  return all
}
