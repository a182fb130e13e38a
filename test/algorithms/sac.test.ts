import { describe, expect, it } from 'vitest'
import { Interaction } from '../../src-main/algorithms/interaction.ts'
import { initializePerceptron, perceptronShapes } from '../../src-main/algorithms/networks.ts'
import { ReplayBuffer, type Transition } from '../../src-main/algorithms/replay-buffer.ts'
import { checkFinite, Sac } from '../../src-main/algorithms/sac.ts'
import { type SacSettings, sacSettings } from '../../src-main/algorithms/sac-settings.ts'
import { qSafeOf } from '../../src-main/algorithms/safety-critic.ts'
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
  textbookAdam,
} from './reference.ts'
import { ends, Toy } from './toys.ts'

const observationSize = 2
const actionSize = 2
const batchSize = 5

type Kind = 'ordinary' | 'time limit' | 'failure' | 'goal'

/** Transitions as learners get them from an environment, by the kind of step. */
function collect(): Record<Kind, Transition[]> {
  const streams = createStreams(8)
  const kinds: Record<Kind, Transition[]> = { ordinary: [], 'time limit': [], failure: [], goal: [] }
  const interaction = new Interaction({
    environment: new Toy(ends, streams.environment),
    random: streams.environment,
    kind: 'training',
    randomStartFraction: 0.5,
    observer: {
      onStep: ({ step }) => {
        kind = step.failure
          ? 'failure'
          : step.terminated
            ? 'goal'
            : step.truncated
              ? 'time limit'
              : 'ordinary'
      },
      onUpdate: () => {},
    },
  })
  let kind: Kind = 'ordinary'
  for (let i = 0; i < 200; i++) {
    const action = Float32Array.from({ length: actionSize }, () => 2 * streams.exploration.uniform() - 1)
    const { transition } = interaction.step({
      action,
      qSafe: Number.NaN,
      candidates: null,
      candidateQSafe: null,
      chosen: -1,
    })
    kinds[kind].push(transition)
  }
  return kinds
}
const transitions = collect()

const some = (kind: Kind): Transition[] => transitions[kind].slice(0, 6)
const mixed = Object.values(transitions).flatMap((kind) => kind.slice(0, 4))

function riskNetwork(seed: number) {
  const group = createParameterGroup(
    'risk',
    perceptronShapes('safety', observationSize + actionSize, [8, 8], 1),
    { trainable: false },
  )
  initializePerceptron(group, createStreams(seed).weights)
  return group
}

/** One whole update, and all that went into it. */
async function updateOnce(
  transitions: readonly Transition[],
  options: {
    settings?: Partial<SacSettings>
    multiplier?: number
    withRisk?: boolean
    logAlpha?: number
    step?: number
  } = {},
) {
  const { multiplier = 0, withRisk = false, logAlpha = -0.7, step = 100 } = options
  const settings = sacSettings.parse({
    hiddenSizes: [8, 8],
    batchSize,
    learningRate: 0.01,
    targetRate: 0.1,
    discount: 0.9,
    ...options.settings,
  })
  const risk = withRisk ? riskNetwork(6) : null
  const sac = await Sac.create({
    engine: compiledEngine,
    observationSize,
    actionSize,
    settings,
    weights: createStreams(3).weights,
    risk: risk ? { group: risk, evaluate: qSafeOf } : null,
  })
  initializePerceptron(sac.targetCritics, createStreams(4).weights) // apart from the critics, as they are while learning
  sac.logAlpha = logAlpha
  const before = {
    policy: copyOf(sac.policy),
    critics: copyOf(sac.critics),
    targets: copyOf(sac.targetCritics),
  }
  const buffer = new ReplayBuffer(100, observationSize, actionSize)
  for (const transition of transitions) buffer.add(transition)
  const [used, again] = [createStreams(5), createStreams(5)]
  const losses = await sac.update(buffer, used.batches, used.updates, { multiplier, step })
  return {
    sac,
    losses,
    before,
    settings,
    risk: risk ? copyOf(risk) : null,
    /** What the policy's loss is measured with: the critics after their step. */
    criticsAfter: copyOf(sac.critics),
    alpha: Math.exp(logAlpha),
    batch: drawn(transitions, again.batches, batchSize),
    nextNoise: noiseRows(again.updates, batchSize, actionSize),
    noise: noiseRows(again.updates, batchSize, actionSize),
  }
}
type Update = Awaited<ReturnType<typeof updateOnce>>

function twin(critics: Network, observation: ArrayLike<number>, action: ArrayLike<number>): [number, number] {
  const input = [...Array.from(observation), ...Array.from(action)]
  return [at(forward(critics, 'first', input), 0), at(forward(critics, 'second', input), 0)]
}

