import { z } from 'zod'
import { methods } from '../algorithms/registry.ts'
import type { Run } from '../contract/runs.ts'
import type { MethodName, RunSpecification } from '../contract/transfer.ts'
import { environmentSizes } from '../environments/registry.ts'
import type { Store } from '../store/store.ts'
import { LabError } from './errors.ts'
import type { PlannedRun } from './experiments.ts'
import { type NetworkSizes, networkSizes } from './network-sizes.ts'

/** A run, or one of its checkpoints, that a transfer starts from instead of pre-training anew. */
export interface Source {
  runId: number
  /** Null: the last one of the finished run. */
  checkpointId: number | null
  specification: RunSpecification
}

/** A pre-training run of a plan that is in the store already. */
export interface ExistingRun {
  runId: number
  checkpointId: number | null
}

interface StartOfRequest {
  pretrained?: number | undefined
  pretrainedRun?: number | undefined
  checkpoint?: number | undefined
}

/** Key of the one pre-training run of a plan that has a source. */
export const sourceKey = 'pretrained'

/** @throws LabError where the run or checkpoint cannot be started from. */
export function findSource(store: Store, request: StartOfRequest): Source | null {
  if (request.checkpoint !== undefined) {
    const checkpoint = store.checkpoints.get(request.checkpoint)
    if (checkpoint === null)
      throw new LabError('NOT_FOUND', `There is no checkpoint ${request.checkpoint} in this lab.`)
    const source = { ...describeRun(store, checkpoint.runId), checkpointId: checkpoint.id }
    checkNetworks(store, source, checkpoint.id)
    return source
  }
  if (request.pretrainedRun === undefined) return null
  const source = describeRun(store, request.pretrainedRun)
  const state = store.runs.get(request.pretrainedRun)?.state
  if (state !== 'finished')
    throw new LabError(
      'INVALID',
      `Run ${source.runId} is ${state}, not finished. Choose a finished run, or one of this run’s checkpoints.`,
    )
  const last = store.checkpoints.getLast(source.runId)
  if (last === null) throw new LabError('INVALID', `Run ${source.runId} has no checkpoint to start from.`)
  checkNetworks(store, source, last.id)
  return source
}

/** By checkpoint; null where it does not tell. Plans are made at every key that is typed, and networks are large. */
const knownSizes = new WeakMap<Store, Map<number, NetworkSizes | null>>()

/** Networks of the others are not laid out so that their sizes could be told. */
const withTwoCritics: ReadonlySet<MethodName> = new Set(['sac', 'sqrl'])

/** @throws LabError where the networks were made for other observations or actions than their task has in this version. */
function checkNetworks(
  store: Store,
  { runId, specification: { method, task, settings } }: Pick<Source, 'runId' | 'specification'>,
  checkpointId: number,
): void {
  if (!withTwoCritics.has(method)) return
  const known = knownSizes.get(store) ?? new Map<number, NetworkSizes | null>()
  knownSizes.set(store, known)
  const sizes = known.has(checkpointId) ? known.get(checkpointId) : readSizes(store, settings, checkpointId)
  known.set(checkpointId, sizes ?? null)
  if (!sizes) return
  const { observationSize, actionSize } = environmentSizes(task)
  if (sizes.observationSize === observationSize && sizes.actionSize === actionSize) return
  throw new LabError(
    'INVALID',
    `The networks of run ${runId} take observations of ${sizes.observationSize} numbers and give actions of ${sizes.actionSize}; ${task.environment} has ${observationSize} and ${actionSize}. Start from another run, or pre-train anew.`,
  )
}

function readSizes(
  store: Store,
  settings: RunSpecification['settings'],
  checkpointId: number,
): NetworkSizes | null {
  const sac = z.object({ sac: z.object({ hiddenSizes: z.array(z.int()) }) }).safeParse(settings)
  const networks = store.checkpoints.getNetworks(checkpointId)
  return sac.success && networks !== null ? networkSizes(networks.arrays, sac.data.sac.hiddenSizes) : null
}

