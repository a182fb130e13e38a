import { type EnvironmentPreset, safestOfBothPolicies } from './preset.ts'

/**
 * The hand turns the cube by a quarter in pre-training and by half as much again on the target. Rewards run to -10 a step and -500 for a drop, so SAC
 * learns from a tenth of them, begins with little entropy and looks 20 steps ahead: at the usual scales its critics overshoot and it does not learn. The critic looks a second
 * (10 steps) ahead, and a cube that slips is beyond saving for its last 0.3 s. The target's mask chooses among both policies' actions. See docs/departures.md.
 */
export const cubeRotatePreset: EnvironmentPreset = {
  tasks: { pretrain: {}, finetune: { goalTurn: 2.25 } },
  targets: [
    {
      name: 'eighth-turn',
      label: 'An eighth turn further',
      help: 'The cube is to be turned by 2.25 rad in place of 1.5 rad: an eighth beyond the quarter turn.',
      task: { goalTurn: 2.25 },
    },
  ],
  settings: {
    'sac.batchSize': 128,
    'sac.discount': 0.95,
    'sac.rewardScale': 0.1,
    'sac.initialTemperature': 0.1,
    'sac.randomSteps': 1_000,
    'sac.learningStarts': 1_000,
    'sqrl.gammaSafe': 0.9,
    'sqrl.rolloutEpisodes': 3,
    'sqrl.rolloutRandomStartFraction': 0.5,
    'sqrl.safetyBatchSize': 128,
    'sqrl.safetyCapacity': 20_000,
    'sqrl.safetyOfflineShare': 0.5,
    'sqrl.failureLabelSteps': 3,
  },
  phaseSettings: {
    // Drops are many while it learns to hold; a sample of them is enough to look at.
    pretrain: { 'training.randomStartFraction': 0.25, 'recording.failureFramesLimit': 100 },
    finetune: {},
  },
  budgets: {
    quick: {
      pretrainSteps: 20_000,
      finetuneSteps: 3_000,
      help: 'A few minutes for each run: it learns to turn the cube a little, too little to quote.',
      checkpointEvery: 5_000,
      metricsEvery: 250,
      settings: {},
      finetuneSettings: safestOfBothPolicies,
    },
    study: {
      pretrainSteps: 150_000,
      finetuneSteps: 30_000,
      help: 'What results are quoted from: half an hour or so of pre-training on one core, then some minutes for each run.',
      checkpointEvery: 15_000,
      metricsEvery: 1_000,
      settings: {},
      finetuneSettings: safestOfBothPolicies,
    },
    paper: {
      pretrainSteps: 1_000_000,
      finetuneSteps: 500_000,
      help: 'The lengths and the safety critic’s discount of tables 1 and 2 of the paper: hours for each run.',
      checkpointEvery: 100_000,
      metricsEvery: 2_000,
      settings: {
        'sac.batchSize': 256,
        'sac.discount': 0.99,
        'sqrl.safetyBatchSize': 256,
        'sqrl.gammaSafe': 0.7,
      },
    },
  },
}
