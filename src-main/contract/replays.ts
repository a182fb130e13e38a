import { z } from 'zod'
import { conditions, episodeReference, episodeStart, replayedEpisode } from './episode-references.ts'
import { type EpisodeFrames, outcome } from './episodes.ts'
import { id, seed } from './numbers.ts'
import { run } from './runs.ts'
import { failureTest, sceneDescription, vector } from './scenes.ts'
import { runSpecification } from './transfer.ts'

/** Arrays packed by `packArrays`; `unpackArrays` gives them back. They cross the border by `wireSerializers`, in streams too. */
const packed = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array)

/** What a replay of n frames carries as packed arrays. Moving bodies stand in the order of the scene's bodies that have a mass. */
export interface ReplayArrays extends EpisodeFrames {
  /** (n + 1) x moving bodies x POSE_SIZE. */
  poses: Float32Array
  /** (n + 1) x moving bodies x VELOCITY_SIZE. */
  velocities: Float32Array
  /** What each failure test measures: (n + 1) x failure tests. Left out of what is only simulated. */
  measures?: Float64Array
  /** Left out by environments without forces. */
  forces?: ReplayForces
}

/** What acts on the bodies in each of n + 1 frames. Packed beside the other arrays, as `contacts`, `contactCounts` and `centresOfMass`. */
export interface ReplayForces {
  /** All contacts x CONTACT_SIZE, frame after frame. */
  contacts: Float32Array
  /** n + 1. */
  contactCounts: Int32Array
  /** Of the main body and what hangs on it, (n + 1) x 3. */
  centresOfMass: Float32Array
}

/** An episode with all that is needed to show it. */
export const replay = z.object({
  reference: episodeReference,
  episode: replayedEpisode,
  /** Of the run whose policy acted, with the task that it acted on. */
  specification: runSpecification,
  /** That run; null: it is not in this lab. */
  run: run.nullable(),
  /** A run of this lab that has the episode's task; null: there is none. */
  taskOfRunId: id.nullable(),
  /** Threshold under which the episode's actions were masked; null: they were not. */
  epsilonSafe: z.number().nullable(),
  scene: sceneDescription,
  /** Of the leading numbers of a state. */
  stateNames: z.array(z.string()),
  actionNames: z.array(z.string()),
  failureTests: z.array(failureTest),
  stateSize: z.int().positive(),
  actionSize: z.int().positive(),
  /**
   * Whose policy acted, or nearly: the run's last checkpoint that is not later than a recorded episode; before a fine-tuning run's first one, the
   * checkpoint it started from; null: there is none.
   */
  checkpointId: id.nullable(),
  /** Marks that came in a file with it; the lab's own are listed apart. */
  marks: z.array(
    z.object({
      frame: z.int().nonnegative(),
      lastFrame: z.int().nonnegative().nullable(),
      label: z.string(),
    }),
  ),
  arrays: packed,
})
export type Replay = z.infer<typeof replay>

const simulations = conditions.extend({
  /** One simulation for each; another seed is other noise and other candidates. Under one seed all conditions see the same noise and the same draws. */
  seeds: z.array(seed).min(1).max(1000),
})

/** Re-simulates from a recorded frame under other conditions. The frame after the last action has nothing left to simulate: length 0, the recorded outcome. */
export const branchRequest = z.intersection(
  episodeReference,
  simulations.extend({
    frame: z.int().nonnegative(),
    /** seeded: the environment's noise is each seed's own. recorded: the noise that followed in the recording; seeds then differ in the candidates alone. */
    noise: z.enum(['seeded', 'recorded']).default('seeded'),
    /** An impulse given to the scene's main body at that frame: x, y, z in N s. */
    push: vector.optional(),
  }),
)
export type BranchRequest = z.infer<typeof branchRequest>

