import { z } from 'zod'
import { trainingSettings } from './learner.ts'
import { sacSettings } from './sac-settings.ts'

export const sqrlSettings = z.strictObject({
  epsilonSafe: z.number().min(0).max(1).default(0.1).meta({
    symbol: 'ε_safe',
    unit: 'probability',
    description: 'Largest discounted failure probability that an action may have and still be allowed.',
  }),
  falseAlarmRate: z.number().min(0).max(0.5).nullable().default(null).meta({
    unit: 'share of harmless actions',
    description:
      'Sets ε_safe for fine-tuning by itself: so high that the mask refuses this share of the actions that led to no failure in fresh episodes of the pre-training task. Empty: ε_safe is what is given.',
  }),
  gammaSafe: z.number().min(0).lt(1).default(0.7).meta({
    symbol: 'γ_safe',
    description: 'Discount of the failure probability: how far ahead the safety critic looks.',
  }),
  candidates: z.int().min(1).max(1000).default(50).meta({
    symbol: 'k',
    unit: 'actions',
    description: 'Actions drawn from the policy at each step, of which the mask drops the unsafe ones.',
  }),
  candidateChoice: z.enum(['uniform', 'first', 'logProbability', 'safest']).default('uniform').meta({
    description:
      'How one of the safe candidates is chosen in fine-tuning. first: the first safe one, of which the first of all is what the policy without a mask would do; as random as uniform, and under one seed equal to SAC until the mask refuses something.',
  }),
  fallback: z.enum(['safest', 'pretrained', 'alongside']).default('safest').meta({
    description:
      'What fine-tuning does where no candidate is safe. safest: the candidate with the lowest Q_safe, as in the paper. pretrained: candidates of the policy as it was pre-trained, of which Q_safe speaks, take their place. alongside: as many candidates of that policy are drawn at every step, and the mask chooses among all.',
  }),
  mask: z.boolean().default(true).meta({ description: 'Whether fine-tuning drops unsafe actions (Eq. 3).' }),
  safetyTerm: z.boolean().default(true).meta({
    description: 'Whether the policy’s objective carries ν (ε_safe − Q_safe) in fine-tuning (Eq. 4).',
  }),
  exploration: z.enum(['unconstrained', 'masked']).default('unconstrained').meta({
    description:
      'Actions of the policy steps in pre-training: Algorithm 1’s box says unconstrained, the text of section 5.1 masked.',
  }),
  offlineSteps: z.int().positive().default(1000).meta({
    symbol: 'n_off',
    unit: 'steps',
    description: 'Policy steps between two rounds of safety rollouts in pre-training.',
  }),
  rolloutEpisodes: z.int().nonnegative().default(10).meta({
    symbol: 'k',
    unit: 'episodes',
    description: 'Masked rollouts in each round; their steps and failures count as the method’s own.',
  }),
  rolloutChoice: z.enum(['riskiest', 'uniform']).default('riskiest').meta({
    description: 'Rollouts take the safe candidate closest to the threshold, or any safe one.',
  }),
  rolloutRandomStartFraction: z.number().min(0).max(1).default(0).meta({
    description: 'Share of the rollouts that start anywhere the agent can stand.',
  }),
  safetyUpdates: z.int().nonnegative().default(1000).meta({
    unit: 'steps',
    description: 'Gradient steps of the safety critic in each round.',
  }),
  safetyBatchSize: z
    .int()
    .positive()
    .default(256)
    .meta({ unit: 'transitions', description: 'Transitions in one of them.' }),
  safetyCapacity: z.int().positive().default(5000).meta({
    unit: 'transitions',
    description: 'Size of D_safe: the latest on-policy transitions.',
  }),
  safetyOfflineShare: z.number().min(0).max(0.99).default(0).meta({
    description: 'Share of each safety batch that comes from D_offline. 0 is Algorithm 1 to the letter.',
  }),
  failureLabelSteps: z.int().min(1).max(1000).default(1).meta({
    unit: 'steps',
    description: 'Steps at the end of a failed episode that the safety critic is told are failures.',
  }),
  safetyLearningRate: z
    .number()
    .positive()
    .max(1)
    .default(3e-4)
    .meta({ description: 'Step size of the safety critic.' }),
  safetyTargetRate: z
    .number()
    .positive()
    .max(1)
    .default(0.005)
    .meta({ description: 'Polyak rate of its delayed copy.' }),
  safetyLoss: z
    .enum(['squared', 'crossEntropy'])
    .default('squared')
    .meta({ description: 'Loss of the safety critic.' }),
  safetyTraining: z.enum(['frozen', 'online']).default('frozen').meta({
    description: 'Whether the safety critic keeps learning on the target task (Figure 10b).',
  }),
  initialMultiplier: z
    .number()
    .nonnegative()
    .default(0)
    .meta({ symbol: 'ν₀', description: 'Safety multiplier at the start.' }),
  multiplierLearningRate: z
    .number()
    .nonnegative()
    .default(3e-4)
    .meta({ description: 'Dual step size of the safety multiplier.' }),
  multiplierUpdate: z.enum(['projected', 'logarithm']).default('projected').meta({
    description:
      'Dual ascent on ν itself, cut off at 0, or on its logarithm; the latter needs a start above 0.',
  }),
})
export type SqrlSettings = z.infer<typeof sqrlSettings>

/** Of a run of SQRL. */
export const sqrlRunSettings = z.strictObject({
  training: trainingSettings.prefault({}),
  sac: sacSettings.prefault({}),
  sqrl: sqrlSettings.prefault({}),
})
export type SqrlRunSettings = z.infer<typeof sqrlRunSettings>
