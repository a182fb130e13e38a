import { z } from 'zod'
import type { ExperimentResult } from '../contract/comparison.ts'
import {
  type Experiment,
  type RunSpecification,
  type TransferRequest,
  transferRequest,
} from '../contract/transfer.ts'
import { compareRuns, finalEpisodes } from './comparison.ts'
import type { LabContext } from './context.ts'
import { checkDiskSpace } from './disk-space.ts'
import { LabError } from './errors.ts'
import { watching } from './feed.ts'
import type { trashCases } from './trash.ts'

/** A run of a plan that is not in the store yet; `startsFrom` names the `key` of its pre-training run. */
export interface PlannedRun {
  key: string
  startsFrom: string | null
  specification: RunSpecification
}

export type PlanTransfer = (request: TransferRequest) => PlannedRun[]

export function experimentCases(
  { store, supervisor, changedRuns, changedExperiments, closing }: LabContext,
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
      const plan = planTransfer(parsed.data)
      checkDiskSpace(store.folder, plan)
      const { pretrained } = parsed.data
      const existing = pretrained === undefined ? new Map<string, number>() : findPretrained(plan, pretrained)
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
    compare(id: number): ExperimentResult {
      get(id)
      const own = store.runs.listOfExperiment(id)
      const borrowed = own.flatMap(({ pretrainRunId }) =>
        pretrainRunId === null || own.some((run) => run.id === pretrainRunId) ? [] : [pretrainRunId],
      )
      const runs = [...borrowed.map((runId) => store.runs.get(runId)), ...own]
        .filter((run) => run !== null)
        .map((run) => supervisor.overlay(run))
      return compareRuns(id, runs, (runId) => store.episodes.summarize(runId, finalEpisodes))
    },
  }

  /** Ids of finished runs of another experiment that stand for the plan's pre-training runs, by their keys. */
  function findPretrained(plan: readonly PlannedRun[], experimentId: number): Map<string, number> {
    get(experimentId)
    const finished = store.runs
      .listOfExperiment(experimentId)
      .filter(({ state, specification }) => state === 'finished' && specification.phase === 'pretrain')
    return new Map(
      plan
        .filter(({ specification }) => specification.phase === 'pretrain')
        .map(({ key, specification }) => {
          const { method, seed } = specification
          const match = finished.find(
            (run) => run.specification.method === method && run.specification.seed === seed,
          )
          if (!match)
            throw new LabError(
              'INVALID',
              `Experiment ${experimentId} has no finished pre-training run of ${method} with seed ${seed}.`,
            )
          const difference = firstDifference(match.specification, specification)
          if (difference !== null)
            throw new LabError(
              'INVALID',
              `Run ${match.id} was pre-trained with another ${difference} than this transfer asks for. Ask for the same, or pre-train anew.`,
            )
          return [key, match.id]
        }),
    )
  }

  function insertPlan(
    plan: readonly PlannedRun[],
    existing: ReadonlyMap<string, number>,
    experimentId: number,
    createdAt: number,
  ): number[] {
    const ids = new Map(existing)
    const inserted: number[] = []
    for (const { key, startsFrom, specification } of plan) {
      if (existing.has(key)) continue
      const pretrainRunId = startsFrom === null ? null : ids.get(startsFrom)
      if (pretrainRunId === undefined)
        throw new Error(`Planned run ${key} starts from ${startsFrom}, which comes later.`)
      if (ids.has(key)) throw new Error(`The plan has two runs ${key}.`)
      const { id } = store.runs.insert({ experimentId, pretrainRunId, specification, createdAt })
      store.events.insert(id, { kind: 'queued', text: 'Created; waits to be trained.', at: createdAt })
      ids.set(key, id)
      inserted.push(id)
    }
    return inserted
  }
}

/** Settings of a safety critic that say what Q_safe means. */
const criticMeaning = z.object({ sqrl: z.object({ gammaSafe: z.number() }).optional() })

/** What of a pre-training differs in a way that its networks would not fit or would mean something else; null: nothing. */
function firstDifference(had: RunSpecification, asked: RunSpecification): string | null {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  if (!same(had.task, asked.task)) return 'pre-training task'
  if (!same(had.settings.sac, asked.settings.sac)) return 'setting of sac'
  const gammaSafe = ({ settings }: RunSpecification) => criticMeaning.parse(settings).sqrl?.gammaSafe
  return gammaSafe(had) === gammaSafe(asked) ? null : 'sqrl.gammaSafe'
}
