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

const isOf = ({ path }: TransferProblem, entry: readonly string[]) =>
  entry.every((part, index) => String(path[index]) === part)

/** Messages about one entry, such as `targetTask` and `noise`; about anything in it, where it has parts. */
export function problemOf(problems: readonly TransferProblem[], ...entry: string[]): string | null {
  return problems.find((problem) => isOf(problem, entry))?.message ?? null
}

export interface RangeProblem {
  /** Of both ends. */
  text: string | null
  wrongEnds: readonly boolean[]
}

/** What is wrong with a range, and with which of its ends. */
export function rangeProblemOf(problems: readonly TransferProblem[], ...entry: string[]): RangeProblem {
  const found = problems.filter((problem) => isOf(problem, entry))
  const ofEnd = [0, 1].map((end) => found.find(({ path }) => path[entry.length] === end)?.message ?? null)
  const whole = found.find(({ path }) => typeof path[entry.length] !== 'number')?.message ?? null
  const [lower, upper] = ofEnd
  const texts = [...(lower ? [`Lower end: ${lower}`] : []), ...(upper ? [`Upper end: ${upper}`] : [])]
  return {
    text: texts.length > 0 ? texts.join(' ') : whole,
    wrongEnds: ofEnd.map((message) => message !== null || (texts.length === 0 && whole !== null)),
  }
}
