import { setImmediate } from 'node:timers/promises'
import type { CommandProgress, RunCommand } from '../contract/runs.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'
import { watching } from './feed.ts'
import type { trashCases } from './trash.ts'

/** Runs that one transaction takes where nothing but rows is changed: a commit each would wait for the disk each time. */
const rowsAtOnce = 50

type Trash = ReturnType<typeof trashCases>

/** The same done to many runs, with progress; it ends where its reader leaves. */
export function commandCases({ store, supervisor, changedRuns, closing }: LabContext, trash: Trash) {
  /** Does it to one run and gives the ids of what changed. @throws LabError where it is refused. */
  const apply = (id: number, command: RunCommand): number[] => {
    switch (command.type) {
      case 'pause':
        supervisor.pause(id)
        return [id]
      case 'resume':
        supervisor.resume(id)
        return [id]
      case 'stop':
        supervisor.stop(id)
        return [id]
      case 'extend':
        supervisor.extend(id, command.steps)
        return [id]
      case 'tag':
        return retag(id, command.add, command.remove)
      case 'delete':
        return trash.deleteRun(id, command.withFinetuning)
      case 'restore':
        return trash.restoreRun(id)
    }
  }

  function retag(id: number, add: readonly string[], remove: readonly string[]): number[] {
    const run = store.runs.get(id)
    if (run === null) throw new LabError('NOT_FOUND', `There is no run ${id}.`)
    const kept = run.tags.filter((tag) => !remove.includes(tag))
    const tags = [...new Set([...kept, ...add])]
    if (tags.join(' ') === run.tags.join(' ')) return []
    store.transaction(() => store.runs.updateTags(id, tags))
    changedRuns.publish(id)
    return [id]
  }

  /** One that is refused does not keep the others from it: what each writes is a transaction of its own, or a savepoint of a greater one. */
  function applyToBatch(ids: readonly number[], command: RunCommand) {
    const result: Pick<CommandProgress, 'changed' | 'refused'> = { changed: [], refused: [] }
    for (const id of ids) {
      try {
        result.changed.push(...apply(id, command))
      } catch (error) {
        result.refused.push({ id, reason: sentenceOf(error) })
      }
    }
    return result
  }

  function applyToRows(ids: readonly number[], command: RunCommand) {
    try {
      return store.transaction(() => applyToBatch(ids, command))
    } catch (error) {
      const reason = sentenceOf(error)
      return { changed: [], refused: ids.map((id) => ({ id, reason })) }
    }
  }

  return {
    act: (ids: readonly number[], command: RunCommand, signal?: AbortSignal) =>
      watching<CommandProgress>([signal, closing], async function* (ended) {
        const order = inOrder(ids, command)
        const isRowsOnly = ['tag', 'delete', 'restore'].includes(command.type)
        const size = isRowsOnly ? rowsAtOnce : 1
        for (let done = 0; done < order.length; ) {
          if (ended.aborted) return
          const batch = order.slice(done, done + size)
          const result = isRowsOnly ? applyToRows(batch, command) : applyToBatch(batch, command)
          if (command.type === 'restore') supervisor.schedule()
          done += batch.length
          yield { done, total: order.length, ...result }
          await setImmediate()
        }
      }),
  }
}

/** What started from a run is deleted before it and restored after it; it always has the greater number. */
function inOrder(ids: readonly number[], command: RunCommand): number[] {
  const ascending = [...new Set(ids)].sort((a, b) => a - b)
  return command.type === 'delete' ? ascending.reverse() : ascending
}

function sentenceOf(error: unknown): string {
  if (error instanceof LabError) return error.message
  throw error
}
