import type { CheckpointRule, Thinning, ThinningRequest } from '../contract/lab-settings.ts'
import type { Checkpoint, Run } from '../contract/runs.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'
import { keptReader } from './kept-episodes.ts'

/**
 * Of checkpoints in the order of their steps, those that a rule drops. The last one is never among them: it is what its run has learnt.
 */
export function droppedBy(rule: CheckpointRule, checkpoints: readonly Checkpoint[]): Checkpoint[] {
  if (rule.keep === 'all') return []
  const early = checkpoints.slice(0, Math.max(0, checkpoints.length - rule.last))
  return early.filter((_, index) => index % rule.every !== 0)
}

/** Which checkpoints are kept, and what goes to make room. */
export function thinningCases({
  store,
  changedRuns,
  closing,
}: Pick<LabContext, 'store' | 'changedRuns' | 'closing'>) {
  const rule = (): CheckpointRule => store.labSettings.get().finishedCheckpoints

  const thinOut = async ({ rule: asked, runIds, isTrial }: ThinningRequest): Promise<Thinning> => {
    // Nothing is waited for where there is nothing to read, so that a run is thinned out in the moment it finishes.
    const kept = store.keptEpisodes.list().length === 0 ? new Set<number>() : await ofKeptEpisodes()
    const runs = (runIds?.map(get) ?? store.runs.list()).map((run) => ({ run, ...choose(asked, run, kept) }))
    const losing = runs.filter(({ dropped }) => dropped.length > 0)
    if (!isTrial && losing.length > 0)
      store.transaction(() => {
        for (const { run, dropped } of losing) {
          for (const { id } of dropped) store.checkpoints.delete(id)
          const count = dropped.length === 1 ? '1 checkpoint was' : `${dropped.length} checkpoints were`
          store.events.insert(run.id, {
            kind: 'thinned',
            text: `${count} deleted to make room, from step ${dropped[0]?.step} to ${dropped.at(-1)?.step}.`,
            at: Date.now(),
          })
        }
      })
    if (!isTrial) for (const { run } of losing) changedRuns.publish(run.id)
    const all = losing.flatMap(({ dropped }) => dropped)
    return {
      runs: losing.length,
      checkpoints: all.length,
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      needed: runs.reduce((sum, { needed }) => sum + needed, 0),
      unfinished: runs.filter(({ run }) => run.state !== 'finished').length,
    }
  }

  return {
    rule,
    setRule(chosen: CheckpointRule): CheckpointRule {
      store.transaction(() => store.labSettings.set({ finishedCheckpoints: chosen }))
      return rule()
    },
    thinOut,
    /** By the lab's rule. Where the disk is too full even for this, the checkpoints stay; nothing is lost by that. */
    async thinFinished(runId: number): Promise<void> {
      try {
        await thinOut({ rule: rule(), runIds: [runId], isTrial: false })
      } catch (error) {
        if (!(error instanceof LabError) && !closing.aborted) throw error
      }
    },
  }

  function get(id: number): Run {
    const run = store.runs.get(id)
    if (run === null) throw new LabError('NOT_FOUND', `There is no run ${id}.`)
    return run
  }

  /** Checkpoints that acted in an episode which was kept as a file. */
  async function ofKeptEpisodes(): Promise<ReadonlySet<number>> {
    const reader = keptReader({ store })
    const found = new Set<number>()
    for (const { id } of store.keptEpisodes.list()) {
      const file = await reader.read(id).catch(() => null)
      const checkpoint = file === null ? null : reader.findCheckpoint(file)
      if (checkpoint !== null) found.add(checkpoint.checkpoint.id)
    }
    return found
  }

  function choose(
    asked: CheckpointRule,
    run: Run,
    kept: ReadonlySet<number>,
  ): { dropped: Checkpoint[]; needed: number } {
    if (run.state !== 'finished') return { dropped: [], needed: 0 }
    const candidates = droppedBy(asked, store.checkpoints.listOfRun(run.id))
    if (candidates.length === 0) return { dropped: [], needed: 0 }
    const needed = new Set([...store.checkpoints.listNeeded(run.id), ...kept])
    const dropped = candidates.filter(({ id }) => !needed.has(id))
    return { dropped, needed: candidates.length - dropped.length }
  }
}
