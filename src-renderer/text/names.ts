import { type MethodLook, methodLooks } from '../../src-main/contract/figures/method-looks.ts'
import type { MethodName, Phase } from '../../src-main/contract/index.ts'

export { environmentNames, phaseNames } from '../../src-main/contract/figures/method-looks.ts'

export interface MethodMark extends MethodLook {
  meaning: string
}

export const methodMarks: Record<MethodName, MethodMark> = {
  sqrl: {
    meaning: 'Safety Q-functions for RL: actions whose predicted failure is above a threshold are masked.',
    ...methodLooks.sqrl,
  },
  sac: {
    meaning: 'Soft actor-critic, which knows nothing of failure but its reward.',
    ...methodLooks.sac,
  },
  esac: {
    meaning: 'SAC with ten critics, of which a low percentile counts: where they disagree it is cautious.',
    ...methodLooks.esac,
  },
  wcpg: {
    meaning: 'Worst cases policy gradients: the policy minds the worst share of the returns, not their mean.',
    ...methodLooks.wcpg,
  },
  cpo: {
    meaning:
      'Constrained policy optimisation: on-policy steps within a trust region that keep the expected failures below a limit.',
    ...methodLooks.cpo,
  },
  rs: {
    meaning:
      'Risk-sensitive Q-learning: starts as SQRL, without a mask; predicted failure is taken off the reward.',
    ...methodLooks.rs,
  },
}

export const phaseMeanings: Record<Phase, string> = {
  pretrain: 'On the pre-training task, where failing is harmless.',
  finetune: 'On the target task, where every failure counts. Starts from a finished pre-training run.',
}
