import { describe, expect, it, type TestContext } from 'vitest'
import { ActionSampler } from '../../src-main/algorithms/action-sampler.ts'
import { ReplayBuffer } from '../../src-main/algorithms/replay-buffer.ts'
import { Sac } from '../../src-main/algorithms/sac.ts'
import { sacSettings } from '../../src-main/algorithms/sac-settings.ts'
import { qSafeOf, SafetyCritic } from '../../src-main/algorithms/safety-critic.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { loadEagerEngine } from '../../src-main/engine/eager/eager-engine.ts'
import type { Engine } from '../../src-main/engine/engine.ts'
import { type ParameterGroup, parameterView } from '../../src-main/engine/parameters.ts'
import { createStreams } from '../../src-main/random.ts'

const eager = await loadEagerEngine()
if ('unavailable' in eager) console.warn(`The parity test is skipped: ${eager.unavailable}`)

/** Of the largest number of its array: single numbers of a gradient may cancel to nothing. */
const TOLERANCE = 1e-4
/** Adam's first step is as long for a gradient of 1e-9 as for one of 1; with this rate the weights stay what they were. */
const NO_STEP = 1e-30

const sizes = [
  { title: 'a robot', observationSize: 90, actionSize: 8, batchSize: 256, hiddenSizes: [256, 256] },
  { title: 'DrunkSpider', observationSize: 2, actionSize: 2, batchSize: 64, hiddenSizes: [256, 256] },
]
type Sizes = (typeof sizes)[number]
type Arrays = Record<string, Float32Array>

describe('compiled and eager engine', () => {
  for (const size of sizes) {
    it(`agree on the losses and gradients of SAC for ${size.title}`, async (context) => {
      const other = eagerOrSkip(context)
      expectAgreement(await sacArrays(compiledEngine, size), await sacArrays(other, size))
    })

    it(`agree on SQRL's policy, where the risk moves it, for ${size.title}`, async (context) => {
      const other = eagerOrSkip(context)
      const compiled = await sacArrays(compiledEngine, size, 5)
      expectAgreement(compiled, await sacArrays(other, size, 5))
      const withoutRisk = await sacArrays(compiledEngine, size, 0)
      expect(compiled['gradient policy0.weight']).not.toEqual(withoutRisk['gradient policy0.weight'])
    })

    it.for(['squared', 'crossEntropy'] as const)(
      `agree on the %s loss of the safety critic for ${size.title}`,
      async (loss, context) => {
        const other = eagerOrSkip(context)
        expectAgreement(await safetyArrays(compiledEngine, size, loss), await safetyArrays(other, size, loss))
      },
    )
  }

  it('agree on candidate actions, their probabilities and their risk', async (context) => {
    const other = eagerOrSkip(context)
    expectAgreement(await candidateArrays(compiledEngine), await candidateArrays(other))
  })
})

function eagerOrSkip(context: Pick<TestContext, 'skip'>): Engine {
  return 'unavailable' in eager ? context.skip(eager.unavailable) : eager
}

function expectAgreement(actual: Arrays, expected: Arrays): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected))
  for (const [name, values] of Object.entries(expected)) {
    const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
    expect(scale, name).toBeGreaterThan(0)
    const worst = values.reduce(
      (largest, value, i) => Math.max(largest, Math.abs(value - (actual[name]?.[i] ?? Number.NaN))),
      0,
    )
    expect(worst / scale, name).toBeLessThan(TOLERANCE)
  }
}

/** Copies, by parameter, of what the last update wrote. */
function gradientsOf(...groups: ParameterGroup[]): Arrays {
  return Object.fromEntries(
    groups.flatMap(({ parameters, gradient }) =>
      parameters.map((parameter) => [
        `gradient ${parameter.name}`,
        parameterView(gradient ?? new Float32Array(), parameter).slice(),
      ]),
    ),
  )
}

