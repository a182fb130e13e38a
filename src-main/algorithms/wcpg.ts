import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { NamedTensors } from '../engine/engine.ts'
import { normalDensity, normalQuantile } from '../statistics/normal.ts'
import type { CriticModel } from './critic-model.ts'
import type { EpisodeContext } from './episode-context.ts'
import { type Method, trainingSettings } from './learner.ts'
import { perceptron, perceptronShapes } from './networks.ts'
import { createSacLearner, rehearsedSac } from './sac-learner.ts'
import { sacSettings } from './sac-settings.ts'

/**
 * WCPG: worst cases policy gradients (Tang, Zhang & Salakhutdinov 2019). The critics give the return as a Gaussian, and the policy ascends its
 * conditional value at risk: the mean of the worst share alpha of the returns. The share is drawn for each episode and told to policy and critics.
 *
 * Departures:
 * 1. The CVaR of a Gaussian is mean - deviation phi(Phi^-1(alpha)) / alpha; the paper prints phi(alpha) / Phi(alpha).
 * 2. The networks are told that factor in place of alpha itself: one is as good as the other, and the factor is what the objective multiplies.
 * 3. Policy, temperature, twin critics and targets are SAC's instead of a deterministic policy's, so that methods differ in one thing. The return holds
 *    the entropy's share, and of two critics' Gaussians the one with the lower mean counts in the target.
 */
const wcpgSettings = z.strictObject({
  lowestRiskLevel: z.number().min(1e-4).max(1).default(0.1).meta({
    symbol: 'α',
    unit: 'share of the returns',
    description: 'Least share of the worst returns that an episode may be asked to mind.',
  }),
  highestRiskLevel: z.number().min(1e-4).max(1).default(0.3).meta({
    symbol: 'α',
    unit: 'share of the returns',
    description: 'Largest such share. The levels between are drawn alike. 1 would mind the mean alone.',
  }),
  evaluationRiskLevel: z.number().min(1e-4).max(1).default(0.1).meta({
    symbol: 'α',
    unit: 'share of the returns',
    description: 'The share where a policy is evaluated, replayed or handed on.',
  }),
})

const settingsSchema = z.strictObject({
  training: trainingSettings.prefault({}),
  sac: sacSettings.prefault({}),
  wcpg: wcpgSettings.prefault({}),
})

/** Deviations that the mean of the worst share `riskLevel` of a Gaussian lies below its mean; 0 for the share 1. */
export const deviationsBelow = (riskLevel: number): number =>
  riskLevel === 1 ? 0 : normalDensity(normalQuantile(riskLevel)) / riskLevel

/** The risk level of each episode, as the networks are told it. */
export function riskContext(settings: z.infer<typeof wcpgSettings>): EpisodeContext {
  const { lowestRiskLevel: lowest, highestRiskLevel: highest } = settings
  return {
    size: 1,
    draw: (random) => [Math.fround(deviationsBelow(lowest + (highest - lowest) * random.uniform()))],
    forEvaluation: [Math.fround(deviationsBelow(settings.evaluationRiskLevel))],
  }
}

/** What a run's settings say of the context in which its policy is evaluated; empty for every other method. */
export function evaluationContext(settings: Readonly<Record<string, unknown>>): readonly number[] {
  const wcpg = settings.wcpg
  return wcpg === undefined ? [] : riskContext(wcpgSettings.parse(wcpg)).forEvaluation
}

interface Gaussian {
  /** [batch]. */
  mean: tf.Tensor1D
  variance: tf.Tensor1D
}

const TWINS = ['first', 'second']
/** Below it a variance counts as this, so that its root has a gradient. */
const LEAST_VARIANCE = 1e-6

/** The value as it is, without a gradient. */
const detach = tf.customGrad<tf.Tensor1D>((...inputs) => {
  const [x] = inputs
  if (!(x instanceof tf.Tensor)) throw new TypeError('detach takes one tensor.')
  return { value: tf.mul(x, 1) as tf.Tensor1D, gradFunc: () => tf.zerosLike(x) }
})

