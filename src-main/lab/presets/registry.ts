import type { PresetDescription, TargetDescription } from '../../contract/lab.ts'
import type { EnvironmentName, Phase, PresetName } from '../../contract/transfer.ts'
import { environmentName, presetName } from '../../contract/transfer.ts'
import { cubeRotatePreset } from './cube-rotate.ts'
import { drunkSpiderPreset } from './drunk-spider.ts'
import { minitaurPreset } from './minitaur.ts'
import type { EnvironmentPreset } from './preset.ts'

const presets: Readonly<Record<EnvironmentName, EnvironmentPreset>> = {
  'drunk-spider': drunkSpiderPreset,
  minitaur: minitaurPreset,
  'cube-rotate': cubeRotatePreset,
}

export const presetDescriptions = (): PresetDescription[] =>
  environmentName.options.flatMap((environment) =>
    presetName.options.map((name) => {
      const { pretrainSteps, finetuneSteps, help } = presets[environment].budgets[name]
      return { environment, name, pretrainSteps, finetuneSteps, help }
    }),
  )

export const targetDescriptions = (): TargetDescription[] =>
  environmentName.options.flatMap((environment) =>
    presets[environment].targets.map(({ name, label, help, task }) => ({
      environment,
      name,
      label,
      help,
      targetTask: task,
    })),
  )

/** Everything a preset settles for one phase on an environment. */
export function presetFor(name: PresetName, environment: EnvironmentName, phase: Phase) {
  const { tasks, settings, phaseSettings, budgets } = presets[environment]
  const budget = budgets[name]
  return {
    steps: phase === 'pretrain' ? budget.pretrainSteps : budget.finetuneSteps,
    checkpointEvery: budget.checkpointEvery,
    metricsEvery: budget.metricsEvery,
    task: { ...tasks.pretrain, ...(phase === 'finetune' ? tasks.finetune : {}) },
    /** What the target changes of the pre-training task: it holds unless the request names it for the target. */
    ownTask: phase === 'finetune' ? tasks.finetune : {},
    settings: {
      ...settings,
      ...phaseSettings[phase],
      ...budget.settings,
      ...(phase === 'finetune' ? budget.finetuneSettings : {}),
    },
  }
}
