import type { ReproductionQuery } from '../../contract/reproductions.ts'
import type { LabContext } from '../context.ts'
import { LabError } from '../errors.ts'
import type { ReproductionRequest } from './request.ts'
import { requestOf } from './shown.ts'
import type { Standing } from './training.ts'

/** So long after a run has finished others are looked at as well: several often end together. */
const MILLIS_TO_GATHER = 300

/**
 * Requests whose runs the lab trains one after the other whenever it is open: as a run finishes, what waited for it is started. They are kept in
 * the lab until all is there or the user stops them. It never resumes what a user has paused or stopped.
 */
export function followRequests(
  { store, changedRuns, closing }: Pick<LabContext, 'store' | 'changedRuns' | 'closing'>,
  startNext: (request: ReproductionRequest) => Standing,
) {
  const followed = new Map(store.labSettings.get().followedReproductions.flatMap(entryOf))
  const problems = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined

  const keep = (): void => {
    const followedReproductions = [...followed.values()]
    store.transaction(() => store.labSettings.set({ followedReproductions }))
  }
  const drop = (key: string): void => {
    if (followed.delete(key)) keep()
  }
  const follow = (): void => {
    timer = undefined
    if (closing.aborted) return
    for (const [key, query] of [...followed]) {
      try {
        const { finished, needed } = startNext(requestOf(query))
        if (finished === needed) drop(key)
      } catch (error) {
        if (!(error instanceof LabError)) throw error
        drop(key)
        problems.set(key, error.message)
      }
    }
  }
  /** Looks soon at what can be started. */
  const look = (): void => {
    if (followed.size > 0) timer ??= setTimeout(follow, MILLIS_TO_GATHER).unref()
  }
  changedRuns.listen((id) => {
    const isBusy = followed.size === 0 || timer !== undefined
    if (!isBusy && store.runs.get(id)?.state === 'finished') look()
  })
  closing.addEventListener('abort', () => clearTimeout(timer))

  return {
    look,
    add(query: ReproductionQuery): void {
      problems.delete(keyOf(query))
      followed.set(keyOf(query), query)
      keep()
    },
    remove: (query: ReproductionQuery): void => drop(keyOf(query)),
    has: (query: ReproductionQuery): boolean => followed.has(keyOf(query)),
    problemOf: (query: ReproductionQuery): string | null => problems.get(keyOf(query)) ?? null,
  }
}

/** The same for the same runs, in whichever words they are asked for. */
const keyOf = (query: ReproductionQuery): string => JSON.stringify(requestOf(query))

/** None for words that another version of this program understood. */
function entryOf(query: ReproductionQuery): [string, ReproductionQuery][] {
  try {
    return [[keyOf(query), query]]
  } catch (error) {
    if (error instanceof LabError) return []
    throw error
  }
}