/** The return as a Gaussian whose variance follows its own Bellman equation. The observation's last number is the factor of the deviation. */
export const gaussianCritics: CriticModel = {
  shapes: (inputSize, hiddenSizes) =>
    TWINS.flatMap((name) => perceptronShapes(name, inputSize, hiddenSizes, 2)),
  loss(batch) {
    const { reward, continuation, nextEntropyCost } = batch
    const next = lower(gaussians(batch.targetCritics, batch.nextObservation, batch.nextAction))
    const target = tf.add(reward, tf.mul(continuation, tf.sub(next.mean, nextEntropyCost))) as tf.Tensor1D
    const onwards = tf.mul(tf.square(continuation), next.variance)
    const values = gaussians(batch.critics, batch.observation, batch.action)
    const losses = values.map(({ mean, variance }) => {
      // E[z^2] - E[z]^2, the latter by the critic's own mean: r^2 + 2 gamma r Q' + gamma^2 (V' + Q'^2) - Q^2, cut off at 0.
      const secondMoment = tf.add(tf.square(target), onwards)
      const targetVariance = tf.maximum(tf.sub(secondMoment, tf.square(detach(mean))), LEAST_VARIANCE)
      // Wasserstein-2 of two Gaussians: V + V^ - 2 sqrt(V V^) is the square of the difference of the deviations.
      return tf.add(
        tf.square(tf.sub(mean, target)),
        tf.square(tf.sub(tf.sqrt(variance), tf.sqrt(targetVariance))),
      )
    })
    const loss = tf.mul(tf.mean(tf.addN(losses)), 1 / losses.length) as tf.Scalar
    return { loss, meanQ: tf.mean(values[0]?.mean ?? target) }
  },
  value(critics, observation, action) {
    const factor = tf.reshape(
      tf.slice(observation, [0, observation.shape[1] - 1], [observation.shape[0], 1]),
      [observation.shape[0]],
    )
    const [first, second] = gaussians(critics, observation, action).map(({ mean, variance }) =>
      tf.sub(mean, tf.mul(factor, tf.sqrt(variance))),
    )
    if (!first || !second) throw new Error('Twin critics give two values.')
    return tf.minimum(first, second)
  },
}

function gaussians(critics: NamedTensors, observation: tf.Tensor2D, action: tf.Tensor2D): Gaussian[] {
  const rows = observation.shape[0]
  const input = tf.concat([observation, action], 1)
  return TWINS.map((name) => {
    const output = perceptron(critics, name, input)
    const column = (index: number) =>
      tf.reshape(tf.slice(output, [0, index], [rows, 1]), [rows]) as tf.Tensor1D
    return { mean: column(0), variance: tf.maximum(tf.softplus(column(1)), LEAST_VARIANCE) }
  })
}

/** In each row the Gaussian with the lower mean. */
function lower([first, second]: readonly Gaussian[]): Gaussian {
  if (!first || !second) throw new Error('Twin critics give two values.')
  const isSecond = tf.step(tf.sub(first.mean, second.mean))
  const pick = (a: tf.Tensor1D, b: tf.Tensor1D) => tf.add(a, tf.mul(isSecond, tf.sub(b, a))) as tf.Tensor1D
  return { mean: tf.minimum(first.mean, second.mean), variance: pick(first.variance, second.variance) }
}

export const wcpgMethod: Method = {
  settings: settingsSchema,
  startsFrom: ['wcpg'],
  rehearse(settings) {
    const { training, sac, wcpg } = settingsSchema.parse(settings)
    return { training, sac: rehearsedSac(sac), wcpg }
  },
  create(options) {
    const settings = settingsSchema.parse(options.settings)
    return createSacLearner(options, settings, {
      critics: gaussianCritics,
      context: riskContext(settings.wcpg),
    })
  },
}
