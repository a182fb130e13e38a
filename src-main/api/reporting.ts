import { setTimeout as sleep } from 'node:timers/promises'

/** Readers are told this often at most; what they have not been told by then is overtaken by what is newer. */
const millisBetween = 100

/**
 * A stream of what some work reports while it goes on. Leaving the stream cancels the work, and the stream then ends when the work has
 * cleared up after itself. The last report is never lost.
 */
export function reporting<T>(
  left: AbortSignal | undefined,
  work: (report: (item: T) => void, cancelled: AbortSignal) => Promise<void>,
): AsyncGenerator<T, void, undefined> {
  const control = new AbortController()
  const cancelled = left === undefined ? control.signal : AbortSignal.any([left, control.signal])
  const inner = generate(work, cancelled)
  return {
    next: () => inner.next(),
    return(value) {
      control.abort()
      return inner.return(value)
    },
    throw(error) {
      control.abort()
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

async function* generate<T>(
  work: (report: (item: T) => void, cancelled: AbortSignal) => Promise<void>,
  cancelled: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const pending: T[] = []
  let isOver = false
  let wake = () => {}
  const done = work((item) => {
    pending[0] = item
    wake()
  }, cancelled).finally(() => {
    isOver = true
    wake()
  })
  // Handled below, after the last report; until then its failure is no surprise.
  done.catch(() => {})
  while (!isOver || pending.length > 0) {
    const item = pending.shift()
    if (item === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      continue
    }
    yield item
    if (!isOver) await Promise.race([sleep(millisBetween), done.catch(() => {})])
  }
  await done
}