function describeRun(store: Store, runId: number): Source {
  const run = store.runs.get(runId)
  if (run === null) throw new LabError('NOT_FOUND', `There is no run ${runId} in this lab.`)
  if (run.specification.phase !== 'pretrain')
    throw new LabError(
      'INVALID',
      `Run ${runId} is a fine-tuning run. A transfer starts from a pre-training run.`,
    )
  return { runId, checkpointId: null, specification: run.specification }
}

/**
 * The runs in the store that stand for the plan's pre-training runs, by their keys.
 * @throws LabError where one is missing or was trained otherwise than the request asks.
 */
export function findExisting(
  store: Store,
  plan: readonly PlannedRun[],
  request: StartOfRequest,
  source: Source | null,
): Map<string, ExistingRun> {
  if (source) return new Map([[sourceKey, { runId: source.runId, checkpointId: source.checkpointId }]])
  const { pretrained } = request
  if (pretrained === undefined) return new Map()
  if (store.experiments.get(pretrained) === null)
    throw new LabError('NOT_FOUND', `There is no experiment ${pretrained}.`)
  const finished = store.runs
    .listOfExperiment(pretrained)
    .filter(({ state, specification }) => state === 'finished' && specification.phase === 'pretrain')
  return new Map(
    plan
      .filter(({ specification }) => specification.phase === 'pretrain')
      .map(({ key, specification }) => {
        const { method, seed } = specification
        const candidates = finished.filter(
          (run) => run.specification.method === method && run.specification.seed === seed,
        )
        const isLike = ({ specification: had }: Run) => firstDifference(had, specification) === null
        const match = candidates.find(isLike) ?? candidates[0]
        if (!match)
          throw new LabError(
            'INVALID',
            `Experiment ${pretrained} has no finished pre-training run of ${method} with seed ${seed}.`,
          )
        const difference = firstDifference(match.specification, specification)
        if (difference !== null)
          throw new LabError(
            'INVALID',
            `Run ${match.id} was pre-trained with another ${difference} than this transfer asks for. Ask for the same, or pre-train anew.`,
          )
        const last = store.checkpoints.getLast(match.id)
        if (last !== null)
          checkNetworks(store, { runId: match.id, specification: match.specification }, last.id)
        return [key, { runId: match.id, checkpointId: null }]
      }),
  )
}

/** What of a pre-training differs in a way that its networks would not fit or would mean something else; null: nothing. */
function firstDifference(had: RunSpecification, asked: RunSpecification): string | null {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  if (!same(had.task, asked.task)) return 'pre-training task'
  const before = sacOf(had)
  const after = sacOf(asked)
  const others = Object.keys({ ...before, ...after }).filter((name) => !same(before[name], after[name]))
  if (others.length > 0) return others.map((name) => `sac.${name}`).join(', ')
  if (!same(costsOf(had), costsOf(asked))) return 'setting of cpo'
  return same(gammaSafeOf(had), gammaSafeOf(asked)) ? null : 'sqrl.gammaSafe'
}

/** A run of an earlier version has not all of today's settings; those it does not have are as by default. */
function sacOf({ method, settings }: RunSpecification): Readonly<Record<string, unknown>> {
  const parsed = methods[method].settings.safeParse(settings)
  const known = z
    .object({ sac: z.record(z.string(), z.unknown()) })
    .safeParse(parsed.success ? parsed.data : settings)
  return known.success ? known.data.sac : {}
}

/** Of CPO all but the limit, which fine-tuning may have its own of. */
function costsOf({ settings: { cpo } }: RunSpecification): unknown {
  if (typeof cpo !== 'object' || cpo === null || !('epsilonSafe' in cpo)) return null
  const { epsilonSafe, ...rest } = cpo
  return rest
}

function gammaSafeOf({ settings }: RunSpecification): unknown {
  const { sqrl } = settings
  return typeof sqrl === 'object' && sqrl !== null && 'gammaSafe' in sqrl ? sqrl.gammaSafe : null
}
