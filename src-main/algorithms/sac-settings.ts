import { z } from 'zod'

/** Settings that every method on top of soft actor-critic shares. */
export const sacSettings = z.strictObject({
  learningRate: z.number().positive().max(1).default(3e-4).meta({
    symbol: 'λ',
    description: 'Step size of Adam for the policy, the critics and the temperature.',
  }),
  hiddenSizes: z.array(z.int().positive().max(4096)).min(1).max(6).default([256, 256]).meta({
    unit: 'units',
    description: 'Width of each hidden layer of every network.',
  }),
  batchSize: z.int().positive().max(65536).default(256).meta({
    unit: 'transitions',
    description: 'Transitions in one gradient step.',
  }),
  discount: z
    .number()
    .min(0)
    .lt(1)
    .default(0.99)
    .meta({ symbol: 'γ', description: 'Discount of the return.' }),
  rewardScale: z.number().positive().max(1e6).default(1).meta({
    description:
      'Factor on each reward that the critics learn from. Returns are recorded without it; Q values, temperature and loss are with it.',
  }),
  targetRate: z.number().positive().max(1).default(0.005).meta({
    symbol: 'τ',
    description: 'Share of the critics that the target critics take over at each step (Polyak averaging).',
  }),
  targetEntropy: z.number().nullable().default(null).meta({
    symbol: 'H̄',
    unit: 'nats',
    description:
      'Entropy that the temperature steers the policy to. Empty: minus the number of action dimensions.',
  }),
  initialTemperature: z
    .number()
    .positive()
    .default(1)
    .meta({ symbol: 'α₀', description: 'Temperature at the start.' }),
  randomSteps: z.int().nonnegative().default(500).meta({
    unit: 'steps',
    description: 'Uniformly random actions at the start of pre-training, before the first gradient step.',
  }),
  learningStarts: z
    .int()
    .positive()
    .default(500)
    .meta({ unit: 'steps', description: 'Policy steps before the first gradient step.' }),
  keptTransitions: z
    .int()
    .nonnegative()
    .max(2 ** 24)
    .default(0)
    .meta({
      unit: 'transitions',
      description:
        'Latest transitions of the pre-training, with its rewards, that D_offline begins with in fine-tuning. 0 is Algorithm 2 to the letter: it begins empty.',
    }),
  policyStarts: z.int().nonnegative().default(0).meta({
    unit: 'steps',
    description:
      'Policy steps before policy and temperature learn too; the critics learn before. A departure: it lets pre-trained critics settle on the target’s reward before the policy follows them.',
  }),
  updatesPerStep: z
    .int()
    .nonnegative()
    .max(100)
    .default(1)
    .meta({ description: 'Gradient steps per policy step.' }),
  replayCapacity: z
    .int()
    .positive()
    .max(2 ** 24)
    .default(1_000_000)
    .meta({
      unit: 'transitions',
      description: 'Size of D_offline; the oldest transitions leave first.',
    }),
})
export type SacSettings = z.infer<typeof sacSettings>
