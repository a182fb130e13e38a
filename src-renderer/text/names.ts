import type { EnvironmentName, MethodName, Phase } from '../../src-main/contract/index.ts'

/** How a method is told apart everywhere: by colour, by dash and by marker. */
export interface MethodMark {
  label: string
  meaning: string
  colour: string
  dash: number[]
  marker: 'circle' | 'square'
}

export const methodMarks: Record<MethodName, MethodMark> = {
  sqrl: {
    label: 'SQRL',
    meaning: 'Safety Q-functions for RL: actions whose predicted failure is above a threshold are masked.',
    colour: 'var(--method-sqrl)',
    dash: [],
    marker: 'circle',
  },
  sac: {
    label: 'SAC',
    meaning: 'Soft actor-critic, which knows nothing of failure but its reward.',
    colour: 'var(--method-sac)',
    dash: [7, 3],
    marker: 'square',
  },
}

export const phaseNames: Record<Phase, string> = { pretrain: 'Pre-training', finetune: 'Fine-tuning' }

export const phaseMeanings: Record<Phase, string> = {
  pretrain: 'On the pre-training task, where failing is harmless.',
  finetune: 'On the target task, where every failure counts. Starts from a finished pre-training run.',
}

export const environmentNames: Record<EnvironmentName, string> = {
  'drunk-spider': 'DrunkSpider',
  minitaur: 'Minitaur',
  'cube-rotate': 'CubeRotate',
}