/** Fresh episodes on the task of the checkpoint's run, or of another run. */
export const rolloutRequest = simulations.extend({
  taskOfRunId: id.optional(),
  start: episodeStart.default('fixed'),
  /** False: outcomes alone, and no arrays; each episode can be opened by its own seed. */
  frames: z.boolean().default(true),
})
export type RolloutRequest = z.infer<typeof rolloutRequest>

/** One simulated episode, in frames from where it branched; its return counts from there. `arrays`: ReplayArrays, candidates where it was masked; empty where none were asked for. */
export const simulated = z.object({
  seed,
  outcome,
  cause: z.string().nullable(),
  return: z.number(),
  length: z.int().nonnegative(),
  arrays: packed,
})
export type Simulated = z.infer<typeof simulated>

/** Simulated episodes come one by one, with their number. */
export const simulationProgress = z.object({ done: z.int(), total: z.int(), simulated })
export type SimulationProgress = z.infer<typeof simulationProgress>

/** The checkpoint whose task is asked for, or another run's task. */
export const rolloutSceneQuery = z.object({ checkpointId: id, taskOfRunId: id.optional() })
export type RolloutSceneQuery = z.infer<typeof rolloutSceneQuery>

/** The scene that fresh episodes play in. */
export const rolloutScene = z.object({
  scene: sceneDescription,
  stateNames: z.array(z.string()),
  actionNames: z.array(z.string()),
  failureTests: z.array(failureTest),
  stateSize: z.int().positive(),
  actionSize: z.int().positive(),
})
export type RolloutScene = z.infer<typeof rolloutScene>

export const verification = z.object({
  /** Null: it is no recorded episode. */
  episodeId: id.nullable(),
  frames: z.int(),
  /** Every recorded state and reward came out again, bit by bit. */
  verified: z.boolean(),
  /** First frame whose outcome differs; null where none does. */
  firstDifference: z.object({ frame: z.int(), what: z.enum(['state', 'reward']) }).nullable(),
})
export type Verification = z.infer<typeof verification>

/** Asks what a checkpoint makes of the recorded states: Q_safe of the actions taken, and of fresh candidates. */
export const judgementRequest = z.intersection(
  episodeReference,
  z.object({
    checkpointId: id,
    candidates: z.int().positive().max(500).default(50),
    seed: seed.default(0),
  }),
)
export type JudgementRequest = z.infer<typeof judgementRequest>

/** Packed: `qSafe` (n), `candidates` (n x candidates x actionSize), `candidateQSafe` (n x candidates). NaN without a safety critic. */
export const judgement = z.object({ arrays: packed })
export type Judgement = z.infer<typeof judgement>

export const fieldRequest = z.object({
  checkpointId: id,
  /** The task whose map is drawn; left out: that of the checkpoint's run. */
  taskOfRunId: id.optional(),
  columns: z.int().min(2).max(400),
  rows: z.int().min(2).max(400),
})
export type FieldRequest = z.infer<typeof fieldRequest>

/**
 * Q_safe over the floor at the middles of its cells, at the policy's most likely action (its mean). Packed: `qSafe` (rows x columns, row 0 at the lowest y;
 * NaN where no state is) and `actions` (rows x columns x actionSize).
 */
export const field = z.object({
  columns: z.int(),
  rows: z.int(),
  epsilonSafe: z.number(),
  step: z.int(),
  arrays: packed,
})
export type Field = z.infer<typeof field>

/** A moment or a stretch of an episode that a user has marked. */
export const episodeMark = z.object({
  id,
  episodeId: id,
  frame: z.int().nonnegative(),
  /** The end of a stretch; null: a single moment. */
  lastFrame: z.int().positive().nullable(),
  label: z.string().trim().min(1).max(120),
})
export type EpisodeMark = z.infer<typeof episodeMark>

export const newEpisodeMark = episodeMark
  .omit({ id: true })
  .extend({ lastFrame: episodeMark.shape.lastFrame.default(null) })
export type NewEpisodeMark = z.input<typeof newEpisodeMark>
