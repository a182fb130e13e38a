import { type EnvironmentPreset, safestOfBothPolicies } from './preset.ts'

/** The pre-training task, as far as a target changes it. */
const usual = { goalVelocity: 0.3, footFriction: [1, 1], baseMassFactor: [1, 1], legMassFactor: [1, 1] }

/** Fine-tuning begins with the transitions of the pre-training, without which every method falls apart at its first updates. */
const helped = {
  'sac.keptTransitions': 300_000,
  'sac.learningStarts': 1_000,
  ...safestOfBothPolicies,
} as const

/**
 * The Minitaur walks 0.3 m/s in pre-training and is asked for 0.4 m/s on the target. Its critic looks 33 steps ahead (two thirds of a second): a fall begins
 * that long before it ends. The steps just before a fall count as failures too, and rounds of safety rollouts are short, since an episode can last 500 steps.
 * See docs/departures.md.
 */
export const minitaurPreset: EnvironmentPreset = {
  tasks: { pretrain: {}, finetune: { goalVelocity: 0.4 } },
  targets: [
    {
      name: 'velocity',
      label: 'Faster',
      help: 'It is asked for 0.4 m/s in place of 0.3 m/s.',
      task: { ...usual, goalVelocity: 0.4 },
    },
    {
      name: 'friction',
      label: 'Sticky ground',
      help: 'The friction of its feet is 1.25 in place of 1.',
      task: { ...usual, footFriction: [1.25, 1.25] },
    },
    {
      name: 'physics',
      label: 'Another body each time',
      help: 'Drawn for each episode: the friction of its feet from 0.5 to 1.25, the masses of body and legs from 0.8 to 1.2 of the usual.',
      task: { ...usual, footFriction: [0.5, 1.25], baseMassFactor: [0.8, 1.2], legMassFactor: [0.8, 1.2] },
    },
  ],
  settings: {
    'sqrl.gammaSafe': 0.97,
    'sqrl.rolloutEpisodes': 2,
    'sqrl.rolloutRandomStartFraction': 0.5,
    'sqrl.safetyCapacity': 50_000,
    'sqrl.safetyOfflineShare': 0.5,
    'sqrl.failureLabelSteps': 4,
    'sqrl.candidateChoice': 'first',
  },
  phaseSettings: {
    // Falls are many while it learns to walk; a sample of them is enough to look at.
    pretrain: { 'training.randomStartFraction': 0.25, 'recording.failureFramesLimit': 100 },
    finetune: {},
  },
  budgets: {
    quick: {
      pretrainSteps: 30_000,
      finetuneSteps: 5_000,
      help: 'Some ten minutes for each run: it learns to stand and to stumble forward, too little to quote.',
      checkpointEvery: 5_000,
      metricsEvery: 250,
      settings: {},
      finetuneSettings: helped,
    },
    study: {
      pretrainSteps: 300_000,
      finetuneSteps: 50_000,
      help: 'What results are quoted from: about an hour and a half of pre-training on one core, then a quarter of an hour for each run.',
      checkpointEvery: 25_000,
      metricsEvery: 1_000,
      settings: {},
      finetuneSettings: helped,
    },
    paper: {
      pretrainSteps: 500_000,
      finetuneSteps: 500_000,
      help: 'The lengths of tables 1 and 2 of the paper, and its mask: hours for each run.',
      checkpointEvery: 50_000,
      metricsEvery: 1_000,
      settings: {},
    },
  },
}
