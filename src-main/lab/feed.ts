import { setTimeout as sleep } from 'node:timers/promises'

/** How often a watcher is told at most. */
const millisBetweenBatches = 250

/** News for whoever watches: items pile up for each watcher until it takes them, and equal ones only once. */
export class Feed<T> {
  readonly #listeners = new Set<(item: T) => void>()

  get watchers(): number {
    return this.#listeners.size
  }

  publish(item: T): void {
    for (const listener of this.#listeners) listener(item)
  }

  /** Calls `listener` for each item, for as long as the feed is there. */
  listen(listener: (item: T) => void): void {
    this.#listeners.add(listener)
  }

  /** Collects from now on, until disposed of. */
  collect(wanted: (item: T) => boolean = () => true): Collector<T> {
    const pending = new Set<T>()
    let wake = () => {}
    const listener = (item: T) => {
      if (!wanted(item)) return
      pending.add(item)
      wake()
    }
    this.#listeners.add(listener)

    return {
      async *batches(signal) {
        const wakeUp = () => wake()
        signal.addEventListener('abort', wakeUp)
        try {
          while (!signal.aborted) {
            if (pending.size === 0) {
              await new Promise<void>((resolve) => {
                wake = resolve
              })
            }
            if (signal.aborted) return
            const batch = [...pending]
            pending.clear()
            yield batch
            await sleep(millisBetweenBatches, undefined, { signal, ref: false }).catch(() => {})
          }
        } finally {
          signal.removeEventListener('abort', wakeUp)
        }
      },
      [Symbol.dispose]: () => void this.#listeners.delete(listener),
    }
  }
}

export interface Collector<T> extends Disposable {
  /** What was published since the last batch, a few times a second at most; ends when the signal is given. */
  batches(signal: AbortSignal): AsyncGenerator<T[]>
}

/**
 * A generator that ends at any of the signals, and at once when its reader leaves, even while it waits for news: a plain generator
 * would hold on until the next item. Nothing of it fails after its end.
 */
export function watching<T>(
  signals: readonly (AbortSignal | undefined)[],
  generate: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  const left = new AbortController()
  const given = signals.filter((signal) => signal !== undefined)
  const ended = AbortSignal.any([left.signal, ...given])
  const inner = generate(ended)
  return {
    async next() {
      try {
        return await inner.next()
      } catch (error) {
        // Work that was under way when the lab closed fails on what is closed: nobody waits for it any more.
        if (ended.aborted) return { done: true, value: undefined }
        throw error
      }
    },
    return(value) {
      left.abort()
      return inner.return(value)
    },
    throw(error) {
      left.abort()
      return inner.throw(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await this.return()
    },
  }
}
