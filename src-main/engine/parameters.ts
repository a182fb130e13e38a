import { allocateFloats } from './kernels.ts'

export interface ParameterShape {
  name: string
  shape: readonly number[]
}

export interface Parameter extends ParameterShape {
  /** Index of its first number in the group's flat arrays. */
  offset: number
  length: number
}

/**
 * The parameters of one or more networks in one flat array, so that an optimiser step, a copy or a checkpoint is one pass over memory.
 * Each parameter is a view of it, row-major.
 */
export interface ParameterGroup {
  name: string
  parameters: readonly Parameter[]
  values: Float32Array
  /** Filled by programs that differentiate this group; null for target networks. */
  gradient: Float32Array | null
}

export function createParameterGroup(
  name: string,
  shapes: readonly ParameterShape[],
  options: { trainable: boolean },
): ParameterGroup {
  let length = 0
  const parameters = shapes.map(({ name, shape }) => {
    const parameter = { name, shape, offset: length, length: shape.reduce((a, b) => a * b, 1) }
    length += parameter.length
    return parameter
  })
  return {
    name,
    parameters,
    values: allocateFloats(length),
    gradient: options.trainable ? allocateFloats(length) : null,
  }
}

/** View of one parameter inside a flat array of its group. */
export function parameterView(flat: Float32Array, parameter: Parameter): Float32Array {
  return flat.subarray(parameter.offset, parameter.offset + parameter.length)
}
