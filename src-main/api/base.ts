import { implement } from '@orpc/server'
import { contract } from '../contract/index.ts'
import { toApiError } from './errors.ts'

/** The contract, to be filled noun by noun; whatever its handlers throw leaves as a code of the contract. */
export const base = implement(contract).use(async ({ next, path }) => {
  try {
    return await next()
  } catch (error) {
    throw toApiError(error, path.join('.'))
  }
})

/**
 * The same for what a stream throws after its handler has returned. Handed through call by call: a generator around it would not let
 * go of a stream that waits for news.
 */
export function guardStream<T>(
  stream: AsyncGenerator<T, void, undefined>,
  procedure: string,
): AsyncGenerator<T, void, undefined> {
  const guarded = async <R>(call: Promise<R>): Promise<R> => {
    try {
      return await call
    } catch (error) {
      throw toApiError(error, procedure)
    }
  }
  return {
    next: () => guarded(stream.next()),
    return: (value) => guarded(stream.return(value)),
    throw: (error) => guarded(stream.throw(error)),
    [Symbol.asyncIterator]() {
      return this
    },
    [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
  }
}
