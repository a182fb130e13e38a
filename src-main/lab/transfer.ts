import type { z } from 'zod'
import {
  type Phase,
  type RunSpecification,
  type Task,
  type TransferRequest,
  transferRequest,
} from '../contract/transfer.ts'
import type { SweepSummary, TransferProblem } from '../contract/transfer-plan.ts'
import { LabError } from './errors.ts'
import type { PlannedRun } from './experiments.ts'
import { type Source, sourceKey } from './pretraining.ts'
import { Problems, plainPath } from './problems.ts'
import { spreadOut } from './sweeps.ts'
import { type Combination, Planner } from './transfer-planner.ts'

export type Request = z.output<typeof transferRequest>

export interface CheckedTransfer {
  problems: TransferProblem[]
  /** Null while there are problems with the request itself. */
  request: Request | null
  /** Empty while there are problems. */
  plan: PlannedRun[]
  /** Of the first combination. */
  tasks: Readonly<Record<Phase, Task | null>>
  /** Null where every setting has one value. */
  sweep: SweepSummary | null
}

/**
 * The runs of a transfer: for each method and seed a pre-training run (of its own, or of the method that it starts from) and the fine-tuning run
 * that starts from it, or the fine-tuning runs alone where they start from one source; in a sweep, these for each combination of values. Runs that would be alike are one run, so that
 * combinations which ask for the same pre-training share it. Nothing is written.
 * @throws LabError `INVALID` naming what is wrong in the request.
 */
export function planTransfer(input: TransferRequest, source: Source | null = null): PlannedRun[] {
  const { problems, plan } = checkTransfer(input, () => source)
  if (problems[0]) throw new LabError('INVALID', problems[0].sentence)
  return plan
}

/**
 * Everything that is wrong with a request, and its plan where nothing is.
 * @param findSource may throw a LabError, which becomes a problem.
 */
export function checkTransfer(
  input: unknown,
  findSource: (request: Request) => Source | null,
): CheckedTransfer {
  const parsed = transferRequest.safeParse(input)
  const problems = new Problems()
  const nothing = { plan: [], tasks: { pretrain: null, finetune: null }, sweep: null }
  if (!parsed.success) {
    problems.addIssues('request', parsed.error.issues, plainPath)
    return { problems: problems.list, request: null, ...nothing }
  }
  const request = parsed.data
  try {
    const source = findSource(request)
    const { requests, summary } = spreadOut(request, problems)
    const planners = requests.map((settled) => new Planner(settled, source, problems))
    const combinations = planners.map((planner) => planner.run())
    const tasks = combinations[0]?.tasks ?? nothing.tasks
    const plan = problems.none ? planRuns(request, source, combinations) : []
    return { problems: problems.list, request, plan, tasks, sweep: problems.none ? summary : null }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    const path = request.checkpoint === undefined ? 'pretrainedRun' : 'checkpoint'
    problems.add({ path: [path], message: error.message, sentence: error.message })
    return { problems: problems.list, request, ...nothing }
  }
}

/** The runs of all combinations, seed by seed, each of them once and behind the one that it starts from. */
function planRuns(
  request: Request,
  source: Source | null,
  combinations: readonly Combination[],
): PlannedRun[] {
  const plan = new Map<string, PlannedRun>()
  const variants = new Map<string, string>()
  const counts = new Map<string, number>()
  /** The same for specifications that are alike, and for no others. */
  const keyOf = (specification: RunSpecification, startsFrom: string): string => {
    const { method, phase } = specification
    const text = JSON.stringify([specification, startsFrom])
    const known = variants.get(text)
    if (known !== undefined) return known
    const number = (counts.get(`${method} ${phase}`) ?? 0) + 1
    counts.set(`${method} ${phase}`, number)
    const key = number === 1 ? phase : `${phase} ${number}`
    variants.set(text, key)
    return key
  }
  const add = (run: PlannedRun): void => void (plan.has(run.key) || plan.set(run.key, run))
  if (source) add({ key: sourceKey, startsFrom: null, specification: source.specification })
  for (const seed of new Set(request.seeds))
    for (const { methods } of combinations)
      for (const { first, second } of methods) {
        const { method } = second
        const variant = source ? sourceKey : keyOf(first, '')
        const startsFrom = source ? sourceKey : `${first.method} ${seed} ${variant}`
        if (!source) add({ key: startsFrom, startsFrom: null, specification: { ...first, seed } })
        const key = `${method} ${seed} ${keyOf(second, variant)}`
        add({ key, startsFrom, specification: { ...second, seed } })
      }
  return [...plan.values()]
}
