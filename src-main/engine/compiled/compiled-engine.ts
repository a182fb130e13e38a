import { createRequire } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'
import * as ort from 'onnxruntime-node'
import { evaluate } from '../differentiate.ts'
import {
  type Engine,
  elementCount,
  type NamedTensors,
  type Program,
  type ProgramDefinition,
} from '../engine.ts'
import { type ParameterGroup, parameterView } from '../parameters.ts'
import { entries, mapValues } from '../records.ts'
import { type GraphValue, OnnxGraph } from './onnx-graph.ts'
import { trace } from './trace-backend.ts'

const version: string = createRequire(import.meta.url)('onnxruntime-node/package.json').version

const parameterName = (group: string, parameter: string): string => `${group}/${parameter}`
const gradientName = (group: string, parameter: string): string => `gradient of ${group}/${parameter}`

/** One thread and no spinning: N workers on N cores beat N threads on one run, and results do not depend on scheduling. */
const sessionOptions: ort.InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
}

/** Traces each program into one ONNX graph, backward pass included, and runs it in ONNX Runtime on the arrays of its groups. */
export const compiledEngine: Engine = {
  name: `compiled (onnxruntime ${version})`,
  async compile(definition) {
    const session = await ort.InferenceSession.create(await traceProgram(definition), sessionOptions)
    return bind(definition, session)
  },
}

/** Serialised ONNX model of a program, its parameters as graph inputs. */
async function traceProgram<G extends string, I extends string, O extends string>(
  definition: ProgramDefinition<G, I, O>,
): Promise<Uint8Array> {
  const graph = new OnnxGraph(definition.name)
  await trace(graph, (tools) => {
    const parameters = mapValues(
      definition.groups,
      (group: ParameterGroup, groupName): NamedTensors =>
        Object.fromEntries(
          group.parameters.map(({ name, shape }) => [
            name,
            tools.tensor(graph.input(parameterName(groupName, name), shape)),
          ]),
        ),
    )
    const inputs = mapValues(definition.inputs, (shape, name) => tools.tensor(graph.input(name, shape)))
    const { outputs, gradients } = evaluate(definition, parameters, inputs)
    const declare = (name: string, value: GraphValue, shape: readonly number[]) => {
      if (value.shape.length !== shape.length || value.shape.some((size, axis) => size !== shape[axis]))
        throw new Error(`Program ${definition.name}: ${name} has shape [${value.shape}], not [${shape}].`)
      graph.output(name, value)
    }
    for (const [name, tensor] of Object.entries(outputs))
      declare(name, tools.value(tensor), definition.outputs[name as O])
    for (const group of definition.differentiate)
      definition.groups[group].parameters.forEach(({ name, shape }, index) => {
        const gradient = gradients[group]?.[index]
        if (gradient) declare(gradientName(group, name), tools.value(gradient), shape)
      })
  })
  // The first program of a process finds nothing compiled: tracing and writing it take a twentieth of a second each, and others wait for the lab.
  await turn()
  return graph.serialize()
}

function bind<G extends string, I extends string, O extends string>(
  definition: ProgramDefinition<G, I, O>,
  session: ort.InferenceSession,
): Program<I, O> {
  const inputs = mapValues(definition.inputs, (shape) => new Float32Array(elementCount(shape)))
  const outputs = mapValues(definition.outputs, (shape) => new Float32Array(elementCount(shape)))
  const tensor = (data: Float32Array, shape: readonly number[]) => new ort.Tensor('float32', data, shape)
  const feeds: Record<string, ort.Tensor> = {}
  const fetches: Record<string, ort.Tensor> = {}
  for (const [name, data] of entries(inputs)) feeds[name] = tensor(data, definition.inputs[name])
  for (const [name, data] of entries(outputs)) fetches[name] = tensor(data, definition.outputs[name])
  for (const [groupName, group] of entries(definition.groups)) {
    for (const parameter of group.parameters) {
      feeds[parameterName(groupName, parameter.name)] = tensor(
        parameterView(group.values, parameter),
        parameter.shape,
      )
      if (!definition.differentiate.includes(groupName)) continue
      if (!group.gradient)
        throw new Error(`Program ${definition.name} differentiates ${groupName}, which is not trainable.`)
      fetches[gradientName(groupName, parameter.name)] = tensor(
        parameterView(group.gradient, parameter),
        parameter.shape,
      )
    }
  }
  return {
    inputs,
    outputs,
    run: async () => {
      discard(await session.run(feeds, fetches), fetches)
    },
    dispose: () => session.release(),
  }
}

/**
 * Frees what a run returned: onnxruntime-node 1.30 fills the arrays it was given and yet returns a copy of each. Left to the collector, those
 * megabytes bring a full collection every few dozen updates, which costs more than the copies themselves.
 */
function discard(returned: ort.InferenceSession.OnnxValueMapType, given: Record<string, ort.Tensor>): void {
  for (const [name, { data }] of Object.entries(returned)) {
    if (!(data instanceof Float32Array) || !(data.buffer instanceof ArrayBuffer)) continue
    const own = given[name]?.data
    if (own instanceof Float32Array && own.buffer !== data.buffer) data.buffer.transfer(0)
  }
}
