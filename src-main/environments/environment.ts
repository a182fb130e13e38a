import type { z } from 'zod'
import type { Outcome } from '../contract/episodes.ts'
import type { FailureTest, SceneDescription, Vector } from '../contract/scenes.ts'
import type { Random } from '../random.ts'

/** What one step of an environment returned. */
export interface Step {
  observation: Float32Array
  reward: number
  /** I(s'): the new state is a failure state. Failure states are terminal. */
  failure: boolean
  /** The new state is terminal: a failure or a reached goal. Nothing is bootstrapped from it. */
  terminated: boolean
  /** The time limit ended the episode. Not a failure and not terminal: values bootstrap through it. */
  truncated: boolean
  /** Why it failed, in words that name the part; null unless `failure`. */
  cause: string | null
  /** How well the step does what the task asks, apart from its reward: metrics of training bear these names. Left out where the task has none. */
  info?: Readonly<Record<string, number>>
}

/** fixed: the task's own start distribution. random: anywhere the agent can stand, where the environment knows such a thing. */
export type Start = 'fixed' | 'random'

/** How the moving bodies of a scene stand and move in one state, in the order of the scene's bodies that have a mass. */
export interface Motion {
  /** Moving bodies x POSE_SIZE. */
  poses: Float32Array
  /** Moving bodies x VELOCITY_SIZE. */
  velocities: Float32Array
  /** Left out where the simulation knows none. */
  forces?: Forces
}

/** What acts on the bodies in one state. */
export interface Forces {
  /** Contacts x CONTACT_SIZE. */
  contacts: Float32Array
  /** Of the main body and all that hangs on it: x, y, z. */
  centreOfMass: Float32Array
}

/**
 * A simulator and robot with a failure indicator I(s). All its randomness comes from the generator it was made with, and its whole state,
 * the generator included, is a list of doubles: putting a state back repeats what followed, exactly.
 */
export interface Environment {
  readonly observationSize: number
  readonly actionSize: number
  /** Numbers in a state, and what the leading ones are, for tables and exports. */
  readonly stateSize: number
  readonly stateNames: readonly string[]
  /** Frames between two states that recordings keep: 1 where a state is small. */
  readonly stateEvery: number
  /** Time limit in steps. */
  readonly maximumSteps: number
  reset(start: Start): Float32Array
  /**
   * @param action each in [-1, 1]; values outside are clipped.
   * @throws Error when the episode has ended and reset() was not called.
   */
  step(action: Float32Array): Step
  observe(): Float32Array
  snapshot(): Float64Array
  restore(state: Float64Array): void
}

/** An environment that can be looked at. Nothing of this touches the simulation; learners do not need it. */
export interface VisibleEnvironment extends Environment {
  readonly scene: SceneDescription
  /** @param previous the state one step before, for velocities; null at the start of an episode. */
  motion(state: Float64Array, previous: Float64Array | null): Motion
  /** What each number of an action moves. */
  readonly actionNames: readonly string[]
  /** What makes a state a failure, apart from a simulation that blows up. */
  readonly failureTests: readonly FailureTest[]
  /** What each failure test measures in a state. */
  measures(state: Float64Array): number[]
  /** The scene's main body is given an impulse, x, y, z in N s, in no time. Left out where nothing has a momentum. */
  push?(impulse: Vector): void
  /** The state of an episode that starts at a place of the scene's `field`; null where nothing can stand or there is no field. */
  stateAt(x: number, y: number): Float64Array | null
}

export interface EnvironmentSizes
  extends Pick<Environment, 'observationSize' | 'actionSize' | 'maximumSteps'> {
  /** Earlier steps that an observation holds beside the present one. */
  pastSteps: number
}

/** A family of tasks: one class of environment under different parameters. Its simulator is loaded with the first one that is made. */
export interface EnvironmentDefinition<Parameters> {
  readonly parameters: z.ZodType<Parameters>
  /** What networks and plans must know, without a simulation. */
  sizes(parameters: Parameters): EnvironmentSizes
  create(parameters: Parameters, random: Random): Promise<VisibleEnvironment>
}

export function outcomeOf(step: Pick<Step, 'failure' | 'terminated'>): Outcome {
  if (step.failure) return 'failure'
  return step.terminated ? 'success' : 'timeout'
}
