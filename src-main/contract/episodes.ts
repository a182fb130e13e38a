import { z } from 'zod'
import { id } from './numbers.ts'

export const outcome = z.enum(['success', 'failure', 'timeout'])
export type Outcome = z.infer<typeof outcome>

/** training: the policy's own steps. rollout: extra on-policy episodes for the safety critic. evaluation: apart from training, not counted as incidents. */
export const episodeKind = z.enum(['training', 'rollout', 'evaluation'])
export type EpisodeKind = z.infer<typeof episodeKind>

export const episode = z.object({
  id,
  runId: id,
  /** Counts the run's episodes of all kinds from 0. */
  index: z.int().nonnegative(),
  kind: episodeKind,
  /** Policy step of the run at which the episode ended. */
  step: z.int().nonnegative(),
  return: z.number(),
  length: z.int().positive(),
  outcome,
  /** Why it failed, in words, such as `lava at row 3, column 2`; null unless the outcome is failure. */
  cause: z.string().nullable(),
  /** Q_safe of the last action; null where the method has no safety critic. */
  finalQSafe: z.number().nullable(),
  /** Frames between the first of the last unbroken run of Q_safe > epsilonSafe and the failure; 0: no warning; null: no safety critic or no failure. */
  warningLead: z.int().nonnegative().nullable(),
  hasFrames: z.boolean(),
})
export type Episode = z.infer<typeof episode>

/** An episode that measured a policy while it learnt: without chance in the policy, apart from training, in no figure of it. */
export const evaluationEpisode = episode
  .pick({ step: true, return: true, length: true, outcome: true, cause: true, finalQSafe: true })
  .extend({ place: z.int().nonnegative(), seed: z.int().nonnegative() })

/** Arrays of one recorded episode of n frames; frame i is the state before action i, so states has one row more. */
export interface EpisodeFrames {
  /** Simulator state, exact: (n + 1) x stateSize. */
  states: Float64Array
  /** n x actionSize. */
  actions: Float32Array
  /** n. */
  rewards: Float64Array
  /** Q_safe of the action taken, n; NaN without a safety critic. */
  qSafe: Float32Array
  /** Candidate actions drawn from the policy, at most 50 of each step: n x candidates x actionSize; empty where none were drawn. */
  candidates: Float32Array
  /** Q_safe of each candidate, n x candidates. */
  candidateQSafe: Float32Array
  /** Index of the candidate taken, n; -1 where the action was not drawn from candidates. */
  chosen: Int32Array
}

/** Frames as they are kept: large states only now and then, as the recorded actions lead from one to the next exactly. */
export interface RecordedFrames extends Omit<EpisodeFrames, 'states'> {
  /** Frames between two states that are kept; 1: all are. */
  stateEvery: number
  /** States 0, stateEvery, 2 stateEvery, ... and the last; each stateSize numbers. */
  keptStates: Float64Array
}
