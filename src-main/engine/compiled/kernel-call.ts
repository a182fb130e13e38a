import { type GraphValue, type OnnxGraph, sameShape } from './onnx-graph.ts'

/** Inputs and attributes of one TensorFlow.js kernel call, as graph values. */
export interface KernelCall {
  graph: OnnxGraph
  inputs: Readonly<Record<string, GraphValue>>
  /** Inputs in order, for kernels that take a list (Concat, AddN, Pack). */
  list: readonly GraphValue[]
  attributes: Readonly<Record<string, unknown>>
}

export type TraceKernel = (call: KernelCall) => GraphValue | GraphValue[]

export function input(call: KernelCall, name: string): GraphValue {
  const value = call.inputs[name]
  if (!value) throw new Error(`A traced kernel misses its input "${name}".`)
  return value
}

export function attribute(call: KernelCall, name: string): unknown {
  if (!(name in call.attributes)) throw new Error(`A traced kernel misses its attribute "${name}".`)
  return call.attributes[name]
}

export const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number')

export function numbers(call: KernelCall, name: string): number[] {
  const value = attribute(call, name)
  if (typeof value === 'number') return [value]
  if (isNumbers(value)) return value
  throw new Error(`Attribute "${name}" of a traced kernel is not a list of numbers.`)
}

export function number(call: KernelCall, name: string): number {
  const value = attribute(call, name)
  if (typeof value === 'number') return value
  throw new Error(`Attribute "${name}" of a traced kernel is not a number.`)
}

export const flag = (call: KernelCall, name: string): boolean => call.attributes[name] === true

export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[a.length - rank + axis] ?? 1
    const right = b[b.length - rank + axis] ?? 1
    if (left !== right && left !== 1 && right !== 1)
      throw new Error(`Shapes [${a}] and [${b}] do not broadcast.`)
    return left === 1 ? right : left
  })
}

const isScalar = (value: GraphValue): boolean => value.shape.length === 0

// Fused matrix products come with reshapes to rank 3 and back. Elementwise operators are therefore applied to what a value was before it was
// reshaped, which leaves nearly all of those reshapes without a reader.
export function elementwise(
  graph: OnnxGraph,
  operator: string,
  values: readonly GraphValue[],
  options: { type?: GraphValue['type']; attributes?: Record<string, number> } = {},
): GraphValue {
  const [first] = values
  if (!first) throw new Error(`${operator} of nothing is not traced.`)
  const sources = values.map((value) => value.reshapedFrom ?? value)
  const liftable =
    sources.some((source, index) => source !== values[index]) &&
    values.every((value) => isScalar(value) || sameShape(value.shape, first.shape)) &&
    sources.every((source) => isScalar(source) || sameShape(source.shape, sources[0]?.shape ?? []))
  const operands = liftable ? sources : values
  const shape = operands.map((value) => value.shape).reduce(broadcastShape)
  const result = graph.node(operator, operands, shape, { type: first.type, ...options })
  return liftable ? graph.reshape(result, first.shape) : result
}

export function slice(
  graph: OnnxGraph,
  x: GraphValue,
  begin: readonly number[],
  size: readonly number[],
): GraphValue {
  const shape = size.map((length, axis) =>
    length === -1 ? (x.shape[axis] ?? 0) - (begin[axis] ?? 0) : length,
  )
  const end = shape.map((length, axis) => length + (begin[axis] ?? 0))
  return graph.node('Slice', [x, graph.integers(begin), graph.integers(end)], shape, { type: x.type })
}
