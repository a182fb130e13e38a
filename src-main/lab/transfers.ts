import type { z } from 'zod'
import type { TransferRequest } from '../contract/transfer.ts'
import type {
  DryRunProgress,
  dryRunRequest,
  ExpectedWidth,
  ThresholdProgress,
  thresholdRequest,
} from '../contract/transfer-measurements.ts'
import type {
  Compatibility,
  PlanQuery,
  TransferPlan,
  TransferProblem,
  UncheckedRequest,
} from '../contract/transfer-plan.ts'
import { compatibilityOf } from './compatibility.ts'
import type { LabContext } from './context.ts'
import { estimateBytes, freeBytesOf } from './disk-space.ts'
import { rehearse } from './dry-run.ts'
import { LabError } from './errors.ts'
import { expectWidth } from './expected-width.ts'
import type { PlannedRun } from './experiments.ts'
import { watching } from './feed.ts'
import { differencesBetween } from './plan-differences.ts'
import { type ExistingRun, findExisting, findSource, type Source } from './pretraining.ts'
import { defaultsOf } from './request-defaults.ts'
import { probeThresholds } from './threshold-calibration.ts'
import { type CheckedTransfer, checkTransfer, planTransfer, type Request } from './transfer.ts'
import { transferCommand } from './transfer-command.ts'

/** What a transfer would be, before anything of it is written. */
export function transferCases({ store, supervisor, startWorker, closing }: LabContext) {
  const sourceOf = (request: Request): Source | null => findSource(store, request)

  const existingOf = (
    { plan, request }: CheckedTransfer,
    problems: TransferProblem[],
  ): Map<string, ExistingRun> => {
    if (!request || plan.length === 0) return new Map()
    try {
      return findExisting(store, plan, request, sourceOf(request))
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      problems.push({ path: ['pretrained'], message: error.message, sentence: error.message })
      return new Map()
    }
  }

  return {
    plan({ request: input, parent }: PlanQuery): TransferPlan {
      const checked = checkTransfer(input, sourceOf)
      const { request, plan, tasks, sweep } = checked
      const problems = [...checked.problems]
      const existing = existingOf(checked, problems)
      const fresh = plan.filter(({ key }) => !existing.has(key))
      const isGood = problems.length === 0 && request !== null
      return {
        problems,
        request: isGood ? request : null,
        runs: plan.map(({ key, specification: { method, phase, seed, steps } }) => ({
          method,
          phase,
          seed,
          steps,
          existingRunId: existing.get(key)?.runId ?? null,
        })),
        tasks,
        sweep,
        defaults: defaultsOf(input, sourceOf),
        differences: isGood ? differencesBetween(presetPlan(request, sourceOf(request)), fresh) : [],
        parentDifferences: isGood && parent ? fromParent(parent, request, plan) : [],
        compatibility: isGood ? compatibilities(plan) : [],
        command: isGood ? transferCommand(request, store.folder) : null,
        bytes: estimateBytes(fresh),
        freeBytes: freeBytesOf(store.folder),
      }
    },

    /** Trains each method and phase for a few seconds, apart from the lab; ends at once when the caller leaves. */
    dryRun({ request: input, secondsEach }: z.output<typeof dryRunRequest>, signal?: AbortSignal) {
      const checked = checkTransfer(input, sourceOf)
      const problems = [...checked.problems]
      const existing = existingOf(checked, problems)
      if (problems[0]) throw new LabError('INVALID', problems[0].sentence)
      const trainingBeside = store.runs.listUnfinished().filter(({ state }) => state === 'running').length
      const plan = checked.plan.filter(({ key }) => !existing.has(key))
      const { slots } = supervisor
      return watching<DryRunProgress>([signal, closing], (ended) =>
        rehearse({ plan, slots, secondsEach, trainingBeside, startWorker }, ended),
      )
    },

    expectedWidth(input: UncheckedRequest): ExpectedWidth[] {
      const { plan } = checkTransfer(input, sourceOf)
      const runs = store.runs.list()
      const fineTuning = plan.filter(({ specification }) => specification.phase === 'finetune')
      const byMethod = new Map(fineTuning.map(({ specification }) => [specification.method, specification]))
      return [...byMethod.values()].map(({ method, steps, task }) =>
        expectWidth(
          method,
          steps,
          task,
          runs
            .filter(
              ({ state, specification: had }) =>
                state === 'finished' &&
                had.phase === 'finetune' &&
                had.method === method &&
                had.task.environment === task.environment,
            )
            .map(({ experimentId, step, episodes, failures }) => ({
              experimentId,
              steps: step,
              episodes,
              failures,
            })),
        ),
      )
    },

    /** What thresholds would have refused of what a pre-trained policy does by itself, by its own safety critic. */
    thresholds({ runId, checkpointId }: z.output<typeof thresholdRequest>, signal?: AbortSignal) {
      const run = store.runs.get(runId)
      if (run === null) throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
      const id = checkpointId ?? store.checkpoints.getLast(runId)?.id
      const networks = id === undefined ? null : store.checkpoints.getNetworks(id)
      if (networks === null) throw new LabError('NOT_FOUND', `Run ${runId} has no such checkpoint.`)
      if (!('safetyCritic' in networks.arrays))
        throw new LabError('INVALID', `Run ${runId} has no safety critic, so there is nothing to calibrate.`)
      const { task, settings } = run.specification
      return watching<ThresholdProgress>([signal, closing], (ended) =>
        probeThresholds({ task, settings, networks }, ended),
      )
    },
  }

  function fromParent(parent: TransferRequest, request: Request, plan: readonly PlannedRun[]) {
    const { request: old, plan: oldPlan } = checkTransfer(parent, sourceOf)
    const names = [
      'methods',
      'seeds',
      'preset',
      'pretrained',
      'pretrainedRun',
      'checkpoint',
      'draws',
    ] as const
    const entries = names.flatMap((name) => {
      const before = old?.[name] ?? null
      const after = request[name] ?? null
      if (JSON.stringify(before) === JSON.stringify(after)) return []
      return [{ where: 'request' as const, name, phase: null, before, after }]
    })
    return [...entries, ...differencesBetween(oldPlan, plan)]
  }
}

/** The same transfer with nothing changed: as the preset has it, or the run that is started from. */
function presetPlan({ environment, methods, preset }: Request, source: Source | null): PlannedRun[] {
  const plain = { environment, methods, preset, seeds: [0] }
  return planTransfer(source ? { ...plain, pretrainedRun: source.runId } : plain, source)
}

/** One for each method: seeds do not matter to it. */
function compatibilities(plan: readonly PlannedRun[]): Compatibility[] {
  const byKey = new Map(plan.map((run) => [run.key, run.specification]))
  const seen = new Set<string>()
  return plan.flatMap(({ startsFrom, specification }) => {
    const first = startsFrom === null ? undefined : byKey.get(startsFrom)
    if (!first || seen.has(specification.method)) return []
    seen.add(specification.method)
    const { method, findings, parts } = compatibilityOf(specification.method, first, specification)
    return [{ method, findings: findings.map(({ path, ...finding }) => finding), parts }]
  })
}
