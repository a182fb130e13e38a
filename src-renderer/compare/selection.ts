import type { ComparisonView, Run } from '../../src-main/contract/index.ts'

type Runs = ReadonlyMap<number, Run>
type Selected = Pick<ComparisonView, 'experimentIds' | 'runIds' | 'phase'>

/**
 * Runs of a view in the order of their ids: those of the chosen experiments, with the pre-training runs that these borrow from others, and those chosen one
 * by one; of the view's phase alone.
 */
export function selectedRuns(view: Selected, runs: Runs): number[] {
  const ids = new Set<number>()
  for (const id of view.runIds) if (isOfPhase(runs.get(id), view.phase)) ids.add(id)
  const experiments = new Set(view.experimentIds)
  for (const run of experiments.size === 0 ? [] : runs.values()) {
    if (!experiments.has(run.experimentId)) continue
    if (isOfPhase(run, view.phase)) ids.add(run.id)
    const borrowed = run.pretrainRunId
    if (view.phase !== 'finetune' && borrowed !== null && runs.has(borrowed)) ids.add(borrowed)
  }
  return [...ids].sort((a, b) => a - b)
}

export function isOfPhase(run: Run | undefined, phase: ComparisonView['phase']): boolean {
  return run !== undefined && (phase === 'all' || run.specification.phase === phase)
}

/** Takes a run into the view or out of it; out of a chosen experiment the others remain, one by one. */
export function toggleRun(view: Selected, run: Run, runs: Runs): Partial<ComparisonView> {
  if (view.experimentIds.includes(run.experimentId)) {
    const others = [...runs.values()].filter(
      (other) =>
        other.experimentId === run.experimentId && other.id !== run.id && isOfPhase(other, view.phase),
    )
    return {
      experimentIds: view.experimentIds.filter((id) => id !== run.experimentId),
      runIds: [...new Set([...view.runIds, ...others.map(({ id }) => id)])].filter((id) => id !== run.id),
    }
  }
  const runIds = view.runIds.includes(run.id)
    ? view.runIds.filter((id) => id !== run.id)
    : [...view.runIds, run.id]
  return { runIds }
}

export function toggleExperiment(view: Selected, experimentId: number, runs: Runs): Partial<ComparisonView> {
  const isIn = view.experimentIds.includes(experimentId)
  return {
    experimentIds: isIn
      ? view.experimentIds.filter((id) => id !== experimentId)
      : [...view.experimentIds, experimentId],
    runIds: view.runIds.filter((id) => runs.get(id)?.experimentId !== experimentId),
  }
}
