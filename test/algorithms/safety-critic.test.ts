import { describe, expect, it } from 'vitest'
import { initializePerceptron, perceptronShapes } from '../../src-main/algorithms/networks.ts'
import { ReplayBuffer, type Transition } from '../../src-main/algorithms/replay-buffer.ts'
import { SafetyCritic, type SafetyCriticSettings } from '../../src-main/algorithms/safety-critic.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { createParameterGroup } from '../../src-main/engine/parameters.ts'
import { createStreams, type Random } from '../../src-main/random.ts'
import {
  at,
  copyOf,
  drawn,
  expectClose,
  forward,
  gradientOf,
  mean,
  type Network,
  noiseRows,
  sampleAction,
  sigmoid,
  textbookAdam,
} from './reference.ts'

const observationSize = 3
const actionSize = 2
const batchSize = 6
const gammaSafe = 0.7

function transition(random: Random, end: 'none' | 'failure' | 'goal'): Transition {
  const numbers = (length: number) => Float32Array.from({ length }, () => 2 * random.uniform() - 1)
  return {
    observation: numbers(observationSize),
    action: numbers(actionSize),
    reward: 100 * random.normal(),
    nextObservation: numbers(observationSize),
    failure: end === 'failure',
    terminated: end !== 'none',
    truncated: false,
  }
}

const source = createStreams(1).batches
const make = (count: number, end: 'none' | 'failure' | 'goal') =>
  Array.from({ length: count }, () => transition(source, end))
const goingOn = make(5, 'none')
const failing = make(5, 'failure')
const arriving = make(5, 'goal')
/** A step before a failure that counts as one, and does not end its episode. */
const labelled = make(5, 'failure').map((step) => ({ ...step, terminated: false }))
const mixed = [...goingOn.slice(0, 3), ...failing.slice(0, 2), ...arriving.slice(0, 2)]

async function updateOnce(
  safe: readonly Transition[],
  loss: SafetyCriticSettings['loss'] = 'squared',
  offline: { transitions: readonly Transition[]; share: number } = { transitions: [], share: 0 },
) {
  const policyGroup = createParameterGroup(
    'policy',
    perceptronShapes('policy', observationSize, [8, 8], 2 * actionSize),
    { trainable: true },
  )
  initializePerceptron(policyGroup, createStreams(2).weights)
  const critic = new SafetyCritic(observationSize, actionSize, {
    hiddenSizes: [8, 8],
    gammaSafe,
    learningRate: 0.01,
    targetRate: 0.2,
    batchSize,
    loss,
  })
  critic.initialize(createStreams(3).weights)
  expect(critic.target.values).toEqual(critic.network.values)
  initializePerceptron(critic.target, createStreams(4).weights) // apart from the network, as it is while learning
  for (const group of [critic.network, critic.target])
    for (let i = 0; i < group.values.length; i++) group.values[i] = 3 * at(group.values, i) // away from Q_safe = 1/2
  await critic.compile(compiledEngine, policyGroup)
  const [before, targetBefore, policy] = [copyOf(critic.network), copyOf(critic.target), copyOf(policyGroup)]
  const bufferOf = (transitions: readonly Transition[]) => {
    const buffer = new ReplayBuffer(20, observationSize, actionSize)
    for (const transition of transitions) buffer.add(transition)
    return buffer
  }
  const [used, again] = [createStreams(5), createStreams(5)]
  const result = await critic.update(
    bufferOf(safe),
    bufferOf(offline.transitions),
    offline.share,
    used.safetyBatches,
    used.safetyUpdates,
  )
  const fromOffline = Math.round(batchSize * offline.share)
  const batch = drawn(safe, again.safetyBatches, batchSize - fromOffline)
  if (fromOffline > 0) batch.push(...drawn(offline.transitions, again.safetyBatches, fromOffline))
  const noise = noiseRows(again.safetyUpdates, batchSize, actionSize)

  const targets = batch.map(({ nextObservation, failure, terminated }, row) => {
    if (failure) return 1
    if (terminated) return 0
    const { action } = sampleAction(forward(policy, 'policy', nextObservation), noise[row] ?? [])
    return gammaSafe * qSafe(targetBefore, nextObservation, action)
  })
  const lossOf = (network: Network) =>
    mean(
      batch.map(({ observation, action }, row) => {
        const q = qSafe(network, observation, action)
        const target = at(targets, row)
        return loss === 'squared' ? (q - target) ** 2 : -target * Math.log(q) - (1 - target) * Math.log(1 - q)
      }),
    )
  return { critic, result, before, targetBefore, policyGroup, policy, batch, targets, lossOf }
}

const qSafe = (network: Network, observation: ArrayLike<number>, action: ArrayLike<number>): number =>
  sigmoid(at(forward(network, 'safety', [...Array.from(observation), ...Array.from(action)]), 0))

describe('SafetyCritic update()', () => {
  it.each([
    ['going on: gamma_safe times the risk of what the policy does next', goingOn, 'squared'],
    ['failing: 1', failing, 'squared'],
    ['labelled as failing: 1, whatever follows', labelled, 'squared'],
    ['reaching the goal: 0', arriving, 'squared'],
    ['of every kind', mixed, 'squared'],
    ['of every kind, by cross-entropy', mixed, 'crossEntropy'],
  ] as const)('gives loss and gradient against the target of steps %s', async (_, transitions, loss) => {
    const { critic, result, before, batch, targets, lossOf } = await updateOnce(transitions, loss)
    if (transitions === failing || transitions === labelled) expect(targets).toEqual(batch.map(() => 1))
    if (transitions === arriving) expect(targets).toEqual(batch.map(() => 0))
    if (transitions === goingOn)
      for (const target of targets) {
        expect(target).toBeGreaterThan(0)
        expect(target).toBeLessThan(gammaSafe)
      }
    expect(result.loss).toBeCloseTo(lossOf(before), 6)
    expectClose(
      critic.network.gradient ?? [],
      gradientOf(before, () => lossOf(before)),
    )
    const values = batch.map(({ observation, action }) => qSafe(before, observation, action))
    expect(result.meanQSafe).toBeCloseTo(mean(values), 6)
  })

  it('steps the network by Adam and its delayed copy by Polyak, and leaves the policy alone', async () => {
    const { critic, before, targetBefore, policyGroup, policy } = await updateOnce(mixed)
    expectClose(critic.network.values, textbookAdam(0.01)(before.values, critic.network.gradient ?? []), 1e-5)
    expectClose(
      critic.target.values,
      targetBefore.values.map((value, i) => 0.8 * value + 0.2 * at(critic.network.values, i)),
      1e-6,
    )
    expect(Float64Array.from(policyGroup.values)).toEqual(policy.values)
  })

  it('fills the named share of a batch from D_offline', async () => {
    const offline = { transitions: failing, share: 0.5 }
    const { result, before, batch, lossOf } = await updateOnce(goingOn, 'squared', offline)
    expect(batch.filter(({ failure }) => failure)).toHaveLength(3)
    expect(result.loss).toBeCloseTo(lossOf(before), 6)
  })

  it('takes the whole batch from D_safe while D_offline is empty', async () => {
    const withShare = updateOnce(goingOn, 'squared', { transitions: [], share: 0 })
    const { critic } = await updateOnce(goingOn)
    expect((await withShare).critic.network.values).toEqual(critic.network.values)
  })
})
