import type { StateBundle as ArrayBundle } from '../algorithms/state.ts'
import type { MeasuredThreshold } from '../algorithms/threshold.ts'
import type { EpisodeKind, Outcome, RecordedFrames } from '../contract/episodes.ts'
import type { MetricPoint } from '../contract/metrics.ts'
import type { Provenance } from '../contract/runs.ts'
import type { RunSpecification } from '../contract/transfer.ts'

/** What a checkpoint is made of, without saying how it is stored: the learners' own states. */
export type { StateArray as TypedArray, StateBundle as ArrayBundle } from '../algorithms/state.ts'

/** All that a run is at one step, whole. */
export interface CheckpointParts {
  step: number
  /** Weights needed to act and to start another run: kept for every checkpoint. */
  networks: ArrayBundle
  /** Optimisers, targets, multipliers, generators, counters and replay buffers: kept for the newest checkpoint only, so that a run continues bit by bit. */
  resume: ArrayBundle
}

/** An episode that has ended, on its way into the store. */
export interface EpisodeRecord {
  index: number
  kind: EpisodeKind
  step: number
  return: number
  length: number
  outcome: Outcome
  cause: string | null
  finalQSafe: number | null
  warningLead: number | null
  frames: RecordedFrames | null
  /** Index of an earlier failure whose frames this one replaces in the reservoir; null: none. */
  replacesFramesOf: number | null
}

/** An episode that was played to measure the policy; it counts in no figure of training. */
export interface EvaluationEpisode {
  /** Policy steps at which it was played. */
  step: number
  /** Among the episodes of one evaluation, from 0. */
  place: number
  seed: number
  return: number
  length: number
  outcome: Outcome
  cause: string | null
  finalQSafe: number | null
}

/** What happened since the last batch; the lab writes it in one transaction. */
export interface TrainingBatch {
  step: number
  environmentSteps: number
  stepsPerSecond: number
  /** Seconds this worker trained since the last batch. */
  trainedSeconds: number
  recentReturn: number | null
  metrics: MetricPoint[]
  episodes: EpisodeRecord[]
  evaluations: EvaluationEpisode[]
}

export type ToWorker =
  | {
      type: 'start'
      specification: RunSpecification
      /**
       * Networks of the checkpoint to start from and what trained them, for a fine-tuning run that begins; the rest of its state only where the run keeps
       * transitions of it.
       */
      pretrained: { networks: ArrayBundle; state: ArrayBundle | null; specification: RunSpecification } | null
      /** The checkpoint to go on from. */
      resume: CheckpointParts | null
    }
  /** Answer to a checkpoint: it is on disk. The worker waits for it. */
  | { type: 'committed'; step: number }
  /** Write a checkpoint and leave. */
  | { type: 'stop' }

export type FromWorker =
  | { type: 'ready'; provenance: Provenance }
  /** The threshold that a false-alarm rate asked for; before the first batch. */
  | { type: 'calibrated'; threshold: MeasuredThreshold }
  | { type: 'batch'; batch: TrainingBatch }
  | { type: 'checkpoint'; batch: TrainingBatch; checkpoint: CheckpointParts }
  /** All steps are done and the last checkpoint is committed. */
  | { type: 'finished' }
  /** Left after `stop`; the last checkpoint is committed. */
  | { type: 'stopped' }
  | { type: 'failed'; message: string; detail: string }
