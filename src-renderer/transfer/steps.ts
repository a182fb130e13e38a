import type { TransferProblem, TransferStep } from '../../src-main/contract/index.ts'

export const steps: readonly { step: TransferStep; title: string }[] = [
  { step: 'pretraining', title: 'Pre-training' },
  { step: 'target', title: 'Target task' },
  { step: 'methods', title: 'Methods and seeds' },
  { step: 'safety', title: 'Safety and settings' },
  { step: 'budget', title: 'Budget' },
  { step: 'review', title: 'Review' },
]

const stepOfEntry: Readonly<Record<string, TransferStep>> = {
  environment: 'pretraining',
  pretrained: 'pretraining',
  pretrainedRun: 'pretraining',
  checkpoint: 'pretraining',
  pretrainTask: 'pretraining',
  targetTask: 'target',
  methods: 'methods',
  seeds: 'methods',
  settings: 'safety',
  preset: 'budget',
  pretrainSteps: 'budget',
  finetuneSteps: 'budget',
}

/** The step whose fields a problem is about. */
export function stepOf({ path }: TransferProblem): TransferStep {
  return stepOfEntry[String(path[0] ?? '')] ?? 'review'
}

export function isStep(value: unknown): value is TransferStep {
  return steps.some(({ step }) => step === value)
}

/** Messages about one entry, such as `targetTask` and `noise`; about anything in it, where it has parts. */
export function problemOf(problems: readonly TransferProblem[], ...entry: string[]): string | null {
  const found = problems.find(({ path }) => entry.every((part, index) => String(path[index]) === part))
  return found?.message ?? null
}
