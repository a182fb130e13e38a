import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import type { RunState } from '../../src-main/contract/runs.ts'
import type { RunSpecification } from '../../src-main/contract/transfer.ts'
import type { Store } from '../../src-main/store/store.ts'
import { Supervisor, type SupervisorOptions } from '../../src-main/training/supervisor.ts'
import { forkScript, type StartWorker } from '../../src-main/training/worker-process.ts'
import { insertRun, specification } from '../store/fixtures.ts'

const script = fileURLToPath(new URL('./scripted-worker.ts', import.meta.url))

export const startScriptedWorker: StartWorker = () => forkScript(script)

export function supervise(store: Store, options: Partial<SupervisorOptions> = {}): Supervisor {
  return new Supervisor({
    store,
    slots: 2,
    startWorker: startScriptedWorker,
    onRunChange: () => {},
    onMetrics: () => {},
    ...options,
  })
}

/** A pre-training run and a fine-tuning run that starts from it. */
export function insertTransfer(
  store: Store,
  pretrain: Partial<RunSpecification> = {},
  finetune: Partial<RunSpecification> = {},
): { pretrain: number; finetune: number } {
  const pretrainId = insertRun(store, pretrain)
  const experimentId = store.runs.get(pretrainId)?.experimentId ?? 0
  const { id } = store.runs.insert({
    experimentId,
    pretrainRunId: pretrainId,
    specification: specification({ phase: 'finetune', steps: 100, ...finetune }),
    createdAt: 3,
  })
  return { pretrain: pretrainId, finetune: id }
}

export function stateOf(store: Store, runId: number): RunState | undefined {
  return store.runs.get(runId)?.state
}

/** Waits for what other processes do; the limit is only there so that a broken test ends. */
export function until(condition: () => boolean): Promise<void> {
  return vi.waitFor(
    () => {
      if (!condition()) throw new Error(`This did not come about: ${condition}`)
    },
    { timeout: 30_000, interval: 10 },
  )
}

/** All that a run recorded, without ids, and without the checkpoints that a pause leaves behind. */
export function recordOf(store: Store, runId: number) {
  const { step, environmentSteps, episodes, failures, successes, recentReturn, trainedSeconds } =
    store.runs.get(runId) ?? {}
  const last = store.checkpoints.getLast(runId)
  return {
    counters: { step, environmentSteps, episodes, failures, successes, recentReturn, trainedSeconds },
    metrics: store.metrics.history(runId),
    episodes: store.episodes.listOfRun(runId, 0, 10_000).map(({ id, runId: _, ...episode }) => ({
      ...episode,
      frames: episode.hasFrames ? store.frames.get(id) : null,
    })),
    evaluations: store.evaluations.listOfRun(runId),
    networks: last === null ? null : store.checkpoints.getNetworks(last.id),
    resume: store.resumeData.get(runId),
  }
}
