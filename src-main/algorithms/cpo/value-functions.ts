import * as tf from '@tensorflow/tfjs'
import { Adam } from '../../engine/adam.ts'
import type { Engine, NamedTensors, Program } from '../../engine/engine.ts'
import { createParameterGroup, type ParameterGroup } from '../../engine/parameters.ts'
import type { Random } from '../../random.ts'
import { initializePerceptron, perceptron, perceptronShapes } from '../networks.ts'
import { checkFinite } from '../sac.ts'

export interface ValueSettings {
  hiddenSizes: readonly number[]
  valueLearningRate: number
  valueUpdates: number
  valueBatchSize: number
}

/** What both networks say of a batch of states. */
export interface Values {
  returns: Float32Array
  costs: Float32Array
}

/** V of the return and V_C of the cost under the present policy: two networks in one group, trained together. */
export class ValueFunctions {
  readonly networks: ParameterGroup
  readonly optimizer: Adam
  readonly #settings: ValueSettings
  readonly #observationSize: number
  #evaluation!: Program<'observation', 'returns' | 'costs'>
  #training!: Program<'observation' | 'returns' | 'costs', 'returnLoss' | 'costLoss'>

  private constructor(observationSize: number, settings: ValueSettings) {
    const shapes = ['return', 'cost'].flatMap((name) =>
      perceptronShapes(name, observationSize, settings.hiddenSizes, 1),
    )
    this.#settings = settings
    this.#observationSize = observationSize
    this.networks = createParameterGroup('values', shapes, { trainable: true })
    this.optimizer = new Adam(this.networks)
  }

  static async create(options: {
    engine: Engine
    observationSize: number
    /** States that are valued at once. */
    rows: number
    settings: ValueSettings
    weights: Random
  }): Promise<ValueFunctions> {
    const { engine, observationSize, rows, settings, weights } = options
    const created = new ValueFunctions(observationSize, settings)
    const { networks } = created
    initializePerceptron(networks, weights)
    created.#evaluation = await engine.compile({
      name: 'values',
      groups: { networks },
      inputs: { observation: [rows, observationSize] },
      outputs: { returns: [rows], costs: [rows] },
      differentiate: [],
      body: (parameters, inputs) => ({
        outputs: {
          returns: stateValues(parameters.networks, 'return', inputs.observation),
          costs: stateValues(parameters.networks, 'cost', inputs.observation),
        },
      }),
    })
    const batch = settings.valueBatchSize
    created.#training = await engine.compile({
      name: 'training of the values',
      groups: { networks },
      inputs: { observation: [batch, observationSize], returns: [batch], costs: [batch] },
      outputs: { returnLoss: [], costLoss: [] },
      differentiate: ['networks'],
      body: (parameters, inputs) => {
        const squaredError = (name: 'return' | 'cost', target: tf.Tensor) =>
          tf.mean(tf.square(tf.sub(stateValues(parameters.networks, name, inputs.observation), target)))
        const returnLoss = squaredError('return', inputs.returns)
        const costLoss = squaredError('cost', inputs.costs)
        return { loss: tf.add(returnLoss, costLoss) as tf.Scalar, outputs: { returnLoss, costLoss } }
      },
    })
    return created
  }

  /** @param observations as many rows as it was made for. */
  async evaluate(observations: Float32Array): Promise<Values> {
    const { inputs, outputs } = this.#evaluation
    inputs.observation.set(observations)
    await this.#evaluation.run()
    return { returns: outputs.returns.slice(), costs: outputs.costs.slice() }
  }

  /** Steps of Adam on the squared errors, each on rows drawn anew; resolves with the mean losses. */
  async train(
    observations: Float32Array,
    targets: { returns: Float64Array; costs: Float64Array },
    random: Random,
  ): Promise<{ returnLoss: number; costLoss: number }> {
    const { valueUpdates, valueBatchSize, valueLearningRate } = this.#settings
    const { inputs, outputs } = this.#training
    const width = this.#observationSize
    const sums = { returnLoss: 0, costLoss: 0 }
    for (let update = 0; update < valueUpdates; update++) {
      for (let row = 0; row < valueBatchSize; row++) {
        const from = random.integer(targets.returns.length)
        inputs.observation.set(observations.subarray(from * width, (from + 1) * width), row * width)
        inputs.returns[row] = targets.returns[from] ?? 0
        inputs.costs[row] = targets.costs[from] ?? 0
      }
      await this.#training.run()
      this.optimizer.apply(valueLearningRate)
      sums.returnLoss += outputs.returnLoss[0] ?? Number.NaN
      sums.costLoss += outputs.costLoss[0] ?? Number.NaN
    }
    checkFinite('value networks', sums.returnLoss + sums.costLoss)
    const count = Math.max(1, valueUpdates)
    return { returnLoss: sums.returnLoss / count, costLoss: sums.costLoss / count }
  }
}

/** [rows] of one of both networks. */
function stateValues(networks: NamedTensors, name: 'return' | 'cost', observation: tf.Tensor): tf.Tensor1D {
  const rows = observation.shape[0] ?? 0
  return tf.reshape(perceptron(networks, name, observation as tf.Tensor2D), [rows])
}
