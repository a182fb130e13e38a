import { z } from 'zod'
import type { Method } from './learner.ts'
import { rehearsedSqrl } from './sqrl.ts'
import { Sqrl } from './sqrl-learner.ts'
import { type SqrlRunSettings, sqrlRunSettings, sqrlSettings } from './sqrl-settings.ts'
import { TargetPenalty } from './target-penalty.ts'

/**
 * RS: risk-sensitive Q-learning (Geibel & Wysotzki 2005, "Risk-sensitive reinforcement learning applied to control under constraints") as the paper
 * compares against it. It starts from SQRL's pre-trained policy, critics and safety critic, and fine-tunes without a mask and without Eq. 4: instead the
 * critics learn towards
 *
 *     y = r - lambda Q_safe(s, a) + gamma (min Q'(s', a') - alpha log pi(a'|s')).
 *
 * Departures: Geibel and Wysotzki weigh a tabular risk that is learnt along; here Q_safe is SQRL's, frozen unless `sqrl.safetyTraining` says otherwise.
 * lambda rises from 0 as in the paper's published code (`penaltySchedule` linear), stays, or is learnt by dual ascent.
 */
const rsSettings = z.strictObject({
  penalty: z.number().nonnegative().default(10).meta({
    symbol: 'λ',
    unit: 'reward',
    description:
      'Reward that is taken off for a Q_safe of 1: at the end (linear), always (constant) or at first (learned).',
  }),
  penaltySchedule: z.enum(['linear', 'constant', 'learned']).default('linear').meta({
    description:
      'How the penalty goes. linear: from 0 to its value over the fine-tuning. constant: its value from the first step. learned: dual ascent, up while Q_safe of the batch lies above ε_safe.',
  }),
  penaltyLearningRate: z
    .number()
    .nonnegative()
    .default(3e-3)
    .meta({ description: 'Dual step size of a penalty that is learned.' }),
})

/** Without a mask and Eq. 4 there is nothing to set of them. */
const safetySettings = sqrlSettings.omit({ mask: true, safetyTerm: true })

const settingsSchema = sqrlRunSettings.extend({
  sqrl: safetySettings.prefault({}),
  rs: rsSettings.prefault({}),
})

/** The parts of the run that SQRL's learner does. */
const withoutMask = ({ training, sac, sqrl }: z.infer<typeof settingsSchema>): SqrlRunSettings => ({
  training,
  sac,
  sqrl: { ...sqrl, mask: false, safetyTerm: false },
})

export const rsMethod: Method = {
  settings: settingsSchema,
  startsFrom: ['sqrl'],
  rehearse(settings) {
    const parsed = settingsSchema.parse(settings)
    const { sqrl, ...rest } = rehearsedSqrl(withoutMask(parsed))
    const { mask: _, safetyTerm: __, ...safety } = sqrl
    return { ...rest, sqrl: safety, rs: parsed.rs }
  },
  create(options) {
    const settings = settingsSchema.parse(options.settings)
    const penalty = new TargetPenalty(settings.rs, settings.sqrl.epsilonSafe)
    return Sqrl.create(options, withoutMask(settings), penalty)
  },
}
