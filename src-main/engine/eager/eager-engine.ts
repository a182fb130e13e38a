import * as tf from '@tensorflow/tfjs'
import { evaluate } from '../differentiate.ts'
import { type Engine, elementCount, type Program, type ProgramDefinition } from '../engine.ts'
import { parameterView } from '../parameters.ts'
import { entries, mapValues } from '../records.ts'
import { BACKEND, loadTensorflowBinding } from './tensorflow-binding.ts'

export interface EngineUnavailable {
  /** A sentence for the user: why, and what to do. */
  unavailable: string
}

/** The engine that runs each operation of a program at once, on TensorFlow's C library: the independent check of the compiled one. */
export async function loadEagerEngine(): Promise<Engine | EngineUnavailable> {
  try {
    const version = loadTensorflowBinding()
    return { name: `eager (tfjs-node ${version})`, compile: async (definition) => bind(definition) }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    return { unavailable: `@tensorflow/tfjs-node does not load (${reason}); npm run engine:eager builds it.` }
  }
}

function bind<G extends string, I extends string, O extends string>(
  definition: ProgramDefinition<G, I, O>,
): Program<I, O> {
  const { name } = definition
  const inputs = mapValues(definition.inputs, (shape) => new Float32Array(elementCount(shape)))
  const outputs = mapValues(definition.outputs, (shape) => new Float32Array(elementCount(shape)))
  const targets = definition.differentiate.map((groupName) => {
    const { parameters, gradient } = definition.groups[groupName]
    if (!gradient) throw new Error(`Program ${name} differentiates ${groupName}, which is not trainable.`)
    const views = parameters.map((parameter) => ({
      ...parameter,
      view: parameterView(gradient, parameter),
    }))
    return { groupName, views }
  })

  const copy = (
    what: string,
    tensor: tf.Tensor | undefined,
    shape: readonly number[],
    into: Float32Array,
  ) => {
    if (!tensor || `${tensor.shape}` !== `${shape}`)
      throw new Error(`Program ${name}: ${what} has shape [${tensor?.shape}], not [${shape}].`)
    into.set(tensor.dataSync<'float32'>())
  }

  return {
    inputs,
    outputs,
    // No await inside: another engine in this process may change the backend between two turns of the event loop.
    run: async () => {
      if (tf.getBackend() !== BACKEND) tf.setBackend(BACKEND)
      const engine = tf.engine()
      engine.startScope(name)
      const kept: tf.Tensor[] = []
      try {
        // TensorFlow reads these arrays in place; their tensors end with the scope, before anybody writes to them again.
        const parameters = mapValues(definition.groups, ({ parameters, values }) =>
          Object.fromEntries(
            parameters.map((parameter) => [
              parameter.name,
              tf.tensor(parameterView(values, parameter), [...parameter.shape]),
            ]),
          ),
        )
        const tensors = mapValues(definition.inputs, (shape, key) => tf.tensor(inputs[key], [...shape]))
        const evaluated = evaluate(definition, parameters, tensors)
        kept.push(...Object.values(evaluated.outputs))
        for (const [key, shape] of entries(definition.outputs))
          copy(key, evaluated.outputs[key], shape, outputs[key])
        for (const { groupName, views } of targets)
          views.forEach(({ name: parameter, shape, view }, index) => {
            copy(`gradient of ${parameter}`, evaluated.gradients[groupName]?.[index], shape, view)
          })
      } finally {
        for (const tensor of kept) tensor.dispose()
        engine.endScope()
      }
    },
    dispose: async () => {},
  }
}
