import type { ReproductionStanding } from '../../contract/reproductions.ts'
import type { RunSpecification } from '../../contract/transfer.ts'
import type { Store } from '../../store/store.ts'
import { estimateBytes } from '../disk-space.ts'
import { type EstimatedRun, estimate } from '../estimate.ts'
import { planTransfer } from '../transfer.ts'
import type { ReproductionRequest } from './request.ts'
import { comparableRuns, type NeededRun, survey, wantedTransfers } from './runs.ts'
import { countNeeds } from './training.ts'

/** A run that nobody has started yet; `what` names the task and the choice of settings that ask for it first. */
interface MissingRun {
  what: string
  run: EstimatedRun
}

/** What it takes to have all runs of a request, before any of it is started. */
export function pendingOf(
  store: Store,
  request: ReproductionRequest,
  slots: number,
): Pick<ReproductionStanding, 'needed' | 'finished' | 'unfinishedIds' | 'missing' | 'secondsLeft' | 'bytes'> {
  const runs = comparableRuns(store)
  const missing = new Map<string, MissingRun>()
  const needs: NeededRun[] = []
  const add = (
    what: string,
    specification: RunSpecification,
    from: { id: number } | null,
  ): { id: number } => {
    // How closely a run is recorded does not make it another.
    const key = JSON.stringify([{ ...specification, recording: null }, from?.id ?? null])
    const known = missing.get(key)
    if (known) return known.run
    const run = waiting(-1 - missing.size, specification, from?.id ?? null)
    missing.set(key, { what, run })
    return run
  }
  for (const wanted of wantedTransfers(request)) {
    const what = (wanted.request.name ?? '').replace(/^Reproduction, /, '')
    const specifications = new Map(
      planTransfer(wanted.request).map(({ key, specification }) => [key, specification]),
    )
    const surveyed = survey(wanted, runs)
    needs.push(...surveyed)
    for (const { planned, run, pretraining } of surveyed) {
      if (run !== null) continue
      const first = planned.startsFrom === null ? undefined : specifications.get(planned.startsFrom)
      const from = pretraining ?? (first ? add(what, first, null) : null)
      add(what, planned.specification, pretraining?.state === 'finished' ? null : from)
    }
  }
  const fresh = [...missing.values()].map(({ run }) => run)
  const environments = new Set(request.targets.map(({ environment }) => environment))
  const paces = runs.filter(
    ({ state, specification }) => state === 'finished' && environments.has(specification.task.environment),
  )
  const standing = countNeeds(needs)
  const unfinished = new Set(standing.unfinishedIds)
  const goingOn = runs
    .filter(({ id }) => unfinished.has(id))
    .map((run): EstimatedRun => ({ ...run, state: 'queued' }))
  const counts = Map.groupBy(missing.values(), ({ what, run: { specification: of } }) =>
    JSON.stringify([what, of.method, of.phase]),
  )
  return {
    ...standing,
    missing: [...counts.values()].flatMap(([first, ...more]) =>
      first
        ? [
            {
              what: first.what,
              method: first.run.specification.method,
              phase: first.run.specification.phase,
              count: 1 + more.length,
            },
          ]
        : [],
    ),
    secondsLeft: estimate([...paces, ...goingOn, ...fresh], slots).secondsLeft,
    bytes: estimateBytes(
      fresh.map(({ id, specification }) => ({ key: String(id), startsFrom: null, specification })),
    ),
  }
}

function waiting(id: number, specification: RunSpecification, pretrainRunId: number | null): EstimatedRun {
  return {
    id,
    pretrainRunId,
    pretrainCheckpointId: null,
    specification,
    state: 'queued',
    step: 0,
    stepsPerSecond: null,
    pace: null,
    trainedSeconds: 0,
  }
}
