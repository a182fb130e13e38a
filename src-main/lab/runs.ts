import type { Run, RunEvent, RunState } from '../contract/runs.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'
import { watching } from './feed.ts'
import { commandCases } from './run-commands.ts'
import type { trashCases } from './trash.ts'

/** Runs that a window reads in a few milliseconds. */
const runsInPart = 200

/** An ended run trains no more unless its user resumes or extends it. */
export function hasEnded(state: RunState): boolean {
  return state === 'finished' || state === 'stopped' || state === 'failed'
}

export function runCases(context: LabContext, trash: ReturnType<typeof trashCases>) {
  const { store, supervisor, changedRuns, closing } = context
  const get = (id: number): Run => {
    const run = store.runs.get(id)
    if (run === null) throw new LabError('NOT_FOUND', `There is no run ${id}.`)
    return supervisor.overlay(run)
  }
  const find = (id: number): Run[] => {
    const run = store.runs.find(id)
    return run === null ? [] : [supervisor.overlay(run)]
  }
  const list = (): Run[] => store.runs.list().map((run) => supervisor.overlay(run))
  const then = (change: (id: number) => void) => (id: number) => {
    change(id)
    return get(id)
  }

  return {
    list,
    get,
    ...commandCases(context, trash),
    trash: trash.listTrash,
    /**
     * All runs first, in parts from the newest, so that no window stands still over ten thousand of them; then an empty batch, and from then
     * on those that changed, a few times a second at most. A deleted one comes once more, with the time of it.
     */
    watch: (signal?: AbortSignal) =>
      watching<Run[]>([signal, closing], async function* (ended) {
        using changes = changedRuns.collect()
        let part: Run[]
        let before = Number.MAX_SAFE_INTEGER
        do {
          part = store.runs.listBefore(before, runsInPart).map((run) => supervisor.overlay(run))
          before = part.at(-1)?.id ?? 0
          if (part.length > 0) yield part
        } while (part.length === runsInPart)
        yield []
        for await (const ids of changes.batches(ended)) yield ids.flatMap(find)
      }),
    /** Each returns the run as it is then, such as `pausing` until its worker has written the checkpoint. */
    pause: then((id) => supervisor.pause(id)),
    resume: then((id) => supervisor.resume(id)),
    stop: then((id) => supervisor.stop(id)),
    /** What is left out stays as it is; tags keep their order, each once. */
    annotate(id: number, { note, tags }: { note?: string | undefined; tags?: string[] | undefined }): Run {
      get(id)
      store.transaction(() => {
        if (note !== undefined) store.runs.updateNote(id, note)
        if (tags !== undefined) store.runs.updateTags(id, [...new Set(tags)])
      })
      changedRuns.publish(id)
      return get(id)
    },
    /** What befell the run, oldest first. */
    log(id: number): RunEvent[] {
      get(id)
      return store.events.listOfRun(id)
    },
    extend(id: number, steps: number): Run {
      supervisor.extend(id, steps)
      return get(id)
    },
  }
}
