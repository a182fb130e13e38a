import { z } from 'zod'

export const cpoSettings = z.strictObject({
  epsilonSafe: z.number().min(0).max(1).default(0.1).meta({
    symbol: 'd',
    unit: 'probability',
    description:
      'Limit of the discounted failure cost of an episode (ε_safe): close to the share of episodes that may fail.',
  }),
  costDiscount: z.number().min(0).lt(1).default(0.99).meta({
    symbol: 'γ_C',
    description:
      'Discount of the failure cost, from the start of an episode. With one as low as SQRL’s γ_safe a failure after a few steps would cost next to nothing, and the limit would bind nothing.',
  }),
  discount: z
    .number()
    .min(0)
    .lt(1)
    .default(0.99)
    .meta({ symbol: 'γ', description: 'Discount of the return.' }),
  hiddenSizes: z.array(z.int().positive().max(4096)).min(1).max(6).default([256, 256]).meta({
    unit: 'units',
    description: 'Width of each hidden layer of the policy and of both value networks.',
  }),
  batchSteps: z.int().min(2).max(100_000).default(2000).meta({
    unit: 'steps',
    description: 'Steps of the policy between two of its updates; each is learnt from once.',
  }),
  trustRegion: z.number().positive().max(1).default(0.01).meta({
    symbol: 'δ',
    unit: 'nats',
    description: 'Largest mean KL divergence between the policy before and after an update.',
  }),
  damping: z.number().nonnegative().max(10).default(0.1).meta({
    description: 'Added to the diagonal of the Fisher matrix, so that it can be inverted.',
  }),
  conjugateIterations: z.int().min(1).max(100).default(10).meta({
    unit: 'products',
    description: 'Products with the Fisher matrix that each natural gradient may take.',
  }),
  lineSearchSteps: z.int().min(1).max(100).default(15).meta({
    unit: 'policies',
    description: 'Step lengths tried before an update is given up.',
  }),
  lineSearchDecay: z.number().positive().lt(1).default(0.8).meta({
    description: 'Factor from one step length to the next.',
  }),
  advantageDecay: z.number().min(0).max(1).default(0.95).meta({
    symbol: 'λ',
    description:
      'Of generalised advantages of the return: 0 trusts the value network alone, 1 the returns that were seen.',
  }),
  costAdvantageDecay: z.number().min(0).max(1).default(0.95).meta({
    symbol: 'λ_C',
    description: 'The same for the failure cost.',
  }),
  valueUpdates: z.int().nonnegative().max(10_000).default(80).meta({
    unit: 'steps',
    description: 'Gradient steps of the value networks after each policy update.',
  }),
  valueBatchSize: z.int().positive().max(65_536).default(256).meta({
    unit: 'steps',
    description: 'Steps of the batch in one of them.',
  }),
  valueLearningRate: z.number().positive().max(1).default(1e-3).meta({
    description: 'Step size of Adam for the value networks.',
  }),
})
export type CpoSettings = z.infer<typeof cpoSettings>
