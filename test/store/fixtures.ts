import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordedFrames } from '../../src-main/contract/episodes.ts'
import { type RunSpecification, transferRequest } from '../../src-main/contract/transfer.ts'
import type { Store } from '../../src-main/store/store.ts'
import type { CheckpointParts, EpisodeRecord, TrainingBatch } from '../../src-main/training/messages.ts'

/** A folder that goes when the test's scope ends. */
export function temporaryFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'sqrl-lab-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export function specification(changes: Partial<RunSpecification> = {}): RunSpecification {
  return {
    method: 'sqrl',
    phase: 'pretrain',
    seed: 0,
    task: { environment: 'drunk-spider', parameters: { noise: 0.2 } },
    steps: 1000,
    settings: { gammaSafe: 0.7 },
    recording: { checkpointEvery: 100, metricsEvery: 10, failureFramesLimit: null },
    ...changes,
  }
}

/** A new experiment with one run; returns the run's id. */
export function insertRun(
  store: Store,
  changes: Partial<RunSpecification> = {},
  pretrainRunId: number | null = null,
): number {
  const { id } = store.experiments.insert({
    name: 'an experiment',
    createdAt: 1,
    request: transferRequest.parse({ environment: 'drunk-spider', methods: ['sqrl'], seeds: [0] }),
  })
  return store.runs.insert({
    experimentId: id,
    pretrainRunId,
    specification: specification(changes),
    createdAt: 2,
  }).id
}

export function episodeRecord(index: number, changes: Partial<EpisodeRecord> = {}): EpisodeRecord {
  return {
    index,
    kind: 'training',
    step: 10 * (index + 1),
    return: -index,
    length: 10,
    outcome: 'timeout',
    cause: null,
    finalQSafe: 0.25,
    warningLead: null,
    frames: null,
    replacesFramesOf: null,
    ...changes,
  }
}

export function frames(seed: number): RecordedFrames {
  const values = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(seed + i))
  return {
    stateEvery: 1,
    keptStates: Float64Array.from(values(9)),
    actions: Float32Array.from(values(4)),
    rewards: Float64Array.from(values(2)),
    qSafe: Float32Array.from([Number.NaN, 0.5]),
    candidates: new Float32Array(0),
    candidateQSafe: new Float32Array(0),
    chosen: Int32Array.from([-1, 3]),
  }
}

export function batch(step: number, changes: Partial<TrainingBatch> = {}): TrainingBatch {
  return {
    step,
    environmentSteps: 2 * step,
    stepsPerSecond: 50,
    trainedSeconds: 1,
    recentReturn: -step,
    metrics: [],
    episodes: [],
    evaluations: [],
    ...changes,
  }
}

export function checkpointParts(step: number, episodeIndex: number): CheckpointParts {
  return {
    step,
    networks: { values: { episodeIndex }, arrays: { policy: Float32Array.from([step, 0.1, -0.5]) } },
    resume: { values: { generator: [step, 2] }, arrays: { rewards: Float64Array.from([step, 1]) } },
  }
}