/** r + gamma (1 - terminated) (min Q'(s', a') - alpha log pi(a'|s')). */
function softTargets({ before, batch, nextNoise, alpha, settings }: Update): number[] {
  return batch.map(({ reward: received, terminated, nextObservation }, row) => {
    const reward = settings.rewardScale * received
    const next = sampleAction(forward(before.policy, 'policy', nextObservation), nextNoise[row] ?? [])
    const value =
      Math.min(...twin(before.targets, nextObservation, next.action)) - alpha * next.logProbability
    return terminated ? reward : reward + settings.discount * value
  })
}

function criticLoss(critics: Network, batch: readonly Transition[], targets: readonly number[]): number {
  const squared = batch.flatMap(({ observation, action }, row) =>
    twin(critics, observation, action).map((value) => (value - at(targets, row)) ** 2),
  )
  return mean(squared)
}

function policyTerms(policy: Network, { batch, noise, criticsAfter, risk }: Update) {
  const rows = batch.map(({ observation }, row) => {
    const { action, logProbability } = sampleAction(forward(policy, 'policy', observation), noise[row] ?? [])
    const input = [...observation, ...action]
    return {
      q: Math.min(...twin(criticsAfter, observation, action)),
      logProbability,
      risk: risk ? sigmoid(at(forward(risk, 'safety', input), 0)) : Number.NaN,
    }
  })
  return {
    q: mean(rows.map(({ q }) => q)),
    logProbability: mean(rows.map(({ logProbability }) => logProbability)),
    risk: mean(rows.map(({ risk }) => risk)),
  }
}

describe('updateCritics()', () => {
  it('has steps of every kind to learn from', () => {
    for (const kind of ['ordinary', 'time limit', 'failure', 'goal'] as const)
      expect(some(kind).length).toBeGreaterThan(3)
    expect(transitions['time limit'].every(({ terminated, failure }) => !terminated && !failure)).toBe(true)
    expect(transitions.failure.every(({ terminated, failure }) => terminated && failure)).toBe(true)
    expect(transitions.goal.every(({ terminated, failure }) => terminated && !failure)).toBe(true)
  })

  it.each([
    ['ordinary steps', some('ordinary'), true],
    ['time limits, through which it bootstraps', some('time limit'), true],
    ['failures, which end the return', some('failure'), false],
    ['goals, which end the return', some('goal'), false],
    ['a mixed batch', mixed, true],
  ] as const)(
    'gives loss and gradient of the soft Bellman residual at %s',
    async (_, transitions, bootstraps) => {
      const update = await updateOnce(transitions)
      const targets = softTargets(update)
      if (!bootstraps) expect(targets).toEqual(update.batch.map(({ reward }) => reward))
      else expect(targets).not.toEqual(update.batch.map(({ reward }) => reward))
      const { critics } = update.before
      expect(update.losses.criticLoss).toBeCloseTo(criticLoss(critics, update.batch, targets), 5)
      // The sum of two mean squared errors, halved: the mean over both critics.
      expectClose(
        update.sac.critics.gradient ?? [],
        gradientOf(critics, () => criticLoss(critics, update.batch, targets)),
      )
    },
  )

  it('learns from the rewards times their factor', async () => {
    const update = await updateOnce(mixed, { settings: { rewardScale: 0.1 } })
    const { critics } = update.before
    const targets = softTargets(update)
    expect(update.losses.criticLoss).toBeCloseTo(criticLoss(critics, update.batch, targets), 5)
    expect(targets).not.toEqual(softTargets(await updateOnce(mixed)))
  })

  it('reports the mean of the first critic on the batch', async () => {
    const update = await updateOnce(mixed)
    const values = update.batch.map(
      ({ observation, action }) => twin(update.before.critics, observation, action)[0],
    )
    expect(update.losses.meanQ).toBeCloseTo(mean(values), 5)
  })
})

