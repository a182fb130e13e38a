import * as ort from 'onnxruntime-node'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportNetworks, metricsCsv } from '../../src-main/lab/run-export.ts'
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

  it('writes no safety critic for a method without one', async () => {
    const { specification, networks } = await trainBriefly('sac', 20)
    expect(Object.keys(exportNetworks(specification, networks))).toEqual(['policy.onnx'])
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
