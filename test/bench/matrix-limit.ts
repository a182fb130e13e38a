import * as ort from 'onnxruntime-node'
import { measureRate } from '../../src-main/algorithms/update-rate.ts'
import { OnnxGraph } from '../../src-main/engine/compiled/onnx-graph.ts'

/** Side of the square matrices: the width of the networks' layers and the size of a batch. */
export const productSide = 256
/** Products in one run, so that the price of a run does not count. */
const PRODUCTS = 64

/**
 * Times A * B of 256 x 256 matrices in ONNX Runtime, one thread, in GFLOP/s. B is constant, which ONNX Runtime packs beforehand: its fastest
 * form, and so the most that a program of such products can reach.
 */
export async function createMatrixTimer(): Promise<(seconds: number) => Promise<number>> {
  const shape = [productSide, productSide]
  const graph = new OnnxGraph('matrix products')
  // The identity keeps the numbers ordinary through all the products.
  const identity = Float32Array.from({ length: productSide ** 2 }, (_, i) => (i % (productSide + 1) ? 0 : 1))
  const factor = graph.initializer('factor', identity, shape)
  let product = graph.input('start', shape)
  for (let i = 0; i < PRODUCTS; i++) product = graph.node('Gemm', [product, factor], shape)
  graph.output('product', product)
  const session = await ort.InferenceSession.create(graph.serialize(), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  })
  const start = Float32Array.from({ length: productSide ** 2 }, (_, i) => Math.sin(i))
  const feeds = {
    start: new ort.Tensor('float32', start, shape),
  }
  const fetches = { product: new ort.Tensor('float32', new Float32Array(productSide ** 2), shape) }
  await session.run(feeds, fetches)
  return async (seconds) => {
    const runs = await measureRate(() => session.run(feeds, fetches), seconds)
    return (runs * PRODUCTS * 2 * productSide ** 3) / 1e9
  }
}
