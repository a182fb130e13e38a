import {
  attribute,
  broadcastShape,
  elementwise,
  flag,
  input,
  isNumbers,
  number,
  numbers,
  slice,
  type TraceKernel,
} from './kernel-call.ts'
import type { GraphValue, OnnxGraph } from './onnx-graph.ts'
import { add, matMul, splitProducts } from './trace-products.ts'

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
      const ones = call.graph.filled(1, [rows])
      return call.graph.reshape(call.graph.node('MatMul', [ones, matrix], [columns]), shape)
    }
    // From opset 13 ReduceSum takes its axes as an input; the others do so only from 18.
    return operator === 'ReduceSum'
      ? call.graph.node(operator, [x, call.graph.integers(axes)], shape, {
          attributes: { keepdims: keepDims ? 1 : 0 },
        })
      : call.graph.node(operator, [x], shape, { attributes: { axes, keepdims: keepDims ? 1 : 0 } })
  }
}

/**
 * 1 where x > 0 and `alpha` elsewhere; the gradient of Abs has an alpha of -1. A sigmoid of straight lines, so steep that only numbers below
 * 3e-39 lie on its slope, is one operator where a comparison and a cast are two.
 */
function step(graph: OnnxGraph, x: GraphValue, alpha: number): GraphValue {
  const ones = elementwise(graph, 'HardSigmoid', [x], { attributes: { alpha: 3e38, beta: 0 } })
  if (alpha === 0) return ones
  return elementwise(graph, 'Add', [
    elementwise(graph, 'Mul', [ones, graph.scalar(1 - alpha)]),
    graph.scalar(alpha),
  ])
}

const activations: Readonly<Record<string, string>> = { relu: 'Relu', tanh: 'Tanh', sigmoid: 'Sigmoid' }

/** What each TensorFlow.js kernel becomes in ONNX. Names and attributes are those of @tensorflow/tfjs-core 4.22. */
export const traceKernels: Readonly<Record<string, TraceKernel>> = {
  Add: add,
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
    if (axis === 1 && x.products) return splitProducts(call.graph, x.products, lengths)
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
