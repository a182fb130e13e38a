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
import { LabError } from './errors.ts'

/** A run of a plan that is not in the store yet; `startsFrom` names the `key` of its pre-training run. */
export interface PlannedRun {
  key: string
  startsFrom: string | null
  specification: RunSpecification
}

export type PlanTransfer = (request: TransferRequest) => PlannedRun[]

export function experimentCases({ store, supervisor, changedRuns }: LabContext, planTransfer: PlanTransfer) {
  const get = (id: number): Experiment => {
    const experiment = store.experiments.get(id)
    if (experiment === null) throw new LabError('NOT_FOUND', `There is no experiment ${id}.`)
    return experiment
  }

  return {
    list: (): Experiment[] => store.experiments.list(),
    get,
    /** Plans the transfer and queues its runs, all of them or none. */
    start(request: TransferRequest): Experiment {
      const parsed = transferRequest.safeParse(request)
      if (!parsed.success) throw new LabError('INVALID', z.prettifyError(parsed.error))
      const { name = `${parsed.data.methods.join(', ')} on ${parsed.data.environment}` } = parsed.data
      const plan = planTransfer(parsed.data)
      const { experiment, runIds } = store.transaction(() => {
        const createdAt = Date.now()
        const inserted = store.experiments.insert({ name, createdAt, request: parsed.data })
        return { experiment: inserted, runIds: insertPlan(plan, inserted.id, createdAt) }
      })
      for (const id of runIds) changedRuns.publish(id)
      supervisor.schedule()
      return experiment
    },
    compare(id: number): ExperimentResult {
      get(id)
      const runs = store.runs.listOfExperiment(id).map((run) => supervisor.overlay(run))
      return compareRuns(id, runs, (runId) => store.episodes.summarize(runId, finalEpisodes))
    },
  }

  function insertPlan(plan: readonly PlannedRun[], experimentId: number, createdAt: number): number[] {
    const ids = new Map<string, number>()
    for (const { key, startsFrom, specification } of plan) {
      const pretrainRunId = startsFrom === null ? null : ids.get(startsFrom)
      if (pretrainRunId === undefined)
        throw new Error(`Planned run ${key} starts from ${startsFrom}, which comes later.`)
      if (ids.has(key)) throw new Error(`The plan has two runs ${key}.`)
      ids.set(key, store.runs.insert({ experimentId, pretrainRunId, specification, createdAt }).id)
    }
    return [...ids.values()]
  }
}
