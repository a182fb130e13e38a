import { describe, expect, it } from 'vitest'
import { type CriticModel, twinCritics } from '../../src-main/algorithms/critic-model.ts'
import { ensembleCritics } from '../../src-main/algorithms/esac.ts'
import { initializePerceptron, perceptronShapes } from '../../src-main/algorithms/networks.ts'
import { ReplayBuffer } from '../../src-main/algorithms/replay-buffer.ts'
import { Sac } from '../../src-main/algorithms/sac.ts'
import { sacSettings } from '../../src-main/algorithms/sac-settings.ts'
import { qSafeOf } from '../../src-main/algorithms/safety-critic.ts'
import { deviationsBelow, gaussianCritics } from '../../src-main/algorithms/wcpg.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { createParameterGroup } from '../../src-main/engine/parameters.ts'
import { createStreams } from '../../src-main/random.ts'
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
} from './reference.ts'

const observationSize = 3
const actionSize = 2
const batchSize = 7
const alpha = 0.4

/** Transitions of random numbers; some end, and the observation's last number is a deviation's factor, as WCPG's is. */
function transitions() {
  const { environment: random } = createStreams(11)
  const numbers = (size: number) => Float32Array.from({ length: size }, () => random.normal())
  return Array.from({ length: 30 }, (_, index) => {
    const factor = Math.abs(random.normal())
    const observation = numbers(observationSize)
    const nextObservation = numbers(observationSize)
    observation[observationSize - 1] = factor
    nextObservation[observationSize - 1] = factor
    return {
      observation,
      action: numbers(actionSize).map(Math.tanh),
      // An end without a reward has nothing of a variance.
      reward: index % 3 === 0 ? 0 : random.normal(),
      nextObservation,
      failure: index % 3 === 0,
      terminated: index % 3 === 0,
      truncated: false,
    }
  })
}

/** One update with these critics, and all that went into it. */
async function updateOnce(critics: CriticModel, penalty = 0) {
  const settings = sacSettings.parse({ hiddenSizes: [6, 6], batchSize, learningRate: 0.01, discount: 0.9 })
  const risk = createParameterGroup(
    'risk',
    perceptronShapes('safety', observationSize + actionSize, [6], 1),
    {
      trainable: false,
    },
  )
  initializePerceptron(risk, createStreams(6).weights)
  const sac = await Sac.create({
    engine: compiledEngine,
    observationSize,
    actionSize,
    settings,
    weights: createStreams(3).weights,
    critics,
    targetRisk: { group: risk, evaluate: qSafeOf },
  })
  initializePerceptron(sac.targetCritics, createStreams(4).weights)
  sac.logAlpha = Math.log(alpha)
  const before = {
    policy: copyOf(sac.policy),
    critics: copyOf(sac.critics),
    targets: copyOf(sac.targetCritics),
  }
  const buffer = new ReplayBuffer(100, observationSize, actionSize)
  const all = transitions()
  for (const transition of all) buffer.add(transition)
  const [used, again] = [createStreams(5), createStreams(5)]
  const losses = await sac.update(buffer, used.batches, used.updates, { penalty })
  const batch = drawn(all, again.batches, batchSize)
  const nextNoise = noiseRows(again.updates, batchSize, actionSize)
  const noise = noiseRows(again.updates, batchSize, actionSize)
  /** Of each row: what the target is made of. */
  const rows = batch.map((transition, row) => {
    const { observation, action, nextObservation, reward, terminated } = transition
    const next = sampleAction(forward(before.policy, 'policy', nextObservation), nextNoise[row] ?? [])
    return {
      input: [...observation, ...action],
      nextInput: [...nextObservation, ...next.action],
      reward,
      entropyCost: alpha * next.logProbability,
      continuation: terminated ? 0 : 0.9,
      qSafe: sigmoid(at(forward(copyOf(risk), 'safety', [...observation, ...action]), 0)),
      factor: at(observation, observationSize - 1),
    }
  })
  return { sac, losses, before, batch, noise, rows, criticsAfter: copyOf(sac.critics) }
}
type Update = Awaited<ReturnType<typeof updateOnce>>

/** alpha log pi - value, averaged over the batch, under the critics as they are after their step. */
const policyLoss = (
  policy: Network,
  { batch, noise }: Update,
  value: (input: number[], row: number) => number,
) =>
  mean(
    batch.map(({ observation }, row) => {
      const { action, logProbability } = sampleAction(
        forward(policy, 'policy', observation),
        noise[row] ?? [],
      )
      return alpha * logProbability - value([...observation, ...action], row)
    }),
  )

function expectGradients(
  update: Update,
  criticLoss: (critics: Network) => number,
  value: (input: number[], row: number) => number,
) {
  const { before, sac, losses } = update
  expect(losses.criticLoss).toBeCloseTo(criticLoss(before.critics), 5)
  expectClose(
    sac.critics.gradient ?? [],
    gradientOf(before.critics, () => criticLoss(before.critics)),
    2e-4,
  )
  expect(losses.policyLoss).toBeCloseTo(policyLoss(before.policy, update, value), 5)
  expectClose(
    sac.policy.gradient ?? [],
    gradientOf(before.policy, () => policyLoss(before.policy, update, value)),
    2e-4,
  )
}

