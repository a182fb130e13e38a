import type { Checkpoint } from '../contract/runs.ts'
import type { ArrayBundle } from '../training/messages.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'

export function checkpointCases({ store }: LabContext) {
  return {
    list(runId: number): Checkpoint[] {
      if (store.runs.get(runId) === null) throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
      return store.checkpoints.listOfRun(runId)
    },
    bundle(id: number): ArrayBundle {
      const networks = store.checkpoints.getNetworks(id)
      if (networks === null) throw new LabError('NOT_FOUND', `There is no checkpoint ${id}.`)
      return networks
    },
  }
}
