import type { Phase, PresetName, SettingValue } from '../../contract/transfer.ts'

export type Values = Readonly<Record<string, SettingValue>>

/** How long and how closely one environment is trained under one preset; its settings win over the environment's. */
export interface Budget {
  pretrainSteps: number
  finetuneSteps: number
  help: string
  checkpointEvery: number
  metricsEvery: number
  settings: Values
  /** Of fine-tuning alone. */
  finetuneSettings?: Values
}

/**
 * A mask for the fine-tuning of a robot: the safest of many actions of the policy as it is and as it was pre-trained. Q_safe speaks of the latter, and a few
 * actions of one policy are too much alike for one of them to be safer. See docs/departures.md.
 */
export const safestOfBothPolicies = {
  'sqrl.falseAlarmRate': 0.05,
  'sqrl.candidates': 250,
  'sqrl.candidateChoice': 'safest',
  'sqrl.fallback': 'alongside',
} as const satisfies Values

/** A target task of the paper. */
export interface Target {
  name: string
  label: string
  help: string
  /** Every parameter that one of the environment's targets changes, so that one leaves nothing of another behind. */
  task: Values
}

/** What an environment settles before the user changes anything. Settings go by their dotted names. */
export interface EnvironmentPreset {
  /** The target task holds what it changes of the pre-training task. */
  tasks: Readonly<Record<Phase, Values>>
  targets: readonly Target[]
  settings: Values
  phaseSettings: Readonly<Record<Phase, Values>>
  budgets: Readonly<Record<PresetName, Budget>>
}
