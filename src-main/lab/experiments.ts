import { z } from 'zod'
import type { ExperimentResult } from '../contract/comparison.ts'
import {
  type Experiment,
  type RunSpecification,
  type TransferRequest,
  transferRequest,
} from '../contract/transfer.ts'
import { compareRuns } from './comparison.ts'
import type { LabContext } from './context.ts'
import { checkDiskSpace } from './disk-space.ts'
import { LabError } from './errors.ts'
import { watching } from './feed.ts'
import { type ExistingRun, findExisting, findSource, type Source } from './pretraining.ts'
import { sweptTraits } from './sweeps.ts'
import type { trashCases } from './trash.ts'

/** A run of a plan that is not in the store yet; `startsFrom` names the `key` of its pre-training run. */
export interface PlannedRun {
  key: string
  startsFrom: string | null
  specification: RunSpecification
}

export type PlanTransfer = (request: TransferRequest, source?: Source | null) => PlannedRun[]

export function experimentCases(
  { store, supervisor, changedRuns, changedExperiments, runHistories, closing }: LabContext,
  planTransfer: PlanTransfer,
  trash: ReturnType<typeof trashCases>,
) {
  const get = (id: number): Experiment => {
    const experiment = store.experiments.get(id)
    if (experiment === null) throw new LabError('NOT_FOUND', `There is no experiment ${id}.`)
    return experiment
  }

  return {
    list: (): Experiment[] => store.experiments.list(),
    get,
    /** All experiments, and again when something about them has changed. */
    watch: (signal?: AbortSignal) =>
      watching<Experiment[]>([signal, closing], async function* (ended) {
        using changes = changedExperiments.collect()
        yield store.experiments.list()
        for await (const _ of changes.batches(ended)) yield store.experiments.list()
      }),
    /** What is left out stays as it is. */
    annotate(id: number, changes: { name?: string | undefined; note?: string | undefined }): Experiment {
      const { name, note } = get(id)
      store.transaction(() =>
        store.experiments.update(id, { name: changes.name ?? name, note: changes.note ?? note }),
      )
      changedExperiments.publish('changed')
      return get(id)
    },
    delete: trash.deleteExperiment,
    restore(id: number): Experiment {
      trash.restoreExperiment(id)
      return get(id)
    },
    /** Plans the transfer and queues its runs, all of them or none. */
    start(request: TransferRequest): Experiment {
      const parsed = transferRequest.safeParse(request)
      if (!parsed.success) throw new LabError('INVALID', z.prettifyError(parsed.error))
      const { name = `${parsed.data.methods.join(', ')} on ${parsed.data.environment}` } = parsed.data
      const source = findSource(store, parsed.data)
      const plan = planTransfer(parsed.data, source)
      const existing = findExisting(store, plan, parsed.data, source)
      checkDiskSpace(
        store.folder,
        plan.filter(({ key }) => !existing.has(key)),
      )
      const { experiment, runIds } = store.transaction(() => {
        const createdAt = Date.now()
        const inserted = store.experiments.insert({ name, createdAt, request: parsed.data })
        return { experiment: inserted, runIds: insertPlan(plan, existing, inserted.id, createdAt) }
      })
      for (const id of runIds) changedRuns.publish(id)
      changedExperiments.publish('changed')
      supervisor.schedule()
      return experiment
    },
    async compare(id: number, until: 'end' | 'common' = 'end'): Promise<ExperimentResult> {
      const { request } = get(id)
      const own = store.runs.listOfExperiment(id)
      const borrowed = own.flatMap(({ pretrainRunId }) =>
        pretrainRunId === null || own.some((run) => run.id === pretrainRunId) ? [] : [pretrainRunId],
      )
      const runs = [...borrowed.map((runId) => store.runs.get(runId)), ...own]
        .filter((run) => run !== null)
        .map((run) => supervisor.overlay(run))
      const swept = sweptTraits(transferRequest.parse(request))
      return compareRuns(id, runs, runHistories, { swept, until })
    },
  }

  function insertPlan(
    plan: readonly PlannedRun[],
    existing: ReadonlyMap<string, ExistingRun>,
    experimentId: number,
    createdAt: number,
  ): number[] {
    const ids = new Map([...existing].map(([key, { runId }]) => [key, runId]))
    const inserted: number[] = []
    for (const { key, startsFrom, specification } of plan) {
      if (existing.has(key)) continue
      const pretrainRunId = startsFrom === null ? null : ids.get(startsFrom)
      if (pretrainRunId === undefined)
        throw new Error(`Planned run ${key} starts from ${startsFrom}, which comes later.`)
      if (ids.has(key)) throw new Error(`The plan has two runs ${key}.`)
      const pretrainCheckpointId =
        startsFrom === null ? null : (existing.get(startsFrom)?.checkpointId ?? null)
      const run = { experimentId, pretrainRunId, pretrainCheckpointId, specification, createdAt }
      const { id } = store.runs.insert(run)
      store.events.insert(id, { kind: 'queued', text: 'Created; waits to be trained.', at: createdAt })
      ids.set(key, id)
      inserted.push(id)
    }
    return inserted
  }
}
