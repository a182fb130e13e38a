import type { Checkpoint, Run } from '../contract/runs.ts'
import type { Task } from '../contract/transfer.ts'
import type { VisibleEnvironment } from '../environments/environment.ts'
import { createEnvironment, environmentSizes } from '../environments/registry.ts'
import { createStreams } from '../random.ts'
import { Agent } from './agent.ts'
import { AgentCache, type Lease } from './agent-cache.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'

/** A checkpoint, the run it belongs to, and the task on which it is asked to act. */
export interface Situation {
  checkpoint: Checkpoint
  run: Run
  task: Task
}

/** An environment to look at and to put states into; simulations bring their own noise. */
export function environmentOf(task: Task): Promise<VisibleEnvironment> {
  return createEnvironment(task, createStreams(0).environment)
}

/** Checkpoints that act and judge on any task their networks fit; the last few stay compiled. */
export function checkpointAgents({ store, closing }: Pick<LabContext, 'store' | 'closing'>) {
  const cache = new AgentCache()
  closing.addEventListener('abort', () => cache.clear(), { once: true })

  const runOrThrow = (id: number): Run => {
    const run = store.runs.get(id)
    if (run === null) throw new LabError('NOT_FOUND', `There is no run ${id}.`)
    return run
  }

  return {
    /** @throws LabError where there is no such checkpoint or run. */
    situation(checkpointId: number, taskOfRunId?: number): Situation {
      const checkpoint = store.checkpoints.get(checkpointId)
      if (checkpoint === null) throw new LabError('NOT_FOUND', `There is no checkpoint ${checkpointId}.`)
      const run = runOrThrow(checkpoint.runId)
      const { task } = taskOfRunId === undefined ? run.specification : runOrThrow(taskOfRunId).specification
      return { checkpoint, run, task }
    },

    /** @throws LabError where the networks do not fit the task. */
    acquire({ checkpoint, run, task }: Situation): Promise<Lease> {
      const own = environmentSizes(run.specification.task)
      const asked = environmentSizes(task)
      if (own.observationSize !== asked.observationSize || own.actionSize !== asked.actionSize)
        throw new LabError(
          'INVALID',
          `Checkpoint ${checkpoint.id} was trained on ${run.specification.task.environment} and cannot act on ${task.environment}: it sees and does other things there. Choose a checkpoint of the same environment.`,
        )
      // A run that is stopped just after a checkpoint writes it anew, under the same id.
      return cache.acquire(`${checkpoint.id} of ${checkpoint.createdAt}`, async () => {
        const networks = store.checkpoints.getNetworks(checkpoint.id)
        if (networks === null) throw new LabError('NOT_FOUND', `There is no checkpoint ${checkpoint.id}.`)
        return new Agent({ settings: run.specification.settings, networks, sizes: own })
      })
    },
  }
}
export type CheckpointAgents = ReturnType<typeof checkpointAgents>