describe('updatePolicy()', () => {
  it('gives loss and gradient of alpha log pi - min Q without a risk', async () => {
    const update = await updateOnce(mixed)
    const loss = (policy: Network) => {
      const { q, logProbability } = policyTerms(policy, update)
      return update.alpha * logProbability - q
    }
    const { policy } = update.before
    expect(update.losses.policyLoss).toBeCloseTo(loss(policy), 5)
    expectClose(
      update.sac.policy.gradient ?? [],
      gradientOf(policy, () => loss(policy)),
    )
    expect(update.losses.policyRisk).toBeNaN()
  })

  it('gives loss and gradient of alpha log pi - min Q + nu Q_safe with a risk (Eq. 4)', async () => {
    const nu = 3
    const update = await updateOnce(mixed, { withRisk: true, multiplier: nu })
    const loss = (policy: Network) => {
      const { q, logProbability, risk } = policyTerms(policy, update)
      return update.alpha * logProbability - q + nu * risk
    }
    const { policy } = update.before
    expect(update.losses.policyLoss).toBeCloseTo(loss(policy), 5)
    expect(update.losses.policyRisk).toBeCloseTo(policyTerms(policy, update).risk, 6)
    expectClose(
      update.sac.policy.gradient ?? [],
      gradientOf(policy, () => loss(policy)),
    )
  })

  it('receives the gradient of nu Q_safe through the action, and nothing else of it', async () => {
    const nu = 50
    const [without, withTerm] = [
      await updateOnce(mixed, { withRisk: true, multiplier: 0 }),
      await updateOnce(mixed, { withRisk: true, multiplier: nu }),
    ]
    const plain = without.sac.policy.gradient ?? new Float32Array(0)
    const safetyPart = (withTerm.sac.policy.gradient ?? new Float32Array(0)).map(
      (value, i) => value - at(plain, i),
    )
    const { policy } = without.before
    const expected = gradientOf(policy, () => nu * policyTerms(policy, without).risk)
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.1)
    expectClose(safetyPart, expected, 1e-3)
  })

  it('moves nothing but the policy by the risk', async () => {
    const plain = await updateOnce(mixed)
    const withRisk = await updateOnce(mixed, { withRisk: true, multiplier: 0 })
    // nu = 0 is SAC to the last bit: one method can be compared with the other under common random numbers.
    expect(withRisk.sac.policy.values).toEqual(plain.sac.policy.values)
    expect(withRisk.sac.critics.values).toEqual(plain.sac.critics.values)
    const strict = await updateOnce(mixed, { withRisk: true, multiplier: 10 })
    expect(strict.sac.policy.values).not.toEqual(plain.sac.policy.values)
    expect(strict.sac.critics.values).toEqual(plain.sac.critics.values)
    expect(Float64Array.from(riskNetwork(6).values)).toEqual(strict.risk?.values)
  })
})

describe('update()', () => {
  it('takes an Adam step for each network and a Polyak step for the target critics', async () => {
    const { sac, before, settings } = await updateOnce(mixed)
    for (const [group, start] of [
      [sac.policy, before.policy],
      [sac.critics, before.critics],
    ] as const)
      expectClose(group.values, textbookAdam(settings.learningRate)(start.values, group.gradient ?? []), 1e-5)
    expectClose(
      sac.targetCritics.values,
      before.targets.values.map((value, i) => 0.9 * value + 0.1 * at(sac.critics.values, i)),
      1e-6,
    )
  })

  it.each([
    ['below', 5, 'up'],
    ['above', -5, 'down'],
  ] as const)(
    'moves the temperature when the entropy is %s its target',
    async (_, targetEntropy, direction) => {
      const { sac, losses, before, settings, ...rest } = await updateOnce(mixed, {
        settings: { targetEntropy },
      })
      const { logProbability } = policyTerms(before.policy, { sac, losses, before, settings, ...rest })
      expect(losses.entropy).toBeCloseTo(-logProbability, 5)
      expect(-logProbability < targetEntropy).toBe(direction === 'up')
      const expected = at(textbookAdam(settings.learningRate)([-0.7], [-(logProbability + targetEntropy)]), 0)
      expect(sac.logAlpha).toBeCloseTo(expected, 7)
      expect(Math.sign(sac.logAlpha + 0.7)).toBe(direction === 'up' ? 1 : -1)
      expect(losses.temperature).toBe(Math.exp(sac.logAlpha))
    },
  )

  it('leaves policy and temperature alone until it is their turn', async () => {
    const [usual, early] = [
      await updateOnce(mixed),
      await updateOnce(mixed, { settings: { policyStarts: 8 }, step: 7 }),
    ]
    expect(early.sac.critics.values).toEqual(usual.sac.critics.values)
    expect(early.sac.targetCritics.values).toEqual(usual.sac.targetCritics.values)
    expect(Float64Array.from(early.sac.policy.values)).toEqual(early.before.policy.values)
    expect(early.sac.logAlpha).toBe(-0.7)
    expect(early.losses.policyLoss).toBeNaN()
    const due = await updateOnce(mixed, { settings: { policyStarts: 8 }, step: 8 })
    expect(due.sac.policy.values).toEqual(usual.sac.policy.values)
  })

  it('steers to minus the action size where no target entropy is named', async () => {
    const named = await updateOnce(mixed, { settings: { targetEntropy: -actionSize } })
    expect((await updateOnce(mixed)).sac.logAlpha).toBe(named.sac.logAlpha)
  })
})

describe('checkFinite()', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'ends the training when a loss is %s, and names the network',
    (loss) => {
      expect(() => checkFinite('critics', loss)).toThrow('The loss of the critics is no longer a number.')
    },
  )
})
