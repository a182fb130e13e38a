import {
  type EnvironmentName,
  environmentName,
  type MethodName,
  type TransferRequest,
} from '../../contract/transfer.ts'
import { LabError } from '../errors.ts'
import type { Values } from '../presets/preset.ts'
import { presetDescriptions, targetDescriptions } from '../presets/registry.ts'
import { type FigureName, figureNames, figures } from './claims.ts'

/** A target task of the paper on which figures are reproduced. */
export interface TargetTask {
  /** Such as `drunk-spider-goal-b`. */
  name: string
  label: string
  environment: EnvironmentName
  task: Values
  /** Where pre-training is on another task than usual. */
  pretrainTask?: Values
  /** Fine-tuning as a multiple of the study's. */
  finetuneStretch?: number
}

export interface ReproductionRequest {
  figures: readonly FigureName[]
  targets: readonly TargetTask[]
  methods: readonly MethodName[]
  /** Runs of each method and target, with the seeds from 0 on. */
  seeds: number
  /** `paper`, or a share of the lengths of the preset `study`. */
  budget: 'paper' | number
}

/**
 * @param targets as they are asked for.
 * @throws LabError for a figure that is not in the paper, or is of another environment.
 */
export function parseFigures(word: string, targets: readonly TargetTask[]): FigureName[] {
  const isAsked = (figure: FigureName) => {
    const { ownTarget } = figures[figure]
    return !ownTarget || targets.some(({ environment }) => environment === ownTarget.environment)
  }
  if (word === 'all') return figureNames.filter(isAsked)
  const name = figureNames.find((figure) => figure === word)
  if (name && !isAsked(name))
    throw new LabError(
      'INVALID',
      `${name} is shown on ${figures[name].ownTarget?.environment} alone: name it with --environments.`,
    )
  if (name) return [name]
  throw new LabError('INVALID', `reproduce takes ${figureNames.join(', ')} or all, not "${word}".`)
}

/** An environment's name stands for all its target tasks; `minitaur-velocity` is one of them. */
export function parseTargets(words: readonly string[]): TargetTask[] {
  const all = targetDescriptions().map(
    ({ environment, name, label, targetTask }): TargetTask => ({
      name: `${environment}-${name}`,
      label,
      environment,
      task: targetTask,
    }),
  )
  return words.flatMap((word) => {
    const meant = all.filter(({ name, environment }) => name === word || environment === word)
    if (meant.length > 0) return meant
    throw new LabError(
      'INVALID',
      `--environments takes ${[...environmentName.options, ...all.map(({ name }) => name)].join(', ')}, not "${word}".`,
    )
  })
}

export function parseBudget(text: string): 'paper' | number {
  if (text === 'paper') return text
  const share = Number(text)
  if (share > 0 && share <= 100) return share
  throw new LabError(
    'INVALID',
    `--budget takes paper, or a share of the study's lengths such as 0.1, not "${text}".`,
  )
}

/** What one target and one choice of settings ask of the lab: a transfer like any other. */
export function transferOf(
  { budget, seeds }: Pick<ReproductionRequest, 'budget' | 'seeds'>,
  { environment, name, task, pretrainTask, finetuneStretch = 1 }: TargetTask,
  methods: readonly MethodName[],
  settings: Values,
  title: string,
): TransferRequest {
  return {
    name: `Reproduction, ${name}${title === '' ? '' : `, ${title}`}`,
    environment,
    methods: [...methods],
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    targetTask: { ...task },
    ...(pretrainTask ? { pretrainTask: { ...pretrainTask } } : {}),
    settings: { ...settings },
    ...lengths(budget, environment, finetuneStretch),
  }
}

function lengths(
  budget: 'paper' | number,
  environment: EnvironmentName,
  finetuneStretch: number,
): Pick<TransferRequest, 'preset' | 'pretrainSteps' | 'finetuneSteps'> {
  if (budget === 'paper') return { preset: 'paper' }
  const study = presetDescriptions().find(
    (preset) => preset.environment === environment && preset.name === 'study',
  )
  if (!study) throw new Error(`There is no study of ${environment}.`)
  const scaled = (steps: number) => Math.max(1, Math.round(steps * budget))
  return {
    preset: 'study',
    pretrainSteps: scaled(study.pretrainSteps),
    finetuneSteps: scaled(study.finetuneSteps * finetuneStretch),
  }
}
