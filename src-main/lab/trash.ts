import type { Run } from '../contract/runs.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'

/** Days that something lies in the trash before a lab that opens to train deletes it for good. */
export const TRASH_DAYS = 30

/** Deleting with a way back: what is deleted leaves every list at once and is kept until the trash is emptied, or for 30 days. */
export function trashCases({ store, supervisor, changedRuns, changedExperiments }: LabContext) {
  /** Runs in the trash, newest first; then what started from a run comes before it. */
  const putRuns = (ids: Iterable<number>, at: number): void => {
    for (const id of [...new Set(ids)].sort((a, b) => b - a)) {
      const state = live(id).state
      // One that only waits stays queued, so that restoring it lets it wait again.
      if (state === 'running' || state === 'pausing') supervisor.stop(id)
      store.trash.putRun(id, at)
      store.events.insert(id, { kind: 'deleted', text: 'Moved to the trash.', at })
    }
  }

  const takeRun = (run: Run): void => {
    const { pretrainRunId } = run
    if (pretrainRunId !== null && store.runs.get(pretrainRunId) === null)
      throw new LabError(
        'CONFLICT',
        `Run ${run.id} starts from run ${pretrainRunId}, which is deleted too. Restore run ${pretrainRunId} first.`,
      )
    store.trash.takeRun(run.id)
    store.trash.takeExperiment(run.experimentId)
    store.events.insert(run.id, { kind: 'restored', text: 'Restored from the trash.', at: Date.now() })
  }

  const tell = (ids: readonly number[]): number[] => {
    for (const id of ids) changedRuns.publish(id)
    return [...ids]
  }

  return {
    /** Gives the ids of the runs that went, those that started from it included. */
    deleteRun(id: number, withFinetuning: boolean): number[] {
      live(id)
      const descendants = descendantsOf([id])
      if (descendants.length > 0 && !withFinetuning)
        throw new LabError(
          'CONFLICT',
          `Run ${id} is the pre-training of ${nameRuns(descendants)}. Delete ${descendants.length === 1 ? 'it' : 'them'} too, or keep both.`,
        )
      const ids = [id, ...descendants]
      store.transaction(() => putRuns(ids, Date.now()))
      return tell(ids)
    },
    /** Whether it trains then is for the caller to see to. */
    restoreRun(id: number): number[] {
      const run = store.runs.find(id)
      if (run === null || run.deletedAt === null)
        throw new LabError('NOT_FOUND', `There is no run ${id} in the trash.`)
      store.transaction(() => takeRun(run))
      changedExperiments.publish('changed')
      return tell([id])
    },
    deleteExperiment(id: number, withFinetuning: boolean): number[] {
      if (store.experiments.get(id) === null) throw new LabError('NOT_FOUND', `There is no experiment ${id}.`)
      const own = store.runs.listOfExperiment(id).map((run) => run.id)
      const others = descendantsOf(own).filter((runId) => !own.includes(runId))
      if (others.length > 0 && !withFinetuning)
        throw new LabError(
          'CONFLICT',
          `${capitalise(nameRuns(others))} of other experiments started from the pre-training of experiment ${id}. Delete ${others.length === 1 ? 'it' : 'them'} too, or keep both.`,
        )
      const ids = [...own, ...others]
      store.transaction(() => {
        const at = Date.now()
        putRuns(ids, at)
        store.trash.putExperiment(id, at)
      })
      changedExperiments.publish('changed')
      return tell(ids)
    },
    /** Brings back the experiment with the runs that went along with it, not with those that were deleted before. */
    restoreExperiment(id: number): number[] {
      const at = store.trash.momentOf(id)
      if (at === null) throw new LabError('NOT_FOUND', `There is no experiment ${id} in the trash.`)
      const ids = store.trash.listRunsDeletedWith(id, at)
      store.transaction(() => {
        store.trash.takeExperiment(id)
        for (const runId of ids) {
          const run = store.runs.find(runId)
          if (run !== null) takeRun(run)
        }
      })
      supervisor.schedule()
      changedExperiments.publish('changed')
      return tell(ids)
    },
    listTrash: (): Run[] => store.runs.listTrash().map((run) => supervisor.overlay(run)),
    emptyTrash: () => store.transaction(() => store.trash.empty()),
  }

  function live(id: number): Run {
    const run = store.runs.get(id)
    if (run === null) throw new LabError('NOT_FOUND', `There is no run ${id}.`)
    return supervisor.overlay(run)
  }

  /** Runs that started from these, and from those. */
  function descendantsOf(ids: readonly number[]): number[] {
    const found = new Set<number>()
    const visit = (id: number): void => {
      for (const child of store.trash.listFinetunesOf(id)) {
        if (found.has(child)) continue
        found.add(child)
        visit(child)
      }
    }
    ids.forEach(visit)
    return [...found].sort((a, b) => a - b)
  }
}

/** run 4; runs 4, 6 and 8; of many the first few. */
function nameRuns(ids: readonly number[]): string {
  if (ids.length === 1) return `run ${ids[0]}`
  if (ids.length > 6) return `runs ${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more`
  return `runs ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
