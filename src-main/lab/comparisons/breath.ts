import { setImmediate } from 'node:timers/promises'
import type { Interruptible } from '../../statistics/bootstrap.ts'

/** Longest stretch of work between two breaths; whoever else waits for the lab waits no longer. */
const MILLIS_AT_A_STRETCH = 15

export type Breathe = () => Promise<void>

/** To be awaited between pieces of long work: lets others have their turn once this work has had its own. */
export function breather(): Breathe {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < MILLIS_AT_A_STRETCH) return
    await setImmediate()
    since = performance.now()
  }
}

/** Does long work with a breath in each of its pauses. */
export async function inTurns<T>(work: Interruptible<T>, breathe: Breathe): Promise<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    await breathe()
  }
}
