import { z } from 'zod'
import type { EpisodeKind } from '../contract/episodes.ts'
import type { MethodName } from '../contract/transfer.ts'
import type { Engine } from '../engine/engine.ts'
import type { Environment, Step } from '../environments/environment.ts'
import type { Random, Streams } from '../random.ts'
import type { StateBundle } from './state.ts'
import type { MeasuredThreshold } from './threshold.ts'

export const trainingSettings = z.strictObject({
  randomStartFraction: z.number().min(0).max(1).default(0).meta({
    description:
      'Share of the training episodes that start anywhere the agent can stand instead of at the task’s start. A departure from the paper for pre-training.',
  }),
})
export type TrainingSettings = z.infer<typeof trainingSettings>

/** Which action was taken and out of what. */
export interface Decision {
  action: Float32Array
  /** Q_safe of the action; NaN without a safety critic. */
  qSafe: number
  /** Candidates drawn (count x actionSize) and the Q_safe of each; null where the action was not chosen among candidates. */
  candidates: Float32Array | null
  candidateQSafe: Float32Array | null
  /** Index of the candidate taken; -1 without candidates. */
  chosen: number
}

/** One environment step as it is recorded, whoever took it. */
export interface StepRecord {
  kind: EpisodeKind
  /** Simulator state before the action. */
  stateBefore: Float64Array
  decision: Decision
  step: Step
  environment: Environment
}

/** What a learner tells about its work. Recording, metrics and checkpoints hang on it; the loop knows none of them. */
export interface LearnerObserver {
  onStep(record: StepRecord): void
  /** Figures of one update; they are averaged until the next metric point. */
  onUpdate(values: Readonly<Record<string, number>>): void
}

export interface LearnerOptions {
  engine: Engine
  streams: Streams
  /** Steps of the policy. */
  environment: Environment
  /** Extra rollouts (SQRL's k episodes) and evaluations, so that the policy's own episode goes on undisturbed. */
  rolloutEnvironment: Environment
  /** Settings of a run, by group: `training`, `sac`, `sqrl`. */
  settings: Readonly<Record<string, unknown>>
  phase: 'pretrain' | 'finetune'
  /** Policy steps of the run: sizes the replay buffer. */
  steps: number
  observer: LearnerObserver
}

/**
 * A method at work on one run. Between two calls of `advance` its whole state can be taken and put back, so that a run which was stopped
 * continues bit by bit.
 */
export interface Learner {
  /** Policy steps taken. */
  readonly step: number
  /** One policy step and the learning that belongs to it. */
  advance(): Promise<void>
  /** What it would do without chance: the policy's mean, and under a mask the likeliest action that this allows. Changes nothing of what is learnt. */
  decideToEvaluate(observation: Float32Array, random: Random): Promise<Decision>
  /** Weights needed to act, to be judged and to start another run. */
  getNetworks(): StateBundle
  /** Starts from the weights of a pre-training run. */
  setNetworks(networks: StateBundle): void
  /** Begins D_offline with transitions of that run, where the settings keep some. @param state of the pre-training run. */
  keepTransitions?(state: StateBundle): void
  /** Everything else. */
  getState(): StateBundle
  setState(state: StateBundle): void
  /**
   * Sets a threshold that the settings give as a false-alarm rate, from fresh episodes of the pre-training task; before the first step. Null where the
   * settings give the threshold itself.
   * @param random decides where the episodes start and what is done in them.
   */
  calibrate?(held: {
    environment: Environment
    streams: Streams
    randomStartFraction: number
  }): Promise<MeasuredThreshold | null>
}

/** How a method is made, and which settings it takes. */
export interface Method {
  settings: z.ZodObject
  /** Methods whose pre-training its fine-tuning can start from; the first is what it is pre-trained by where nothing else is asked for. */
  startsFrom: readonly [MethodName, ...MethodName[]]
  create(options: LearnerOptions): Promise<Learner>
  /** Settings with which a few seconds do what a long run does all the time: no quiet beginning, and rounds as short as they can be. */
  rehearse(settings: Readonly<Record<string, unknown>>): {
    [group: string]: Record<string, z.core.util.JSONType>
  }
}
