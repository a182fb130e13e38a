import type {
  MethodName,
  PlanDifference,
  RequestDefaults,
  TargetDescription,
} from '../../src-main/contract/index.ts'
import { formatValue } from '../runs/settings.ts'
import { environmentNames, methodMarks, phaseNames } from '../text/names.ts'
import { formatCount, formatRate } from '../text/numbers.ts'
import { type FormRequest, type FormValues, formatSeeds } from './request.ts'
import { chosenThreshold, keyOf, limitName } from './threshold.ts'

const labels: Readonly<Record<string, string>> = {
  pretrainSteps: 'Pre-training steps',
  finetuneSteps: 'Fine-tuning steps',
  pretrained: 'Started from experiment',
  pretrainedRun: 'Started from run',
  checkpoint: 'Started from checkpoint',
}

/** `randomStartFraction` as words, as a label. */
export function labelOf(name: string): string {
  const known = labels[name]
  if (known !== undefined) return known
  const bare = name.slice(name.lastIndexOf('.') + 1)
  const words = bare.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const isMethod = (name: string): name is MethodName => name in methodMarks
export const methodLabel = (name: string): string => (isMethod(name) ? methodMarks[name].label : name)

export function environmentLabel(name: string): string {
  return Object.entries(environmentNames).find(([key]) => key === name)?.[1] ?? name
}

/** One line for each step about what was chosen there. */
export function summaries(
  form: FormRequest,
  defaults: RequestDefaults | null,
  runs: number,
  targets: readonly TargetDescription[] = [],
) {
  const { start, pretrainTask, targetTask, settings } = form
  const starts = {
    new: `${environmentLabel(form.environment)}, anew`,
    pretrained: `Runs of experiment ${start.id ?? '…'}`,
    pretrainedRun: `Run ${start.id ?? '…'}`,
    checkpoint: `Checkpoint ${start.id ?? '…'}`,
  }
  const changes = Object.keys(targetTask).length
  const named = targets.find(
    (target) => JSON.stringify(inOrder(target.targetTask)) === JSON.stringify(inOrder(targetTask)),
  )
  const seeds = Array.isArray(form.seeds) ? form.seeds.length : 0
  const isDone = start.kind !== 'new'
  const lengths = [
    ...(isDone ? [] : [form.pretrainSteps ?? defaults?.pretrainSteps]),
    form.finetuneSteps ?? defaults?.finetuneSteps,
  ].map((steps) => (typeof steps === 'number' ? formatCount(steps) : '…'))
  return {
    pretraining: `${starts[start.kind]}${count(Object.keys(pretrainTask).length, 'change')}`,
    target: changes === 0 ? 'As the preset has it' : (named?.label ?? changedNames(targetTask)),
    methods: `${form.methods.map(methodLabel).join(', ')}, ${seeds === 1 ? '1 seed' : `${seeds} seeds`} (${formatSeeds(form.seeds)})`,
    safety: `${safetyWords(form, defaults)}${count(Object.keys(settings).length, 'change')}`,
    budget: `${form.preset}, ${lengths.join(' + ')}`,
    review: runs === 0 ? '' : runs === 1 ? '1 new run' : `${formatCount(runs)} new runs`,
  }
}

function changedNames(values: object): string {
  return Object.entries(values)
    .map(([name, value]) =>
      name === 'map' ? 'another map' : `${labelOf(name).toLowerCase()} ${formatValue(value)}`,
    )
    .join(', ')
}

const inOrder = (values: object) => Object.entries(values).toSorted(([a], [b]) => a.localeCompare(b))

const count = (changes: number, word: string) =>
  changes === 0 ? '' : `, ${changes} ${word}${changes === 1 ? '' : 's'}`

/** The threshold, or where CPO alone is chosen its limit. */
function safetyWords({ methods, settings }: FormRequest, defaults: RequestDefaults | null): string {
  if (methods.length === 0 || methods.some((method) => method !== 'cpo'))
    return thresholdWords(settings, defaults)
  const limit =
    settings[`finetune.${limitName}`] ?? settings[limitName] ?? defaults?.settings[limitName]?.finetune
  return `limit d ${formatValue(limit ?? null)}`
}

function thresholdWords(settings: FormValues, defaults: RequestDefaults | null): string {
  const { form, value } = chosenThreshold(settings, defaults)
  const shown = value ?? settings[keyOf(settings, form)] ?? null
  if (form === 'probability') return `ε_safe ${formatValue(shown)}`
  return `${typeof shown === 'number' ? formatRate(shown) : formatValue(shown)} false alarms`
}

export function differencePlace({ where, phase }: PlanDifference): string {
  if (where === 'pretrainTask') return 'Pre-training task'
  if (where === 'targetTask') return 'Target task'
  if (where === 'steps') return 'Budget'
  if (where === 'request') return 'Request'
  return phase === null ? 'Settings' : `Settings, ${phaseNames[phase].toLowerCase()}`
}
