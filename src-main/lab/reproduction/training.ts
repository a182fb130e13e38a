import type { RunState } from '../../contract/runs.ts'
import type { MethodName, TransferRequest } from '../../contract/transfer.ts'
import type { Store } from '../../store/store.ts'
import type { experimentCases } from '../experiments.ts'
import { findExisting } from '../pretraining.ts'
import { planTransfer } from '../transfer.ts'
import type { ReproductionRequest } from './request.ts'
import { comparableRuns, type NeededRun, survey, wantedTransfers } from './runs.ts'

/** What a user, a crash or an error ended before its time. */
const resumable: readonly RunState[] = ['paused', 'stopped', 'interrupted', 'failed']

export interface Standing {
  needed: number
  finished: number
  /** Needed runs that are in the lab and not finished, and what they start from. */
  unfinishedIds: number[]
}

type Start = ReturnType<typeof experimentCases>['start']

const needsOf = (
  store: Store,
  request: ReproductionRequest,
): { wanted: TransferRequest; needs: NeededRun[] }[] => {
  const runs = comparableRuns(store)
  return wantedTransfers(request).map((wanted) => ({ wanted: wanted.request, needs: survey(wanted, runs) }))
}

export const standingOf = (store: Store, request: ReproductionRequest): Standing =>
  countNeeds(needsOf(store, request).flatMap(({ needs }) => needs))

/** A run that several figures need counts once. */
export function countNeeds(needs: readonly NeededRun[]): Standing {
  const countOf = (some: readonly NeededRun[]) => new Set(some.map(({ likeness }) => likeness)).size
  const open = needs.filter(({ run }) => run?.state !== 'finished')
  const unfinishedIds = open
    .flatMap(({ run, pretraining }) => [run, pretraining])
    .flatMap((run) => (run !== null && run.state !== 'finished' ? [run.id] : []))
  const needed = countOf(needs)
  return { needed, finished: needed - countOf(open), unfinishedIds: [...new Set(unfinishedIds)] }
}

/**
 * Queues what can be trained now of what is missing: runs that were left unfinished go on, others start from pre-trainings that are like the ones asked
 * for. A fine-tuning whose pre-training is still under way waits for the next call.
 * @param resumed runs that were resumed before; none is resumed twice, and those of this call are added.
 */
export function advance(
  store: Store,
  request: ReproductionRequest,
  lab: { start: Start; resume: (id: number) => void },
  resumed: Set<number>,
): Standing {
  // Each start may give other transfers their pre-trainings, so that one is looked for at a time.
  for (;;) {
    const next = needsOf(store, request)
      .map(({ wanted, needs }) => nextStart(store, wanted, needs))
      .find((start) => start !== null)
    if (!next) break
    lab.start(next)
  }
  for (const id of standingOf(store, request).unfinishedIds) {
    const state = store.runs.get(id)?.state
    if (state === undefined || !resumable.includes(state) || resumed.has(id)) continue
    resumed.add(id)
    lab.resume(id)
  }
  return standingOf(store, request)
}

/** The request of some missing runs that can be started now, with as many methods and seeds as share one; null: there are none. */
function nextStart(
  store: Store,
  wanted: TransferRequest,
  needs: readonly NeededRun[],
): TransferRequest | null {
  const missing = needs.filter(({ run }) => run === null)
  const ready = missing.filter(({ pretraining }) => pretraining?.state === 'finished')
  const bare = missing.filter(({ pretraining }) => pretraining === null)
  const [first] = ready
  if (first?.pretraining) {
    const { experimentId } = first.pretraining
    const together = ready.filter(({ pretraining }) => pretraining?.experimentId === experimentId)
    const request = { ...wanted, ...rectangle(together), pretrained: experimentId }
    return findsThem(store, request, together) ? request : fromOneRun(wanted, first)
  }
  if (bare.length === 0) return null
  return { ...wanted, ...rectangle(bare.map((need) => ({ ...need, asked: askedMethod(wanted, need) }))) }
}

/** A missing pre-training is asked for by the method whose it is, or by one that starts from it. */
function askedMethod({ methods }: TransferRequest, { planned }: NeededRun): MethodName {
  const { method } = planned.specification
  return methods.includes(method) ? method : (methods[0] ?? method)
}

/** Methods that miss the very seeds that the first one misses. */
function rectangle(
  needs: readonly (NeededRun & { asked?: MethodName })[],
): Pick<TransferRequest, 'methods' | 'seeds'> {
  const byMethod = Map.groupBy(needs, ({ asked, planned }) => asked ?? planned.specification.method)
  const seedsOf = (list: readonly NeededRun[]) => [
    ...new Set(list.map(({ planned }) => planned.specification.seed)),
  ]
  const [firstNeeds = []] = byMethod.values()
  const seeds = seedsOf(firstNeeds)
  const methods = [...byMethod]
    .filter(([, list]) => seedsOf(list).join() === seeds.join())
    .map(([method]) => method)
  return { methods, seeds }
}

/** Whether the request would start from the very runs that are like what is asked, where an experiment has several of one seed. */
function findsThem(store: Store, request: TransferRequest, needs: readonly NeededRun[]): boolean {
  const plan = planTransfer(request)
  const existing = findExisting(store, plan, request, null)
  return plan.every(({ startsFrom, specification: { method, seed } }) => {
    if (startsFrom === null) return true
    const need = needs.find(
      ({ planned: { specification } }) => specification.method === method && specification.seed === seed,
    )
    return existing.get(startsFrom)?.runId === need?.pretraining?.id
  })
}

function fromOneRun(wanted: TransferRequest, { planned, pretraining }: NeededRun): TransferRequest {
  const { pretrainSteps, pretrainTask, settings = {}, ...rest } = wanted
  return {
    ...rest,
    methods: [planned.specification.method],
    seeds: [planned.specification.seed],
    settings: Object.fromEntries(Object.entries(settings).filter(([name]) => !name.startsWith('pretrain.'))),
    ...(pretraining ? { pretrainedRun: pretraining.id } : {}),
  }
}
