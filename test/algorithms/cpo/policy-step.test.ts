import { describe, expect, it } from 'vitest'
import { solveStep } from '../../../src-main/algorithms/cpo/constrained-step.ts'
import {
  fisherOfHeads,
  meanDivergence,
  sampleUnsquashed,
} from '../../../src-main/algorithms/cpo/gaussian-heads.ts'
import { PolicyPrograms } from '../../../src-main/algorithms/cpo/policy-programs.ts'
import { type PolicyStepSettings, stepPolicy } from '../../../src-main/algorithms/cpo/policy-step.ts'
import { initializePerceptron, perceptronShapes } from '../../../src-main/algorithms/networks.ts'
import { compiledEngine } from '../../../src-main/engine/compiled/compiled-engine.ts'
import { createParameterGroup } from '../../../src-main/engine/parameters.ts'
import { createStreams } from '../../../src-main/random.ts'
import { at, copyOf, expectClose, forward, gradientOf, logDensity, mean, type Network } from '../reference.ts'
import { inner, solveDirectly, times } from './matrices.ts'

const [rows, observationSize, actionSize] = [14, 2, 2]

const settings: PolicyStepSettings = {
  trustRegion: 0.02,
  damping: 0.01,
  conjugateIterations: 200,
  lineSearchDecay: 0.8,
  lineSearchSteps: 15,
}

/** A small policy on a batch of its own actions. */
async function setUp(seed = 3) {
  const { weights, exploration, batches } = createStreams(seed)
  const policy = createParameterGroup(
    'policy',
    perceptronShapes('policy', observationSize, [6, 5], 2 * actionSize),
    {
      trainable: true,
    },
  )
  initializePerceptron(policy, weights)
  const programs = await PolicyPrograms.create(compiledEngine, policy, { rows, observationSize, actionSize })
  const observations = new Float32Array(rows * observationSize)
  batches.fillNormal(observations)
  programs.setObservations(observations)
  const heads = await programs.heads()
  const unsquashed = new Float32Array(rows * actionSize)
  for (let row = 0; row < rows; row++) {
    const noise = new Float32Array(actionSize)
    exploration.fillNormal(noise)
    unsquashed.set(sampleUnsquashed(heads.subarray(2 * actionSize * row), noise), row * actionSize)
  }
  const centred = (values: number[]) => Float64Array.from(values, (value) => value - mean(values))
  const rewardAdvantages = centred(Array.from({ length: rows }, () => exploration.normal()))
  // What the return gains from costs most often, so that both pull against each other.
  const costAdvantages = centred(Array.from(rewardAdvantages, (gain) => gain + 0.5 * exploration.normal()))
  return {
    policy,
    programs,
    observations,
    unsquashed,
    rewardAdvantages,
    costAdvantages,
    before: copyOf(policy),
  }
}
type Setup = Awaited<ReturnType<typeof setUp>>

const rowOf = (values: Float32Array, row: number, width: number) =>
  values.subarray(row * width, (row + 1) * width)
const eachRow = Array.from({ length: rows }, (_, row) => row)

const headsOf = (network: Network, { observations }: Setup): number[] =>
  eachRow.flatMap((row) => forward(network, 'policy', rowOf(observations, row, observationSize)))

/** Mean of the likelihood ratio to the policy before, times the weights. */
function surrogateOf(network: Network, setup: Setup, weights: Float64Array): number {
  const logDensities = (of: Network) =>
    eachRow.map((row) => {
      const head = forward(of, 'policy', rowOf(setup.observations, row, observationSize))
      const actions = rowOf(setup.unsquashed, row, actionSize)
      return Array.from(actions, (u, i) =>
        logDensity(u, at(head, i), Math.exp(at(head, actionSize + i))),
      ).reduce((sum, value) => sum + value)
    })
  const [now, then] = [logDensities(network), logDensities(setup.before)]
  return mean(eachRow.map((row) => Math.exp(at(now, row) - at(then, row)) * at(weights, row)))
}

/** The Fisher matrix of the mean divergence, from the heads' Jacobian by central differences. */
function explicitFisher(setup: Setup): number[][] {
  const network = { ...setup.before, values: setup.before.values.slice() }
  const jacobian = Array.from(network.values, (value, parameter) => {
    const shifted = (by: number) => {
      network.values[parameter] = value + by
      const heads = headsOf(network, setup)
      network.values[parameter] = value
      return heads
    }
    const [above, below] = [shifted(1e-5), shifted(-1e-5)]
    return above.map((head, i) => (head - at(below, i)) / 2e-5)
  })
  const heads = headsOf(setup.before, setup)
  const metric = heads.map((_, i) => {
    const isMean = i % (2 * actionSize) < actionSize
    return (isMean ? Math.exp(-2 * at(heads, i + actionSize)) : 2) / rows
  })
  const weighted = jacobian.map((row) => row.map((value, i) => value * at(metric, i)))
  return jacobian.map((row) => weighted.map((other) => inner(row, other)))
}

