import { createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../src-main/contract/index.ts'
import { currentLink, NotConnectedError, untilOpen } from './connection.ts'

/** The lab, as its contract describes it. Only stores call it. */
export const api: ContractRouterClient<Contract> = createORPCClient(currentLink)

const retryMillis = 500

/**
 * Gives every value of a stream to `use`, and opens the stream again after the connection was lost.
 * Resolves when the lab ends the stream or the signal aborts; rejects with what the lab refuses.
 */
export async function follow<T>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  use: (value: T, isFirst: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await untilOpen(signal)
    if (signal.aborted) return
    try {
      let isFirst = true
      for await (const value of await open(signal)) {
        if (signal.aborted) return
        use(value, isFirst)
        isFirst = false
      }
      return
    } catch (error) {
      if (signal.aborted) return
      // What the lab itself refuses is refused again; anything else is the connection's doing.
      if (error instanceof ORPCError) throw error
      await delay(retryMillis)
    }
  }
}

/** As `follow`, for streams that have no end of their own: one that ends belongs to a lab that closes. */
export async function followAlways<T>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  use: (value: T, isFirst: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await follow(open, use, signal)
    await delay(retryMillis)
  }
}

/** An error as a sentence to be shown. */
export function toSentence(error: unknown): string {
  if (error instanceof ORPCError || error instanceof NotConnectedError) return error.message
  return 'The connection to the lab was lost before it answered. Try again once it is back.'
}

function delay(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis))
}