/** Of sorted values, interpolated linearly; written as textbooks have it. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = ((sorted.length - 1) * percent) / 100
  const below = Math.floor(position)
  const share = position - below
  return (1 - share) * at(sorted, below) + share * at(sorted, Math.min(sorted.length - 1, below + 1))
}

describe('ESAC', () => {
  it.each([
    [10, 30],
    [5, 30],
    [3, 0],
    [4, 100],
  ])('learns and acts by a percentile: %d critics, the %d.', async (size, percent) => {
    const update = await updateOnce(ensembleCritics(size, percent))
    const names = Array.from({ length: size }, (_, index) => `critic ${index + 1}:`)
    const values = (critics: Network, input: number[]) =>
      names.map((name) => at(forward(critics, name, input), 0))
    const targets = update.rows.map(
      ({ reward, continuation, nextInput, entropyCost }) =>
        reward + continuation * (percentile(values(update.before.targets, nextInput), percent) - entropyCost),
    )
    const criticLoss = (critics: Network) =>
      mean(
        update.rows.flatMap(({ input }, row) =>
          values(critics, input).map((q) => (q - at(targets, row)) ** 2),
        ),
      )
    expectGradients(update, criticLoss, (input) => percentile(values(update.criticsAfter, input), percent))
    const firsts = update.rows.map(({ input }) => at(values(update.before.critics, input), 0))
    expect(update.losses.meanQ).toBeCloseTo(mean(firsts), 5)
  })
})

describe('WCPG', () => {
  const gaussian = (critics: Network, name: string, input: number[]) => {
    const [average = 0, raw = 0] = forward(critics, name, input)
    return { mean: average, variance: Math.log1p(Math.exp(raw)) }
  }
  const twins = (critics: Network, input: number[]) =>
    [gaussian(critics, 'first', input), gaussian(critics, 'second', input)] as const

  it('learns mean and variance of the return, and acts by its conditional value at risk', async () => {
    const update = await updateOnce(gaussianCritics)
    const targets = update.rows.map(({ reward: r, continuation: c, nextInput, entropyCost, input }) => {
      const [first, second] = twins(update.before.targets, nextInput)
      const next = first.mean <= second.mean ? first : second
      const q = next.mean - entropyCost
      const average = r + c * q
      const variances = twins(update.before.critics, input).map((own) =>
        Math.max(0, r ** 2 + 2 * c * r * q + c ** 2 * (next.variance + q ** 2) - own.mean ** 2),
      )
      return { average, variances }
    })
    // Some rows have a variance to learn and some are cut off at 0.
    const variances = targets.flatMap(({ variances }) => variances)
    expect(
      variances.some((variance) => variance > 0.01) && variances.some((variance) => variance === 0),
    ).toBe(true)
    const criticLoss = (critics: Network) =>
      mean(
        update.rows.flatMap(({ input }, row) =>
          twins(critics, input).map(({ mean: q, variance }, twin) => {
            const target = targets[row]
            if (!target) throw new RangeError('A row has no target.')
            const expected = at(target.variances, twin)
            return (q - target.average) ** 2 + variance + expected - 2 * Math.sqrt(variance * expected)
          }),
        ),
      )
    // The least variance of 1e-6 that keeps the root's gradient finite shows in the loss where the target is 0: 2 sqrt(V 1e-6).
    expect(update.losses.criticLoss).toBeCloseTo(criticLoss(update.before.critics), 2)
    expectClose(
      update.sac.critics.gradient ?? [],
      gradientOf(update.before.critics, () => criticLoss(update.before.critics)),
      5e-3,
    )
    const value = (input: number[], row: number) =>
      Math.min(
        ...twins(update.criticsAfter, input).map(
          (own) =>
            own.mean -
            at(
              update.rows.map(({ factor }) => factor),
              row,
            ) *
              Math.sqrt(own.variance),
        ),
      )
    expect(update.losses.policyLoss).toBeCloseTo(policyLoss(update.before.policy, update, value), 5)
    expectClose(
      update.sac.policy.gradient ?? [],
      gradientOf(update.before.policy, () => policyLoss(update.before.policy, update, value)),
      2e-4,
    )
  })

  it.each([
    [0.1, 1.754983319324868],
    [0.3, 1.1589753806669127],
    [0.5, 0.7978845608028654],
    [1, 0],
  ])('the mean of the worst %d of a standard normal lies %d below 0', (level, expected) => {
    expect(deviationsBelow(level)).toBeCloseTo(expected, 8)
    // The same by adding up a fine grid of quantiles.
    const { environment: random } = createStreams(1)
    const drawnNumbers = Array.from({ length: 200_000 }, () => random.normal()).sort((a, b) => a - b)
    expect(-mean(drawnNumbers.slice(0, level * drawnNumbers.length))).toBeCloseTo(expected, 1)
  })
})

describe('RS', () => {
  it('takes Q_safe of the actions off what the critics learn towards', async () => {
    const penalty = 4
    const update = await updateOnce(twinCritics, penalty)
    const values = (critics: Network, input: number[]) =>
      ['first', 'second'].map((name) => at(forward(critics, name, input), 0))
    const targets = update.rows.map(
      ({ reward, qSafe, continuation, nextInput, entropyCost }) =>
        reward -
        penalty * qSafe +
        continuation * (Math.min(...values(update.before.targets, nextInput)) - entropyCost),
    )
    const criticLoss = (critics: Network) =>
      mean(
        update.rows.flatMap(({ input }, row) =>
          values(critics, input).map((q) => (q - at(targets, row)) ** 2),
        ),
      )
    expectGradients(update, criticLoss, (input) => Math.min(...values(update.criticsAfter, input)))
    expect(update.losses.actionRisk).toBeCloseTo(mean(update.rows.map(({ qSafe }) => qSafe)), 6)
    // Without a penalty it is SAC to the last bit.
    const plain = await updateOnce(twinCritics, 0)
    expect(plain.sac.critics.values).not.toEqual(update.sac.critics.values)
  })
})
