import type { EnvironmentPreset } from './preset.ts'

/**
 * DrunkSpider as it was found to learn: batches of 64 do what 256 do at three times the speed; half of the pre-training episodes start
 * anywhere, since from the fixed start the goal is never found (dying early costs less than the time limit); half of each safety batch is
 * off-policy, since D_safe alone forgets failures once the policy is good. CPO has but 50 updates in a pre-training, so its trust region is
 * three times the usual. See docs/departures.md.
 */
export const drunkSpiderPreset: EnvironmentPreset = {
  tasks: { pretrain: {}, finetune: { goal: [6.5, 3.5] } },
  targets: [
    {
      name: 'goal-b',
      label: 'Goal B, straight ahead',
      help: 'The goal lies at (6.5, 3.5), at the end of the way between the lava.',
      task: { goal: [6.5, 3.5] },
    },
    {
      name: 'goal-b-side',
      label: 'Goal B, to the side',
      help: 'The goal lies at (6.5, 2.5), round the corner of the lava.',
      task: { goal: [6.5, 2.5] },
    },
    {
      name: 'goal-b-gaussian',
      label: 'Goal B, to the side, in Gaussian noise',
      help: 'The goal lies at (6.5, 2.5), and the actions are disturbed by Gaussian noise of 0.2 that pre-training does not know.',
      task: { goal: [6.5, 2.5], noise: 0.2, noiseKind: 'gaussian' },
    },
  ],
  settings: {
    'sac.batchSize': 64,
    'sac.targetEntropy': -1,
    'sqrl.gammaSafe': 0.65,
    'sqrl.safetyBatchSize': 64,
    'sqrl.safetyOfflineShare': 0.5,
    'sqrl.rolloutRandomStartFraction': 0.5,
    'cpo.batchSteps': 1000,
    'cpo.trustRegion': 0.03,
    'cpo.damping': 0.01,
  },
  phaseSettings: { pretrain: { 'training.randomStartFraction': 0.5 }, finetune: {} },
  budgets: {
    quick: {
      pretrainSteps: 12_000,
      finetuneSteps: 3_000,
      help: 'A few minutes: enough to see both methods learn, too little to quote.',
      checkpointEvery: 2_000,
      metricsEvery: 100,
      settings: {},
    },
    study: {
      pretrainSteps: 50_000,
      finetuneSteps: 10_000,
      help: 'What results are quoted from: the paper’s pre-training and a fine-tuning long enough to compare.',
      checkpointEvery: 10_000,
      metricsEvery: 250,
      settings: {},
    },
    paper: {
      pretrainSteps: 50_000,
      finetuneSteps: 500_000,
      help: 'Tables 1 and 2 of the paper to the letter, with SAC’s usual batches and entropy: hours. What the tables leave open stays as in the other presets.',
      checkpointEvery: 25_000,
      metricsEvery: 500,
      settings: { 'sac.batchSize': 256, 'sac.targetEntropy': -2, 'sqrl.safetyBatchSize': 256 },
    },
  },
}
