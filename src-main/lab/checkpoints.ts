import type { Checkpoint, CheckpointDownload } from '../contract/runs.ts'
import type { ArrayBundle } from '../training/messages.ts'
import { checkpointFiles, zipFiles } from './checkpoint-export.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'

export function checkpointCases({ store }: LabContext) {
  return {
    get(id: number): Checkpoint {
      const checkpoint = store.checkpoints.get(id)
      if (checkpoint === null) throw new LabError('NOT_FOUND', `There is no checkpoint ${id}.`)
      return checkpoint
    },
    list(runId: number): Checkpoint[] {
      if (store.runs.get(runId) === null) throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
      return store.checkpoints.listOfRun(runId)
    },
    /** Networks in the formats of other programs, as one zip. */
    async download(id: number): Promise<CheckpointDownload> {
      const checkpoint = store.checkpoints.get(id)
      const run = checkpoint === null ? null : store.runs.get(checkpoint.runId)
      const networks = store.checkpoints.getNetworks(id)
      if (checkpoint === null || run === null || networks === null)
        throw new LabError('NOT_FOUND', `There is no checkpoint ${id}.`)
      const files = checkpointFiles(run, checkpoint, networks)
      return {
        fileName: `run-${run.id}-step-${checkpoint.step}.zip`,
        bytes: await zipFiles(files, checkpoint.createdAt),
      }
    },
    bundle(id: number): ArrayBundle {
      const networks = store.checkpoints.getNetworks(id)
      if (networks === null) throw new LabError('NOT_FOUND', `There is no checkpoint ${id}.`)
      return networks
    },
  }
}
