import type { Run } from '../contract/runs.ts'
import { LabError } from '../store/errors.ts'
import type { StateChange } from '../store/runs.ts'
import type { Store } from '../store/store.ts'

/** How soon states that a full disk refused are tried again. */
const retryMillis = 5000

/** States that have come about, whether they can be written now or not: where the disk is full they hold until they can. */
export class PendingStates {
  readonly #store: Store
  readonly #onWritten: () => void
  readonly #unwritten = new Map<number, StateChange>()
  #retry: NodeJS.Timeout | null = null
  #isClosed = false

  /** @param onWritten called when what was refused before could be written. */
  constructor(store: Store, onWritten: () => void) {
    this.#store = store
    this.#onWritten = onWritten
  }

  get isEmpty(): boolean {
    return this.#unwritten.size === 0
  }

  write(runId: number, change: StateChange): void {
    this.#unwritten.set(runId, change)
    this.#writeAll()
  }

  /** The run with a state that could not be written yet. */
  overlay(run: Run): Run {
    const change = this.#unwritten.get(run.id)
    return change === undefined ? run : { ...run, state: change.state, error: change.error ?? null }
  }

  /** Tries a last time; nothing is tried again after it. */
  close(): void {
    this.#isClosed = true
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#writeAll()
  }

  #writeAll(): void {
    try {
      for (const [runId, change] of this.#unwritten) {
        this.#store.changeState(runId, change)
        this.#unwritten.delete(runId)
      }
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      if (!this.#isClosed) this.#retryLater()
    }
  }

  #retryLater(): void {
    if (this.#retry !== null) return
    this.#retry = setTimeout(() => {
      this.#retry = null
      this.#writeAll()
      this.#onWritten()
    }, retryMillis)
    this.#retry.unref()
  }
}
