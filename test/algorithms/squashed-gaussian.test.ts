import type * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { sampleSquashedGaussian } from '../../src-main/algorithms/squashed-gaussian.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { createParameterGroup } from '../../src-main/engine/parameters.ts'
import { at, expectClose, logDensity, sampleAction } from './reference.ts'

/** The sampler as the programs run it, for heads of `count` rows; the heads are parameters, so that they have gradients. */
async function samplerOf(count: number, actionSize: number) {
  const group = createParameterGroup('head', [{ name: 'head', shape: [count, 2 * actionSize] }], {
    trainable: true,
  })
  const program = await compiledEngine.compile({
    name: 'sampler',
    groups: { group },
    inputs: { noise: [count, actionSize] },
    outputs: { action: [count, actionSize], logProbability: [count] },
    differentiate: ['group'],
    body: ({ group }, { noise }) => {
      const { action, logProbability } = sampleSquashedGaussian(
        group.head as tf.Tensor2D,
        noise as tf.Tensor2D,
      )
      const loss = action.sum().add(logProbability.sum()) as tf.Scalar
      return { loss, outputs: { action, logProbability } }
    },
  })
  return { program, group }
}

// Mean, log deviation and noise of one axis, from timid to saturated and clipped.
const axes = [
  [0, 0, 0],
  [0.3, -1, 1.5],
  [-2, 0.5, -1],
  [4, -3, 2],
  [9, 1, 1],
  [-9, -2, -3],
  [0.1, 3, 0.7],
  [0.2, -25, 0.5],
] as const

describe('sampleSquashedGaussian()', () => {
  it('gives action and log-probability of the change of variables, for each pair of axes', async () => {
    const rows = axes.flatMap((first) => axes.map((second) => [first, second] as const))
    const { program, group } = await samplerOf(rows.length, 2)
    group.values.set(rows.flatMap(([first, second]) => [first[0], second[0], first[1], second[1]]))
    program.inputs.noise.set(rows.flatMap(([first, second]) => [first[2], second[2]]))
    await program.run()
    for (const [row, [first, second]] of rows.entries()) {
      const expected = sampleAction([first[0], second[0], first[1], second[1]], [first[2], second[2]])
      expect(at(program.outputs.logProbability, row)).toBeCloseTo(expected.logProbability, 4)
      for (const axis of [0, 1])
        expect(at(program.outputs.action, 2 * row + axis)).toBeCloseTo(at(expected.action, axis), 6)
    }
  })

  it('gives its gradients, which are none where the log deviation is clipped', async () => {
    const { program, group } = await samplerOf(axes.length, 1)
    group.values.set(axes.flatMap((axis) => axis.slice(0, 2)))
    program.inputs.noise.set(axes.map(([, , noise]) => noise))
    await program.run()
    const loss = (mean: number, logDeviation: number, noise: number) => {
      const { action, logProbability } = sampleAction([mean, logDeviation], [noise])
      return at(action, 0) + logProbability
    }
    const step = 1e-5
    const expected = axes.flatMap(([mean, logDeviation, noise]) => [
      (loss(mean + step, logDeviation, noise) - loss(mean - step, logDeviation, noise)) / (2 * step),
      (loss(mean, logDeviation + step, noise) - loss(mean, logDeviation - step, noise)) / (2 * step),
    ])
    expectClose(group.gradient ?? [], expected, 1e-5)
    expect(group.gradient?.[13]).toBe(0)
    expect(group.gradient?.[15]).toBe(0)
  })

  it.each([
    [0, 0],
    [0.8, -1.2],
    [-1.5, -0.4],
  ])(
    'has a density over (-1, 1) that integrates to 1 (mean %d, log deviation %d)',
    async (mean, logDeviation) => {
      const count = 4000
      const { program, group } = await samplerOf(count, 1)
      const deviation = Math.exp(logDeviation)
      // The midpoints of equal intervals of actions, by the noise that leads to each.
      const actions = Array.from({ length: count }, (_, i) => -1 + (2 * i + 1) / count)
      group.values.set(actions.flatMap(() => [mean, logDeviation]))
      program.inputs.noise.set(actions.map((action) => (Math.atanh(action) - mean) / deviation))
      await program.run()
      const integral = program.outputs.logProbability.reduce(
        (sum, value) => sum + (2 / count) * Math.exp(value),
        0,
      )
      expect(integral).toBeCloseTo(1, 3)
      const [middle = Number.NaN] = program.outputs.logProbability.subarray(count / 2)
      expect(middle).toBeCloseTo(logDensity(Math.atanh(1 / count), mean, deviation), 5)
    },
  )

  it('stays finite where tanh has rounded to 1', async () => {
    const { program, group } = await samplerOf(2, 1)
    group.values.set([60, 0, -60, 2])
    program.inputs.noise.set([2, -5])
    await program.run()
    expect([...program.outputs.action]).toEqual([1, -1])
    expect([...program.outputs.logProbability, ...(group.gradient ?? [])].every(Number.isFinite)).toBe(true)
    expect(at(program.outputs.logProbability, 0)).toBeCloseTo(sampleAction([60, 0], [2]).logProbability, 3)
  })
})
