import type { Scalar, Tensor } from '@tensorflow/tfjs'
import type { ParameterGroup } from './parameters.ts'

/** Tensors of one parameter group by name, as a program's body sees them. */
export type NamedTensors<Name extends string = string> = Readonly<Record<Name, Tensor>>

/**
 * A TensorFlow.js computation over parameter groups and inputs of fixed shapes.
 * Everything random is an input: the body must not draw numbers, so that a run can be repeated bit by bit.
 */
export interface ProgramDefinition<Group extends string, Input extends string, Output extends string> {
  /** For error messages and profiles. */
  name: string
  groups: Readonly<Record<Group, ParameterGroup>>
  /** Shape of each float32 input; [] is a scalar. */
  inputs: Readonly<Record<Input, readonly number[]>>
  /** Shape of each float32 output. */
  outputs: Readonly<Record<Output, readonly number[]>>
  /** Groups whose `gradient` receives d loss / d parameters on every run. Needs a body that returns a loss. */
  differentiate: readonly NoInfer<Group>[]
  body: (
    parameters: Readonly<Record<Group, NamedTensors>>,
    inputs: NamedTensors<Input>,
  ) => { loss?: Scalar; outputs: Record<Output, Tensor> }
}

/**
 * A program bound to its memory: write `inputs`, await `run()`, read `outputs` and the groups' gradients.
 * The arrays are the same on every run, so nothing is allocated in the training loop.
 */
export interface Program<Input extends string = string, Output extends string = string> {
  readonly inputs: Readonly<Record<Input, Float32Array>>
  readonly outputs: Readonly<Record<Output, Float32Array>>
  run(): Promise<void>
  dispose(): Promise<void>
}

export interface Engine {
  /** `compiled` or `eager`, with the library's version: goes into a run's provenance. */
  readonly name: string
  compile<Group extends string, Input extends string, Output extends string>(
    definition: ProgramDefinition<Group, Input, Output>,
  ): Promise<Program<Input, Output>>
}

export const elementCount = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
