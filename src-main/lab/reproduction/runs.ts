import { methods } from '../../algorithms/registry.ts'
import type { Run } from '../../contract/runs.ts'
import type { MethodName, Phase, RunSpecification, TransferRequest } from '../../contract/transfer.ts'
import { environmentParameters } from '../../environments/registry.ts'
import type { Store } from '../../store/store.ts'
import type { PlannedRun } from '../experiments.ts'
import { planTransfer } from '../transfer.ts'
import { type FigureName, figures, type Variant } from './claims.ts'
import { type ReproductionRequest, type TargetTask, transferOf } from './request.ts'

/** A transfer whose runs figures need, and of which phases. */
export interface WantedTransfer {
  request: TransferRequest
  phases: ReadonlySet<Phase>
}

/** A run that is needed, and the one in the lab that is like it. */
export interface NeededRun {
  /** The same wherever one run will do. */
  likeness: string
  planned: PlannedRun
  run: Run | null
  /** The one in the lab that a fine-tuning starts from. */
  pretraining: Run | null
}

/** SQRL is in every comparison. */
export function methodsOf(
  { methods: asked }: Pick<ReproductionRequest, 'methods'>,
  variant: Variant,
): MethodName[] {
  const all = asked.includes('sqrl') ? asked : (['sqrl', ...asked] as const)
  return variant.methods === 'all' ? [...all] : all.filter((method) => variant.methods.includes(method))
}

/** A figure may be of a task of its own. Pre-training knows nothing of targets: the first of an environment stands for all. */
export function targetsOf({ targets }: ReproductionRequest, figure: FigureName): TargetTask[] {
  const { ownTarget, phase } = figures[figure]
  if (ownTarget) return [ownTarget]
  if (phase === 'finetune') return [...targets]
  return targets.filter(
    ({ environment }, index) => targets.findIndex((other) => other.environment === environment) === index,
  )
}

/** Every transfer once, whichever figures need it. */
export function wantedTransfers(request: ReproductionRequest): WantedTransfer[] {
  const wanted = new Map<string, { request: TransferRequest; phases: Set<Phase> }>()
  for (const name of request.figures) {
    const { variants, phase } = figures[name]
    for (const target of targetsOf(request, name))
      for (const variant of variants) {
        const asked = methodsOf(request, variant)
        const transfer = transferOf(request, target, asked, variant.settings, variant.name)
        const key = JSON.stringify(transfer)
        const known = wanted.get(key) ?? { request: transfer, phases: new Set<Phase>() }
        known.phases.add(phase)
        wanted.set(key, known)
      }
  }
  return [...wanted.values()]
}

/** The same for runs that train the same; how closely they are recorded changes nothing. Settings that came later are as by default. */
function likeness(specification: RunSpecification): string {
  const known = likenesses.get(specification) ?? writeLikeness(specification)
  likenesses.set(specification, known)
  return known
}

/** Every transfer that is looked for asks it of all runs of the lab. */
const likenesses = new WeakMap<RunSpecification, string>()

function writeLikeness({ method, phase, seed, task, steps, settings }: RunSpecification): string {
  const all = methods[method].settings.safeParse(settings)
  const parameters = environmentParameters(task.environment).safeParse(task.parameters)
  return JSON.stringify([
    method,
    phase,
    seed,
    task.environment,
    parameters.success ? parameters.data : task.parameters,
    steps,
    all.success ? all.data : settings,
  ])
}

/** All runs but those that were started from the middle of a pre-training. */
export function comparableRuns(store: Store): Run[] {
  const runs = store.runs.list()
  const steps = new Map(runs.map(({ id, specification }) => [id, specification.steps]))
  return runs.filter(({ pretrainRunId, pretrainCheckpointId }) => {
    if (pretrainRunId === null || pretrainCheckpointId === null) return true
    return store.checkpoints.get(pretrainCheckpointId)?.step === steps.get(pretrainRunId)
  })
}

/** The runs of a transfer beside those of the lab that are like them, finished ones before others. */
export function survey({ request, phases }: WantedTransfer, runs: readonly Run[]): NeededRun[] {
  const plan = planTransfer(request)
  const specifications = new Map(plan.map(({ key, specification }) => [key, specification]))
  const byId = new Map(runs.map((run) => [run.id, run]))
  const byLikeness = Map.groupBy(runs, ({ specification }) => likeness(specification))
  const best = (candidates: readonly Run[]): Run | null =>
    candidates.find(({ state }) => state === 'finished') ??
    candidates.toSorted((a, b) => b.step - a.step)[0] ??
    null
  return plan.flatMap(({ key, startsFrom, specification }): NeededRun[] => {
    if (!phases.has(specification.phase)) return []
    const own = likeness(specification)
    const alike = byLikeness.get(own) ?? []
    const planned = { key, startsFrom, specification }
    const first = startsFrom === null ? undefined : specifications.get(startsFrom)
    if (!first) return [{ likeness: own, planned, run: best(alike), pretraining: null }]
    const firstLikeness = likeness(first)
    const fromLike = alike.filter(({ pretrainRunId }) => {
      const before = pretrainRunId === null ? undefined : byId.get(pretrainRunId)
      return before && likeness(before.specification) === firstLikeness
    })
    const pretraining = best(byLikeness.get(firstLikeness) ?? [])
    return [{ likeness: own + firstLikeness, planned, run: best(fromLike), pretraining }]
  })
}
