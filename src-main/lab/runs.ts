import type { Run, RunState } from '../contract/runs.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'
import { watching } from './feed.ts'

/** An ended run trains no more unless its user resumes or extends it. */
export function hasEnded(state: RunState): boolean {
  return state === 'finished' || state === 'stopped' || state === 'failed'
}

export function runCases({ store, supervisor, changedRuns, closing }: LabContext) {
  const get = (id: number): Run => {
    const run = store.runs.get(id)
    if (run === null) throw new LabError('NOT_FOUND', `There is no run ${id}.`)
    return supervisor.overlay(run)
  }
  const list = (): Run[] => store.runs.list().map((run) => supervisor.overlay(run))
  const then = (change: (id: number) => void) => (id: number) => {
    change(id)
    return get(id)
  }

  return {
    list,
    get,
    /** All runs first, then those that changed, a few times a second at most. */
    watch: (signal?: AbortSignal) =>
      watching<Run[]>([signal, closing], async function* (ended) {
        using changes = changedRuns.collect()
        yield list()
        for await (const ids of changes.batches(ended)) yield ids.map(get)
      }),
    /** Each returns the run as it is then, such as `pausing` until its worker has written the checkpoint. */
    pause: then((id) => supervisor.pause(id)),
    resume: then((id) => supervisor.resume(id)),
    stop: then((id) => supervisor.stop(id)),
    extend(id: number, steps: number): Run {
      supervisor.extend(id, steps)
      return get(id)
    },
  }
}
