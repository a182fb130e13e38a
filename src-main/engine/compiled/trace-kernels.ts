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

function input(call: KernelCall, name: string): GraphValue {
  const value = call.inputs[name]
  if (!value) throw new Error(`A traced kernel misses its input "${name}".`)
  return value
}

function attribute(call: KernelCall, name: string): unknown {
  if (!(name in call.attributes)) throw new Error(`A traced kernel misses its attribute "${name}".`)
  return call.attributes[name]
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number')

function numbers(call: KernelCall, name: string): number[] {
  const value = attribute(call, name)
  if (typeof value === 'number') return [value]
  if (isNumbers(value)) return value
  throw new Error(`Attribute "${name}" of a traced kernel is not a list of numbers.`)
}

function number(call: KernelCall, name: string): number {
  const value = attribute(call, name)
  if (typeof value === 'number') return value
  throw new Error(`Attribute "${name}" of a traced kernel is not a number.`)
}

const flag = (call: KernelCall, name: string): boolean => call.attributes[name] === true

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
function elementwise(
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

const unary =
  (operator: string): TraceKernel =>
  (call) =>
    elementwise(call.graph, operator, [input(call, 'x')])

const binary =
  (operator: string): TraceKernel =>
  (call) =>
    elementwise(call.graph, operator, [input(call, 'a'), input(call, 'b')])

const comparison =
  (operator: string): TraceKernel =>
  (call) =>
    elementwise(call.graph, operator, [input(call, 'a'), input(call, 'b')], { type: 'bool' })

function reduce(operator: 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin'): TraceKernel {
  return (call) => {
    const x = input(call, 'x')
    const rank = x.shape.length
    // Max names its axes apart from the others; without any, all are reduced.
    const name = 'reductionIndices' in call.attributes ? 'reductionIndices' : 'axis'
    const raw = (call.attributes[name] ?? null) === null ? [...x.shape.keys()] : numbers(call, name)
    const axes = raw.map((axis) => (axis < 0 ? axis + rank : axis))
    const keepDims = flag(call, 'keepDims')
    const shape = keepDims
      ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      : x.shape.filter((_, axis) => !axes.includes(axis))
    // A sum over the batch (every bias gradient) is a product with a row of ones: far faster than ReduceSum over rows.
    const rowsOnly = axes.length === rank - 1 && !axes.includes(rank - 1)
    const matrix = call.graph.reshape(
      x,
      x.shape.filter((size, axis) => size !== 1 || axis >= rank - 2),
    )
    if (operator === 'ReduceSum' && rank >= 2 && rowsOnly && matrix.shape.length === 2) {
      const [rows = 1, columns = 1] = matrix.shape
      const ones = call.graph.filled(1, [1, rows])
      return call.graph.reshape(call.graph.node('MatMul', [ones, matrix], [1, columns]), shape)
    }
    // From opset 13 ReduceSum takes its axes as an input; the others do so only from 18.
    return operator === 'ReduceSum'
      ? call.graph.node(operator, [x, call.graph.integers(axes)], shape, {
          attributes: { keepdims: keepDims ? 1 : 0 },
        })
      : call.graph.node(operator, [x], shape, { attributes: { axes, keepdims: keepDims ? 1 : 0 } })
  }
}

function matMul(call: KernelCall, activation: string | null = null): GraphValue {
  const { graph } = call
  const flatten = (x: GraphValue): GraphValue => {
    if (x.shape.slice(0, -2).some((size) => size !== 1))
      throw new Error(`Batched matrix products are not traced: [${x.shape}].`)
    return graph.reshape(x, x.shape.slice(-2))
  }
  const a = input(call, 'a')
  const left = flatten(a)
  const right = flatten(input(call, 'b'))
  const transposeA = flag(call, 'transposeA')
  const transposeB = flag(call, 'transposeB')
  const rows = left.shape[transposeA ? 1 : 0] ?? 1
  const columns = right.shape[transposeB ? 0 : 1] ?? 1
  const { bias } = call.inputs
  const product = graph.node('Gemm', bias ? [left, right, bias] : [left, right], [rows, columns], {
    attributes: { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 },
  })
  const result = activation ? graph.node(activation, [product], product.shape) : product
  return graph.reshape(result, [...a.shape.slice(0, -2), rows, columns])
}

/** 1 where x > 0 and `alpha` elsewhere; the gradient of Abs has an alpha of -1. */
function step(graph: OnnxGraph, x: GraphValue, alpha: number): GraphValue {
  const positive = elementwise(graph, 'Greater', [x, graph.scalar(0)], { type: 'bool' })
  const ones = elementwise(graph, 'Cast', [positive], { type: 'float32', attributes: { to: 1 } })
  if (alpha === 0) return ones
  return elementwise(graph, 'Add', [
    elementwise(graph, 'Mul', [ones, graph.scalar(1 - alpha)]),
    graph.scalar(alpha),
  ])
}

function slice(
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

const activations: Readonly<Record<string, string>> = { relu: 'Relu', tanh: 'Tanh', sigmoid: 'Sigmoid' }

/** What each TensorFlow.js kernel becomes in ONNX. Names and attributes are those of @tensorflow/tfjs-core 4.22. */
export const traceKernels: Readonly<Record<string, TraceKernel>> = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('Div'),
  Minimum: binary('Min'),
  Maximum: binary('Max'),
  Pow: binary('Pow'),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  Equal: comparison('Equal'),
  LogicalAnd: comparison('And'),
  LogicalNot: unary('Not'),
  Relu: unary('Relu'),
  Exp: unary('Exp'),
  Log: unary('Log'),
  Tanh: unary('Tanh'),
  Sqrt: unary('Sqrt'),
  Neg: unary('Neg'),
  Abs: unary('Abs'),
  Sign: unary('Sign'),
  Sigmoid: unary('Sigmoid'),
  Softplus: unary('Softplus'),
  Identity: (call) => input(call, 'x'),
  Square: (call) => {
    const x = input(call, 'x')
    return elementwise(call.graph, 'Mul', [x, x])
  },
  Step: (call) => step(call.graph, input(call, 'x'), number(call, 'alpha')),
  AddN: (call) => call.list.reduce((sum, value) => call.graph.node('Add', [sum, value], sum.shape)),
  Sum: reduce('ReduceSum'),
  Mean: reduce('ReduceMean'),
  Max: reduce('ReduceMax'),
  Min: reduce('ReduceMin'),
  Reshape: (call) =>
    call.graph.reshape(
      input(call, 'x'),
      numbers(call, 'shape').map((size, axis, all) => {
        if (size !== -1) return size
        const known = all.reduce((product, other, index) => (index === axis ? product : product * other), 1)
        return input(call, 'x').shape.reduce((a, b) => a * b, 1) / known
      }),
    ),
  ExpandDims: (call) => {
    const x = input(call, 'input')
    const dim = number(call, 'dim')
    const at = dim < 0 ? x.shape.length + 1 + dim : dim
    return call.graph.reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)])
  },
  Cast: (call) => {
    const x = input(call, 'x')
    const target = attribute(call, 'dtype')
    if (target !== 'float32' && target !== 'bool' && target !== 'int32')
      throw new Error(`Cast to ${String(target)} is not traced.`)
    if (x.type === target) return x
    const code = { float32: 1, int32: 6, bool: 9 }[target]
    return call.graph.node('Cast', [x], x.shape, { type: target, attributes: { to: code } })
  },
  ClipByValue: (call) => {
    const x = input(call, 'x')
    const low = call.graph.scalar(number(call, 'clipValueMin'))
    const high = call.graph.scalar(number(call, 'clipValueMax'))
    return call.graph.node('Clip', [x, low, high], x.shape)
  },
  BatchMatMul: (call) => matMul(call),
  _FusedMatMul: (call) => {
    const activation = String(call.attributes.activation ?? 'linear')
    if (activation === 'linear') return matMul(call)
    const operator = activations[activation]
    if (!operator) throw new Error(`The activation "${activation}" is not traced.`)
    return matMul(call, operator)
  },
  Slice: (call) => slice(call.graph, input(call, 'x'), numbers(call, 'begin'), numbers(call, 'size')),
  SplitV: (call) => {
    const x = input(call, 'x')
    const sizes = numbers(call, 'numOrSizeSplits')
    const given = number(call, 'axis')
    const axis = given < 0 ? given + x.shape.length : given
    const lengths =
      sizes.length === 1
        ? new Array<number>(sizes[0] ?? 1).fill((x.shape[axis] ?? 0) / (sizes[0] ?? 1))
        : sizes
    const shapes = lengths.map((length) => x.shape.map((size, index) => (index === axis ? length : size)))
    return call.graph.nodes('Split', [x, call.graph.integers(lengths)], shapes, { attributes: { axis } })
  },
  Concat: (call) => {
    const values = call.list.filter((value) => !value.shape.includes(0))
    const first = values[0]
    if (!first) throw new Error('Concat of nothing is not traced.')
    const given = number(call, 'axis')
    const axis = given < 0 ? given + first.shape.length : given
    const total = values.reduce((sum, value) => sum + (value.shape[axis] ?? 0), 0)
    return call.graph.node(
      'Concat',
      values,
      first.shape.map((size, index) => (index === axis ? total : size)),
      { type: first.type, attributes: { axis } },
    )
  },
  Transpose: (call) => {
    const x = input(call, 'x')
    const perm = numbers(call, 'perm')
    return call.graph.node(
      'Transpose',
      [x],
      perm.map((axis) => x.shape[axis] ?? 1),
      { type: x.type, attributes: { perm } },
    )
  },
  Tile: (call) => {
    const x = input(call, 'x')
    const reps = numbers(call, 'reps')
    return call.graph.node(
      'Tile',
      [x, call.graph.integers(reps)],
      x.shape.map((size, axis) => size * (reps[axis] ?? 1)),
      { type: x.type },
    )
  },
  PadV2: (call) => {
    const x = input(call, 'x')
    const paddings = attribute(call, 'paddings')
    if (!Array.isArray(paddings)) throw new Error('PadV2 misses its paddings.')
    const pairs: [number, number][] = paddings.map((pair: unknown) => {
      if (!isNumbers(pair)) throw new Error('PadV2 has a padding that is not a pair.')
      return [pair[0] ?? 0, pair[1] ?? 0]
    })
    const shape = x.shape.map((size, axis) => size + (pairs[axis]?.[0] ?? 0) + (pairs[axis]?.[1] ?? 0))
    const pads = [...pairs.map((pair) => pair[0]), ...pairs.map((pair) => pair[1])]
    return call.graph.node(
      'Pad',
      [x, call.graph.integers(pads), call.graph.scalar(number(call, 'constantValue'))],
      shape,
    )
  },
  Select: (call) => {
    const condition = input(call, 'condition')
    const t = input(call, 't')
    const e = input(call, 'e')
    return call.graph.node('Where', [condition, t, e], broadcastShape(t.shape, e.shape), { type: t.type })
  },
  Fill: (call) => call.graph.filled(number(call, 'value'), numbers(call, 'shape')),
  ZerosLike: (call) => call.graph.filled(0, input(call, 'x').shape),
  OnesLike: (call) => call.graph.filled(1, input(call, 'x').shape),
}
