import * as tf from '@tensorflow/tfjs'
import * as ort from 'onnxruntime-node'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Layer } from '../../src-main/engine/compiled/perceptron-model.ts'
import { policyLayersModel } from '../../src-main/engine/layers-model.ts'
import { exportLayersModels, exportNetworks, metricsCsv } from '../../src-main/lab/run-export.ts'
import { type Trained, trainBriefly } from './trained.ts'

const OBSERVATIONS = Float32Array.of(-0.9, 0, 0.2, 0.4, 0.75, -0.5)
const ACTIONS = Float32Array.of(0.1, -0.8, 0.5, 0.5, -1, 1)

/** A perceptron in double precision, from the flat weights alone: each layer's weight [inputs, outputs], then its bias. */
function forward(flat: Float32Array, sizes: readonly number[], input: readonly number[]): number[] {
  let offset = 0
  return sizes.slice(1).reduce<number[]>(
    (x, outputs, layer) => {
      const inputs = x.length
      const weight = flat.subarray(offset, offset + inputs * outputs)
      const bias = flat.subarray(offset + inputs * outputs, offset + inputs * outputs + outputs)
      offset += inputs * outputs + outputs
      return Array.from({ length: outputs }, (_, column) => {
        const sum = x.reduce(
          (total, value, row) => total + value * (weight[row * outputs + column] ?? 0),
          bias[column] ?? 0,
        )
        return layer < sizes.length - 2 ? Math.max(0, sum) : sum
      })
    },
    [...input],
  )
}

const rows = (values: ArrayLike<number>, width: number) =>
  Array.from({ length: values.length / width }, (_, row) =>
    Array.from(values).slice(row * width, (row + 1) * width),
  )

describe('exportNetworks()', () => {
  let trained: Trained
  beforeAll(async () => {
    trained = await trainBriefly('sqrl', 300)
  })

  const run = async (file: string, feeds: Record<string, ort.Tensor>) => {
    const model = exportNetworks(trained.specification, trained.networks)[file]
    if (!(model instanceof Uint8Array)) throw new Error(`${file} was not exported.`)
    return (await ort.InferenceSession.create(model)).run(feeds)
  }
  const observation = new ort.Tensor('float32', OBSERVATIONS, [3, 2])

  it('writes a policy that acts as the weights say, for any batch', async () => {
    const { action, log_deviation: logDeviation } = await run('policy.onnx', { observation })
    const expected = rows(OBSERVATIONS, 2).map((row) =>
      forward(trained.networks.arrays.policy as Float32Array, [2, 16, 16, 4], row),
    )
    expect(action?.dims).toEqual([3, 2])
    rows(action?.data as Float32Array, 2).forEach((row, index) => {
      row.forEach((value, column) => {
        expect(value).toBeCloseTo(Math.tanh(expected[index]?.[column] ?? Number.NaN), 5)
      })
    })
    expect(logDeviation?.data[0]).toBeCloseTo(expected[0]?.[2] ?? Number.NaN, 5)
  })

  it('writes a safety critic that judges as the weights say', async () => {
    const { q_safe: qSafe } = await run('safety-critic.onnx', {
      observation,
      action: new ort.Tensor('float32', ACTIONS, [3, 2]),
    })
    const actions = rows(ACTIONS, 2)
    const expected = rows(OBSERVATIONS, 2).map((row, index) => {
      const [logit = Number.NaN] = forward(
        trained.networks.arrays.safetyCritic as Float32Array,
        [4, 16, 16, 1],
        [...row, ...(actions[index] ?? [])],
      )
      return 1 / (1 + Math.exp(-logit))
    })
    expect(qSafe?.dims).toEqual([3, 1])
    expected.forEach((value, index) => {
      expect(qSafe?.data[index]).toBeCloseTo(value, 5)
    })
  })

  /** As a browser would load it, from memory. */
  const load = (folder: string) => {
    const files = exportLayersModels(trained.specification, trained.networks)
    const { modelTopology, weightsManifest } = JSON.parse(String(files[`${folder}/model.json`]))
    const weights = files[`${folder}/weights.bin`]
    if (!(weights instanceof Uint8Array)) throw new Error(`${folder} has no weights.`)
    const weightSpecs = weightsManifest.flatMap(({ weights: specs }: { weights: unknown }) => specs)
    const weightData = Uint8Array.from(weights).buffer
    return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }))
  }
  const expectSame = (ours: tf.Tensor | undefined, onnx: ort.Tensor | undefined) => {
    expect(ours?.shape).toEqual(onnx?.dims)
    const expected = onnx?.data as Float32Array
    ours?.dataSync().forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 5)
    })
  }

  it('writes for TensorFlow.js the same policy and safety critic as for ONNX', async () => {
    await tf.setBackend('cpu')
    const [policy, critic] = [await load('policy'), await load('safety-critic')]
    const observations = tf.tensor2d(OBSERVATIONS, [3, 2])
    const outputs = policy.predict(observations) as tf.Tensor[]
    const onnx = await run('policy.onnx', { observation })
    for (const [index, name] of ['action', 'mean', 'log_deviation'].entries())
      expectSame(outputs[index], onnx[name])
    const judged = critic.predict([observations, tf.tensor2d(ACTIONS, [3, 2])])
    const action = new ort.Tensor('float32', ACTIONS, [3, 2])
    expectSame(judged as tf.Tensor, (await run('safety-critic.onnx', { observation, action })).q_safe)
  })

  it('keeps the deviation within the bounds for TensorFlow.js too', async () => {
    const wild: Layer = {
      inputs: 1,
      outputs: 2,
      weight: Float32Array.of(1, 100),
      bias: Float32Array.of(0, 0),
    }
    const files = policyLayersModel([wild], 1, [-20, 2])
    const { modelTopology, weightsManifest } = JSON.parse(files['model.json'])
    const weightData = Uint8Array.from(files['weights.bin']).buffer
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
    )
    const [, , logDeviation] = model.predict(tf.tensor2d([-1, 0.01, 1], [3, 1])) as tf.Tensor[]
    expect([...(logDeviation?.dataSync() ?? [])].map((value) => Math.fround(value))).toEqual([-20, 1, 2])
  })

  it('writes no safety critic for a method without one', async () => {
    const { specification, networks } = await trainBriefly('sac', 20)
    expect(Object.keys(exportNetworks(specification, networks))).toEqual(['policy.onnx'])
    expect(Object.keys(exportLayersModels(specification, networks))).toEqual([
      'policy/model.json',
      'policy/weights.bin',
    ])
  })
})

describe('metricsCsv()', () => {
  it('has a row per step and leaves out what was not measured', () => {
    const history = {
      return: { steps: [10, 20], values: [1.5, -2] },
      entropy: { steps: [20], values: [0.25] },
    }
    expect(metricsCsv(history)).toBe('step,entropy,return\n10,,1.5\n20,0.25,-2\n')
  })
})
