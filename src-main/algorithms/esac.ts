import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { type CriticModel, sharedTargetCritics } from './critic-model.ts'
import { type Method, trainingSettings } from './learner.ts'
import { createSacLearner, rehearsedSac } from './sac-learner.ts'
import { sacSettings } from './sac-settings.ts'

/**
 * ESAC: soft actor-critic with an ensemble of critics (Eysenbach et al. 2018, "Leave no Trace", as the paper compares against it). Where the critics
 * disagree the agent knows little, and a low percentile of their values makes it cautious: it stands in the critics' common target and in the policy's
 * objective.
 *
 * Departures: no reward scale of 50 and no clipped gradients as in the authors' code, since SAC's temperature is learnt here (`sac.rewardScale` is there to
 * set); their reset policy is another method's part.
 */
const esacSettings = z.strictObject({
  ensembleSize: z.int().min(2).max(50).default(10).meta({
    symbol: 'K',
    unit: 'critics',
    description: 'Critics, each with weights and a target of its own.',
  }),
  percentile: z.number().min(0).max(100).default(30).meta({
    unit: '% of the critics',
    description: 'Percentile of the critics’ values that counts. 0 is the lowest, 50 the median.',
  }),
})

const settingsSchema = z.strictObject({
  training: trainingSettings.prefault({}),
  sac: sacSettings.prefault({}),
  esac: esacSettings.prefault({}),
})

/** Critics whose percentile counts, interpolated linearly between neighbours (Hyndman & Fan's definition 7). */
export const ensembleCritics = (size: number, percentile: number): CriticModel =>
  sharedTargetCritics(
    Array.from({ length: size }, (_, index) => `critic ${index + 1}:`),
    (values) => percentileOf(values, percentile),
  )

/**
 * The percentile of several values in each row, [batch]. Its gradient goes to the values that it lies between. Ranks come from comparing pairs: there is
 * no sorting that the engine could differentiate.
 */
export function percentileOf(values: readonly tf.Tensor1D[], percentile: number): tf.Tensor1D {
  const position = ((values.length - 1) * percentile) / 100
  const below = Math.floor(position)
  const share = position - below
  const ranks = values.map((value, index) =>
    tf.addN(
      values.flatMap((other, otherIndex) => {
        if (otherIndex === index) return []
        // Of equal values the first counts as the lower one, so that every rank is taken once.
        const isAbove = tf.step(tf.sub(value, other))
        return [otherIndex < index ? tf.sub(1, tf.step(tf.sub(other, value))) : isAbove]
      }),
    ),
  )
  return tf.addN(
    values.map((value, index) => {
      const rank = ranks[index] ?? tf.zerosLike(value)
      const has = (wanted: number) => tf.sub(1, tf.minimum(1, tf.abs(tf.sub(rank, wanted))))
      const weight = tf.add(tf.mul(has(below), 1 - share), tf.mul(has(below + 1), share))
      return tf.mul(value, weight) as tf.Tensor1D
    }),
  )
}

export const esacMethod: Method = {
  settings: settingsSchema,
  startsFrom: ['esac'],
  rehearse(settings) {
    const { training, sac, esac } = settingsSchema.parse(settings)
    return { training, sac: rehearsedSac(sac), esac }
  },
  create(options) {
    const settings = settingsSchema.parse(options.settings)
    const { ensembleSize, percentile } = settings.esac
    return createSacLearner(options, settings, { critics: ensembleCritics(ensembleSize, percentile) })
  },
}
