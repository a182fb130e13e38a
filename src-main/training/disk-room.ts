/** How soon a disk that was too full is looked at again. */
const AGAIN_MILLIS = 30_000

export interface DiskLimits {
  /** Of the lab's disk. */
  freeBytes: () => number
  /** Below this there is no room to train. */
  reservedBytes: number
}

/** Whether the lab's disk has room to train; where it has none, looks again by and by. */
export class DiskRoom {
  readonly #limits: DiskLimits
  readonly #again: () => void
  #timer: NodeJS.Timeout | null = null

  /** @param again there may be room now. */
  constructor(limits: DiskLimits, again: () => void) {
    this.#limits = limits
    this.#again = again
  }

  get isEnough(): boolean {
    return this.#limits.freeBytes() >= this.#limits.reservedBytes
  }

  /** What is left, as words. */
  get text(): string {
    return `${Math.round(this.#limits.freeBytes() / 2 ** 20)} MiB`
  }

  lookAgainLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#again()
    }, AGAIN_MILLIS).unref()
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }
}