const stepOn = (setup: Setup, violation: number, changes: Partial<PolicyStepSettings> = {}) =>
  stepPolicy(setup.programs, { ...setup, violation }, { ...settings, ...changes })

describe('products with the Fisher matrix', () => {
  it('are those of the explicit matrix', async () => {
    const setup = await setUp()
    const fisher = explicitFisher(setup)
    const heads = await setup.programs.heads()
    const random = createStreams(8).batches
    for (let trial = 0; trial < 3; trial++) {
      const vector = Float64Array.from(fisher, () => random.normal())
      const change = await setup.programs.change(vector)
      const product = await setup.programs.gradient(fisherOfHeads(heads, change, actionSize))
      expectClose(product, times(fisher, vector), 1e-4)
    }
  })
})

describe('stepPolicy()', () => {
  it.each([
    ['far below the limit', -10, 'free'],
    ['near the limit', -0.001, 'bounded'],
    ['just above it', 0.02, 'bounded'],
    ['far above it', 10, 'recovery'],
  ] as const)('moves the weights as an independent calculation does, %s', async (_, violation, kind) => {
    const setup = await setUp()
    const { before, rewardAdvantages, costAdvantages, policy } = setup
    const probe = { ...before, values: before.values.slice() }
    const g = gradientOf(probe, () => surrogateOf(probe, setup, rewardAdvantages))
    const b = gradientOf(probe, () => surrogateOf(probe, setup, costAdvantages))
    const damped = explicitFisher(setup).map((row, i) =>
      row.map((value, j) => value + (i === j ? settings.damping : 0)),
    )
    const [uphill, costly] = [solveDirectly(damped, g), solveDirectly(damped, b)]
    const { rewardShare, costShare, lambda, nu } = solveStep({
      q: inner(g, uphill),
      r: inner(g, costly),
      s: inner(b, costly),
      c: violation,
      delta: settings.trustRegion,
    })
    const result = await stepOn(setup, violation)
    expect(result).toMatchObject({ kind, accepted: true })
    expect(result.lambda).toBeCloseTo(lambda, 2)
    expect(result.nu).toBeCloseTo(nu, 2)
    const length = settings.lineSearchDecay ** (result.tries - 1)
    const moved = Float64Array.from(policy.values, (value, i) => value - at(before.values, i))
    expectClose(
      moved,
      uphill.map((value, i) => length * (rewardShare * value + costShare * at(costly, i))),
      2e-3,
    )

    const after = copyOf(policy)
    const divergence = meanDivergence(headsOf(before, setup), headsOf(after, setup), actionSize)
    expect(result.divergence).toBeCloseTo(divergence, 5)
    expect(divergence).toBeLessThan(settings.trustRegion * (1 + 1e-4)) // rounding of the weights
    expect(result.rewardGain).toBeCloseTo(surrogateOf(after, setup, rewardAdvantages), 5)
    expect(result.costGain).toBeCloseTo(surrogateOf(after, setup, costAdvantages), 5)
    if (violation > 0) expect(result.costGain).toBeLessThan(0)
    else expect(result.costGain).toBeLessThan(-violation)
  })

  it('leaves the policy as it was where no try keeps the constraints', async () => {
    const setup = await setUp()
    const rejected = await stepOn(setup, -10, { trustRegion: 1, damping: 1e-4, lineSearchSteps: 1 })
    expect(rejected).toMatchObject({ accepted: false, tries: 1, divergence: 0, rewardGain: 0 })
    expect(Float64Array.from(setup.policy.values)).toEqual(setup.before.values)
    const shorter = await stepOn(setup, -10, { trustRegion: 1, damping: 1e-4, lineSearchSteps: 15 })
    expect(shorter.accepted).toBe(true)
    expect(shorter.tries).toBeGreaterThan(1)
  })

  it('takes no notice of a cost that never came up', async () => {
    const [with0, free] = [await setUp(), await setUp()]
    const none = new Float64Array(rows)
    await stepPolicy(with0.programs, { ...with0, costAdvantages: none, violation: -0.1 }, settings)
    await stepOn(free, -1e6)
    expect(with0.policy.values).toEqual(free.policy.values)
  })
})
