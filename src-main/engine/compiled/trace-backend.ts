import * as tf from '@tensorflow/tfjs'
import type { TraceKernel } from './kernel-call.ts'
import type { GraphValue, OnnxGraph } from './onnx-graph.ts'
import { traceKernels } from './trace-kernels.ts'

const BACKEND = 'onnx-trace'

/**
 * A TensorFlow.js backend that computes nothing: each kernel appends a node to an ONNX graph and returns a symbolic tensor.
 * TensorFlow.js's own differentiation runs over it, so a loss written once yields its backward pass as ONNX too.
 */
class TraceBackend extends tf.KernelBackend {
  graph: OnnxGraph | null = null
  readonly #values = new Map<object, GraphValue>()

  register(value: GraphValue): tf.TensorInfo {
    const dataId = {}
    this.#values.set(dataId, value)
    return {
      dataId,
      shape: [...value.shape],
      dtype: value.type === 'bool' ? 'bool' : value.type === 'int32' ? 'int32' : 'float32',
    }
  }

  graphValue(info: tf.TensorInfo): GraphValue {
    const value = this.#values.get(info.dataId)
    if (!value)
      throw new Error(
        'A tensor from outside reached a traced program; every tensor must be made inside its body.',
      )
    return value
  }

  currentGraph(): OnnxGraph {
    if (!this.graph) throw new Error('No program is being traced.')
    return this.graph
  }

  forget(): void {
    this.#values.clear()
    this.graph = null
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const graph = this.currentGraph()
    const numeric = Array.from(values as ArrayLike<number>)
    const value =
      dtype === 'bool'
        ? graph.constant(Uint8Array.from(numeric), shape, 'bool')
        : dtype === 'int32'
          ? graph.constant(Int32Array.from(numeric), shape, 'int32')
          : graph.constant(Float32Array.from(numeric), shape, 'float32')
    return this.register(value).dataId
  }

  override readSync(): never {
    throw new Error('A traced program must not read a tensor: its values are not known yet.')
  }
  override async read(): Promise<never> {
    return this.readSync()
  }
  override numDataIds(): number {
    return this.#values.size
  }
  override disposeData(): boolean {
    return true // Values live until the trace ends; a symbolic tensor holds no memory.
  }
  override incRef(): void {}
  decRef(): void {}
  override refCount(): number {
    return 1
  }
  override floatPrecision(): 32 {
    return 32
  }
  override epsilon(): number {
    return 1e-7
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }
  override timerAvailable(): boolean {
    return false
  }
  override dispose(): void {
    this.forget()
  }
}

const backend = new TraceBackend()
tf.registerBackend(BACKEND, () => backend)

for (const [kernelName, kernel] of Object.entries(traceKernels)) {
  tf.registerKernel({
    kernelName,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) => runKernel(kernel, inputs, attrs),
  })
}

function runKernel(
  kernel: TraceKernel,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap | undefined,
): tf.TensorInfo | tf.TensorInfo[] {
  const entries = Object.entries(inputs).flatMap(([name, info]) =>
    info ? [[name, backend.graphValue(info)] as const] : [],
  )
  const result = kernel({
    graph: backend.currentGraph(),
    inputs: Object.fromEntries(entries),
    list: entries.map(([, value]) => value),
    attributes: { ...attrs },
  })
  return Array.isArray(result) ? result.map((value) => backend.register(value)) : backend.register(result)
}

/** Turns graph values into tensors for a body, and the tensors it returns back into graph values. */
export interface TraceTools {
  tensor(value: GraphValue): tf.Tensor
  value(tensor: tf.Tensor): GraphValue
}

/** Runs `body` with every TensorFlow.js operation appended to `graph`. */
export async function trace<T>(graph: OnnxGraph, body: (tools: TraceTools) => T): Promise<T> {
  await tf.setBackend(BACKEND)
  const engine = tf.engine()
  engine.startScope('trace')
  backend.graph = graph
  try {
    return body({
      tensor: (value) => engine.makeTensorFromTensorInfo(backend.register(value), backend),
      value: (tensor) => backend.graphValue(tensor),
    })
  } finally {
    engine.endScope()
    backend.forget()
  }
}
