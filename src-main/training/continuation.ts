import { z } from 'zod'
import type { Run } from '../contract/runs.ts'
import { LabError } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import type { ArrayBundle, ToWorker } from './messages.ts'

/** @throws LabError where the run cannot go on as if it had never ended. */
export function assertContinuable(store: Store, runId: number): void {
  if (store.resumeData.describe(runId) !== null || store.checkpoints.getLast(runId) === null) return
  throw new LabError(
    'CONFLICT',
    `The replay buffers of run ${runId} are no longer kept, so it cannot go on exactly where it ended. Start a new run instead.`,
  )
}

/** Brings the run back to its last checkpoint, or to its beginning, and gathers what a worker needs to go on from there. */
export function prepareStart(store: Store, run: Run): ToWorker & { type: 'start' } {
  const { runs, checkpoints, resumeData } = store
  assertContinuable(store, run.id)
  const from = resumeData.describe(run.id)
  const at = Date.now()
  const start = from?.step ?? 0
  if (run.step > start) {
    const text = `What was recorded after step ${start} is forgotten, as there is no checkpoint after it.`
    store.events.insert(run.id, { kind: 'rewound', text, at })
  }
  store.rewindTo(run.id, start)
  const { specification } = run
  const begin = (text: string) => store.changeState(run.id, { state: 'running', at }, text)
  if (from !== null) {
    const networks = checkpoints.getNetworks(from.checkpointId)
    const resume = resumeData.get(run.id)
    if (networks === null || resume === null) throw new Error(`its checkpoint ${from.checkpointId} is gone`)
    begin(`Training goes on from the checkpoint at step ${from.step}.`)
    return { type: 'start', specification, pretrained: null, resume: { step: from.step, networks, resume } }
  }
  if (run.pretrainRunId === null) {
    begin('Training began from fresh networks.')
    return { type: 'start', specification, pretrained: null, resume: null }
  }
  const chosen = run.pretrainCheckpointId === null ? null : checkpoints.get(run.pretrainCheckpointId)
  const first = chosen ?? checkpoints.getLast(run.pretrainRunId)
  if (first === null)
    throw new LabError('CONFLICT', `Its pre-training run ${run.pretrainRunId} has no checkpoint.`)
  runs.updatePretrainCheckpoint(run.id, first.id)
  begin(`Training began from the networks of run ${run.pretrainRunId} at step ${first.step}.`)
  const networks = checkpoints.getNetworks(first.id)
  const trainer = runs.find(first.runId)
  if (networks === null || trainer === null) throw new Error(`its checkpoint ${first.id} is gone`)
  const pretrained = { networks, state: keptState(store, run, trainer), specification: trainer.specification }
  return { type: 'start', specification, pretrained, resume: null }
}

const keptTransitions = z.object({ sac: z.object({ keptTransitions: z.int() }) })

/** The buffers of a pre-training run, for a run that begins with transitions of it; null where it does not. */
function keptState(store: Store, { specification }: Run, trainer: Run): ArrayBundle | null {
  const settings = keptTransitions.safeParse(specification.settings)
  if (!settings.success || settings.data.sac.keptTransitions === 0) return null
  const state = store.resumeData.get(trainer.id)
  if (state !== null) return state
  throw new LabError(
    'CONFLICT',
    `It is to begin with transitions of run ${trainer.id}, whose replay buffers are no longer kept. Set sac.keptTransitions to 0, or pre-train anew.`,
  )
}

/** Of a finished run, whose replay buffers serve only to extend it. */
export function dropLargeBuffers(store: Store, runId: number, keptBytes: number): void {
  const bytes = store.resumeData.describe(runId)?.bytes ?? 0
  if (bytes <= keptBytes) return
  try {
    store.transaction(() => store.resumeData.delete(runId))
  } catch (error) {
    // Where the disk is too full even for this, the buffers stay; nothing is lost by that.
    if (!(error instanceof LabError)) throw error
  }
}
