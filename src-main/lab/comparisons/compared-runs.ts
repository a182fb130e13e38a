import type { Run } from '../../contract/runs.ts'
import { type DescribedRun, describeRun, type Grouping, groupRuns } from './grouping.ts'

/** What a request about several runs speaks of. */
export interface ComparedRuns extends Grouping {
  described: DescribedRun[]
  /** Runs by id. */
  runs: ReadonlyMap<number, Run>
  missing: number[]
}

/** Links and saved comparisons outlive runs: those that are gone are named, not refused. */
export function findCompared(
  runIds: readonly number[],
  { groupBy, facetBy = null }: { groupBy: readonly string[]; facetBy?: string | null | undefined },
  find: (id: number) => Run | null,
): ComparedRuns {
  const ids = [...new Set(runIds)]
  const found = ids.map(find).filter((run) => run !== null)
  const described = found.map((run) =>
    describeRun(run, run.pretrainRunId === null ? null : find(run.pretrainRunId)),
  )
  return {
    described,
    ...groupRuns(described, groupBy, facetBy),
    runs: new Map(found.map((run) => [run.id, run])),
    missing: ids.filter((id) => !found.some((run) => run.id === id)),
  }
}

/** The same groups with the pre-training runs of their runs in place of them; one that several started from stands once in each group. */
export function toPretraining(compared: ComparedRuns): ComparedRuns {
  const pretrainRuns = new Map(
    compared.described.flatMap(({ run, pretrainRun }) =>
      pretrainRun ? [[run.id, pretrainRun] as const] : [],
    ),
  )
  return {
    ...compared,
    described: [...new Map([...pretrainRuns.values()].map((run) => [run.id, run])).values()].map((run) =>
      describeRun(run, null),
    ),
    runs: new Map([...pretrainRuns.values()].map((run) => [run.id, run])),
    groups: compared.groups.map((group) => {
      const unique = new Map(
        group.runs.flatMap(({ id }) => {
          const run = pretrainRuns.get(id)
          return run ? [[run.id, run] as const] : []
        }),
      )
      return {
        ...group,
        runs: [...unique.values()].map(({ id, experimentId, specification: { seed, phase } }) => ({
          id,
          experimentId,
          seed,
          phase,
        })),
      }
    }),
  }
}
