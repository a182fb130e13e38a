import { elementwise, flag, input, type KernelCall, slice } from './kernel-call.ts'
import { type GraphValue, type OnnxGraph, sameShape } from './onnx-graph.ts'

export function matMul(call: KernelCall, activation: string | null = null): GraphValue {
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
  if (!bias && !transposeA && transposeB) product.products = [{ left, right }]
  const result = activation ? graph.node(activation, [product], product.shape) : product
  return graph.reshape(result, [...a.shape.slice(0, -2), rows, columns])
}

/**
 * Groups of columns of a sum of products, each computed on its own. The gradient of joined inputs is cut up like this, and most often only one
 * part of it is wanted: the policy's loss needs that of the action and not that of the far wider observation.
 */
export function splitProducts(
  graph: OnnxGraph,
  products: NonNullable<GraphValue['products']>,
  lengths: readonly number[],
): GraphValue[] {
  const begins = lengths.map((_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0))
  return lengths.map((length, i) => {
    let sum: GraphValue | null = null
    for (const { left, right } of products) {
      const [rows = 1, inner = 1] = left.shape
      const part = slice(graph, right, [begins[i] ?? 0, 0], [length, inner])
      sum = graph.node('Gemm', sum ? [left, part, sum] : [left, part], [rows, length], {
        attributes: { transB: 1 },
      })
    }
    if (!sum) throw new Error('A sum of no products is not traced.')
    return sum
  })
}

export function add(call: KernelCall): GraphValue {
  const [a, b] = [input(call, 'a'), input(call, 'b')]
  const sum = elementwise(call.graph, 'Add', [a, b])
  if (a.products && b.products && sameShape(a.shape, b.shape)) sum.products = [...a.products, ...b.products]
  return sum
}
