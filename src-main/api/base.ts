import { implement, ORPCError } from '@orpc/server'
import { contract } from '../contract/index.ts'
import { LabError } from '../lab/errors.ts'
import type { Lab } from '../lab/lab.ts'
import { toApiError } from './errors.ts'

/** The contract, to be filled noun by noun. */
export const base = implement(contract)

/**
 * The same with what it takes around every call: whatever the handlers throw leaves as a code of the contract. Calls that are under way when the lab closes
 * fail on what is closed by then: that is no error of the lab's, and one sentence says it.
 */
export const baseOf = ({ closing }: Pick<Lab, 'closing'>) =>
  base.use(async ({ next, path }) => {
    try {
      return await next()
    } catch (error) {
      const isKnown = error instanceof LabError || error instanceof ORPCError
      throw toApiError(closing.aborted && !isKnown ? closedMeanwhile() : error, path.join('.'))
    }
  })

const closedMeanwhile = () =>
  new LabError('BUSY', 'The lab was closed before it could answer. Open it again, and ask once more.')

/**
 * A code of the contract for what a stream throws after its handler has returned. Handed through call by call: a generator around it would not let
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
