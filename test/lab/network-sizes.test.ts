import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { perceptronShapes } from '../../src-main/algorithms/networks.ts'
import { networkSizes } from '../../src-main/lab/network-sizes.ts'
import { specification, temporaryFolder } from '../store/fixtures.ts'
import { openTrainedLab } from './trained-lab.ts'

/** Networks as SAC has them, all zero. */
function zeros(observationSize: number, actionSize: number, hiddenSizes: readonly number[]) {
  const count = (inputs: number, outputs: number) =>
    perceptronShapes('', inputs, hiddenSizes, outputs).reduce(
      (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
      0,
    )
  return {
    policy: new Float32Array(count(observationSize, 2 * actionSize)),
    critics: new Float32Array(2 * count(observationSize + actionSize, 1)),
  }
}

const size = fc.integer({ min: 1, max: 60 })

describe('networkSizes()', () => {
  it('tells from plain numbers what the networks were made for', () => {
    fc.assert(
      fc.property(
        size,
        size,
        fc.array(size, { minLength: 1, maxLength: 3 }),
        (observationSize, actionSize, hidden) => {
          // Where 2 (last + 1) is the first layer's size, the two equations are one.
          fc.pre(2 * ((hidden.at(-1) ?? 0) + 1) !== hidden[0])
          expect(networkSizes(zeros(observationSize, actionSize, hidden), hidden)).toEqual({
            observationSize,
            actionSize,
          })
        },
      ),
    )
  })

  it('says nothing where they are not such networks', () => {
    expect(networkSizes({ policy: new Float32Array(7), critics: new Float32Array(6) }, [32, 32])).toBeNull()
    expect(networkSizes({ policy: new Float32Array(7) }, [32, 32])).toBeNull()
  })
})

describe('a transfer', () => {
  it('refuses a pre-training of another version whose observations had another size, in words', async () => {
    using folder = temporaryFolder()
    const trained = (observationSize: number) => ({
      specification: specification({
        method: 'sac',
        task: { environment: 'minitaur', parameters: {} },
        settings: { sac: { hiddenSizes: [16, 16], discount: 0.99, rewardScale: 1 } },
      }),
      networks: { values: {}, arrays: zeros(observationSize, 8, [16, 16]) },
      episodes: [],
      failures: [],
    })
    const lab = await openTrainedLab(folder.path, [trained(112), trained(120)])
    const request = { environment: 'minitaur', methods: ['sac'], seeds: [0] }
    const sentences = (start: Record<string, number>) =>
      lab.transfers.plan({ request: { ...request, ...start } }).problems.map(({ sentence }) => sentence)
    const refusal =
      'The networks of run 1 take observations of 112 numbers and give actions of 8; minitaur has 120 and 8. Start from another run, or pre-train anew.'
    expect(sentences({ pretrainedRun: 1 })).toEqual([refusal])
    expect(sentences({ checkpoint: 1 })).toEqual([refusal])
    expect(sentences({ pretrainedRun: 2 })).toEqual([])
    await lab.close()
  })
})
