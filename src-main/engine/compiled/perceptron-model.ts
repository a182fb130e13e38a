import { type GraphValue, OnnxGraph } from './onnx-graph.ts'

/** One affine layer: weight [inputs, outputs] row-major, bias [outputs]. */
export interface Layer {
  weight: Float32Array
  bias: Float32Array
  inputs: number
  outputs: number
}

const BATCH = 'batch'
/** Shape of a traced value; the batch dimension is declared free. */
const row = (width: number) => [1, width]

function appendPerceptron(graph: OnnxGraph, input: GraphValue, layers: readonly Layer[]): GraphValue {
  return layers.reduce((x, { weight, bias, inputs, outputs }, index) => {
    const w = graph.initializer(`layer${index}.weight`, weight, [inputs, outputs])
    const b = graph.initializer(`layer${index}.bias`, bias, [outputs])
    const y = graph.node('Gemm', [x, w, b], row(outputs))
    return index === layers.length - 1 ? y : graph.node('Relu', [y], row(outputs))
  }, input)
}

/**
 * A squashed Gaussian policy as an ONNX model with its weights. Input `observation` [batch, observationSize]; outputs `action` (tanh of the
 * mean, what the policy does without noise), `mean` and `log_deviation` before squashing, all [batch, actionSize], float32.
 */
export function policyModel(
  layers: readonly Layer[],
  actionSize: number,
  logDeviationBounds: readonly [number, number],
): Uint8Array {
  const graph = new OnnxGraph('policy')
  const observationSize = layers[0]?.inputs ?? 0
  const observation = graph.input(
    'observation',
    row(observationSize),
    [BATCH, observationSize],
    'Observation, scaled as the environment gives it.',
  )
  const head = appendPerceptron(graph, observation, layers)
  const columns = (from: number) =>
    graph.node(
      'Slice',
      [head, graph.integers([from]), graph.integers([from + actionSize]), graph.integers([1])],
      row(actionSize),
    )
  const mean = columns(0)
  const [low, high] = logDeviationBounds
  const logDeviation = graph.node(
    'Clip',
    [columns(actionSize), graph.scalar(low), graph.scalar(high)],
    row(actionSize),
  )
  const shape = [BATCH, actionSize]
  graph.output(
    'action',
    graph.node('Tanh', [mean], row(actionSize)),
    shape,
    'Action without noise, each in (-1, 1).',
  )
  graph.output('mean', mean, shape, 'Mean of the Gaussian before tanh.')
  graph.output('log_deviation', logDeviation, shape, 'Logarithm of its standard deviation.')
  return graph.serialize('Policy trained by SQRL Lab. Sample tanh(mean + exp(log_deviation) * noise).')
}

/**
 * A safety critic as an ONNX model with its weights. Inputs `observation` [batch, observationSize] and `action` [batch, actionSize]; output
 * `q_safe` [batch, 1], the discounted probability of failure, float32.
 */
export function safetyCriticModel(layers: readonly Layer[], observationSize: number): Uint8Array {
  const graph = new OnnxGraph('safety critic')
  const actionSize = (layers[0]?.inputs ?? 0) - observationSize
  const observation = graph.input(
    'observation',
    row(observationSize),
    [BATCH, observationSize],
    'Observation, scaled as the environment gives it.',
  )
  const action = graph.input('action', row(actionSize), [BATCH, actionSize], 'Action, each in [-1, 1].')
  const input = graph.node('Concat', [observation, action], row(observationSize + actionSize), {
    attributes: { axis: 1 },
  })
  const logits = appendPerceptron(graph, input, layers)
  graph.output(
    'q_safe',
    graph.node('Sigmoid', [logits], row(1)),
    [BATCH, 1],
    'Discounted probability of failure after the action.',
  )
  return graph.serialize('Safety critic trained by SQRL Lab (Eq. 2 of the SQRL paper).')
}