/** One SAC update; with a multiplier its policy carries the risk of SQRL's Eq. 4. */
async function sacArrays(engine: Engine, size: Sizes, multiplier?: number): Promise<Arrays> {
  const { observationSize, actionSize, batchSize, hiddenSizes } = size
  const streams = createStreams(7)
  const safetyCritic = newSafetyCritic(size, 'squared')
  const sac = await Sac.create({
    engine,
    observationSize,
    actionSize,
    settings: sacSettings.parse({ batchSize, hiddenSizes, learningRate: NO_STEP }),
    weights: streams.weights,
    risk: multiplier === undefined ? null : { group: safetyCritic.network, evaluate: qSafeOf },
  })
  safetyCritic.initialize(streams.weights)
  perturb(sac.targetCritics.values)
  const {
    policyRisk,
    actionRisk: _,
    ...losses
  } = await sac.update(filledBuffer(size), streams.batches, streams.updates, { multiplier: multiplier ?? 0 })
  return {
    losses: Float32Array.from(Object.values(losses)),
    policyRisk: Float32Array.of(multiplier === undefined ? 1 : policyRisk),
    ...gradientsOf(sac.critics, sac.policy),
  }
}

async function safetyArrays(engine: Engine, size: Sizes, loss: 'squared' | 'crossEntropy'): Promise<Arrays> {
  const streams = createStreams(8)
  const { policy } = await newSac(engine, size)
  const safetyCritic = newSafetyCritic(size, loss)
  safetyCritic.initialize(streams.weights)
  perturb(safetyCritic.target.values)
  await safetyCritic.compile(engine, policy)
  const buffer = filledBuffer(size)
  const losses = await safetyCritic.update(buffer, buffer, 0.5, streams.batches, streams.updates)
  return { losses: Float32Array.from(Object.values(losses)), ...gradientsOf(safetyCritic.network) }
}

async function candidateArrays(engine: Engine): Promise<Arrays> {
  const [size] = sizes
  if (!size) throw new Error('There are no sizes.')
  const streams = createStreams(9)
  const safetyCritic = newSafetyCritic(size, 'squared')
  safetyCritic.initialize(streams.weights)
  const sampler = await ActionSampler.create({
    engine,
    observationSize: size.observationSize,
    actionSize: size.actionSize,
    count: 50,
    policy: (await newSac(engine, size)).policy,
    safetyCritic: safetyCritic.network,
  })
  const observation = new Float32Array(size.observationSize)
  streams.environment.fillNormal(observation)
  const { actions, logProbabilities, qSafe } = await sampler.draw(observation, streams.candidates)
  return { actions, logProbabilities, qSafe }
}

function newSac(
  engine: Engine,
  { observationSize, actionSize, hiddenSizes, batchSize }: Sizes,
): Promise<Sac> {
  const settings = sacSettings.parse({ batchSize, hiddenSizes })
  const { weights } = createStreams(10)
  return Sac.create({ engine, observationSize, actionSize, settings, weights, risk: null })
}

function newSafetyCritic(size: Sizes, loss: 'squared' | 'crossEntropy'): SafetyCritic {
  const { observationSize, actionSize, batchSize, hiddenSizes } = size
  return new SafetyCritic(observationSize, actionSize, {
    hiddenSizes,
    gammaSafe: 0.9,
    learningRate: NO_STEP,
    targetRate: 0.005,
    batchSize,
    loss,
  })
}

/** Target networks start equal to their sources; apart, a mix-up of the two shows. */
function perturb(values: Float32Array): void {
  values.forEach((value, i) => {
    values[i] = value * (1 + 0.2 * Math.sin(i))
  })
}

/** Transitions of every kind: ordinary ones, failures and reached goals. */
function filledBuffer({ observationSize, actionSize }: Sizes): ReplayBuffer {
  const { environment: random } = createStreams(11)
  const buffer = new ReplayBuffer(300, observationSize, actionSize)
  const normals = (length: number) => Float32Array.from({ length }, () => random.normal())
  for (let i = 0; i < buffer.capacity; i++)
    buffer.add({
      observation: normals(observationSize),
      action: normals(actionSize).map(Math.tanh),
      reward: random.normal(),
      nextObservation: normals(observationSize),
      terminated: i % 10 < 2,
      truncated: false,
      failure: i % 10 === 0,
    })
  return buffer
}
