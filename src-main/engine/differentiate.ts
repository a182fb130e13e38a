import * as tf from '@tensorflow/tfjs'
import type { NamedTensors, ProgramDefinition } from './engine.ts'

export interface Evaluated {
  outputs: Record<string, tf.Tensor>
  /** One tensor per parameter, by group, in the group's order. */
  gradients: Record<string, tf.Tensor[]>
}

/**
 * Runs a program's body on the current TensorFlow.js backend and differentiates its loss. Both engines go through here, so that they
 * cannot disagree on what a program means.
 */
export function evaluate<G extends string, I extends string, O extends string>(
  definition: ProgramDefinition<G, I, O>,
  parameters: Readonly<Record<G, NamedTensors>>,
  inputs: NamedTensors<I>,
): Evaluated {
  if (definition.differentiate.length === 0)
    return { outputs: definition.body(parameters, inputs).outputs, gradients: {} }
  let outputs: Record<string, tf.Tensor> = {}
  const variables = definition.differentiate.flatMap((group) =>
    definition.groups[group].parameters.map(({ name }) => {
      const tensor = parameters[group][name]
      if (!tensor) throw new Error(`Program ${definition.name}: group ${group} has no parameter ${name}.`)
      return tensor
    }),
  )
  const { grads } = tf.valueAndGrads(() => {
    const result = definition.body(parameters, inputs)
    if (!result.loss) throw new Error(`Program ${definition.name} differentiates but returns no loss.`)
    outputs = result.outputs
    for (const tensor of Object.values(outputs)) tf.keep(tensor)
    return result.loss
  })(variables)
  const gradients: Record<string, tf.Tensor[]> = {}
  let next = 0
  for (const group of definition.differentiate) {
    const count = definition.groups[group].parameters.length
    gradients[group] = grads.slice(next, next + count)
    next += count
  }
  return { outputs, gradients }
}
