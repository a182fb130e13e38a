import type { LabContext } from '../context.ts'
import { LabError } from '../errors.ts'
import type { ReproductionRequest } from './request.ts'
import type { Standing } from './training.ts'

/** So long after a run has finished others are looked at as well: several often end together. */
const MILLIS_TO_GATHER = 300

/**
 * Requests whose runs the lab trains one after the other for as long as it is open: whenever a run finishes, what waited for it is started. It never
 * resumes what a user has paused or stopped.
 */
export function followRequests(
  { store, changedRuns, closing }: Pick<LabContext, 'store' | 'changedRuns' | 'closing'>,
  startNext: (request: ReproductionRequest) => Standing,
) {
  const followed = new Map<string, ReproductionRequest>()
  const problems = new Map<string, string>()
  const keyOf = (request: ReproductionRequest) => JSON.stringify(request)
  let timer: NodeJS.Timeout | undefined

  const follow = (): void => {
    timer = undefined
    if (closing.aborted) return
    for (const [key, request] of followed) {
      try {
        const { finished, needed } = startNext(request)
        if (finished === needed) followed.delete(key)
      } catch (error) {
        followed.delete(key)
        if (!(error instanceof LabError)) throw error
        problems.set(key, error.message)
      }
    }
  }
  changedRuns.listen((id) => {
    if (followed.size === 0 || timer !== undefined || store.runs.get(id)?.state !== 'finished') return
    timer = setTimeout(follow, MILLIS_TO_GATHER).unref()
  })
  closing.addEventListener('abort', () => clearTimeout(timer))

  return {
    add(request: ReproductionRequest): void {
      problems.delete(keyOf(request))
      followed.set(keyOf(request), request)
    },
    remove: (request: ReproductionRequest): boolean => followed.delete(keyOf(request)),
    has: (request: ReproductionRequest): boolean => followed.has(keyOf(request)),
    problemOf: (request: ReproductionRequest): string | null => problems.get(keyOf(request)) ?? null,
  }
}
