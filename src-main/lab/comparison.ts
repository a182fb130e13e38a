import type { ExperimentResult, MethodResult, PhaseResult } from '../contract/comparison.ts'
import { unknownInterval } from '../contract/numbers.ts'
import type { Run } from '../contract/runs.ts'
import { bootstrapMean } from '../statistics/bootstrap.ts'
import { rateOverSeeds } from '../statistics/proportions.ts'
import { breather } from './comparisons/breath.ts'
import { type DescribedRun, describeRun } from './comparisons/grouping.ts'
import { type Measured, measureRuns, valuesOf } from './comparisons/measuring.ts'
import { judgeRuns } from './comparisons/refusals.ts'
import type { RunHistories } from './comparisons/run-history.ts'

export interface CompareOptions {
  /** Names of the traits that were swept. */
  swept?: readonly string[]
  /** Where figures are taken: where each run ends, or at the last step that all runs of the same phase have reached. */
  until?: 'end' | 'common'
}

type MeasuredById = ReadonlyMap<number, Measured>

/**
 * The result table of an experiment from its runs: a row for each method, or for each combination of what was swept, in the order of their
 * first fine-tuning runs.
 */
export async function compareRuns(
  experiment: number,
  runs: readonly Run[],
  histories: RunHistories,
  { swept = [], until = 'end' }: CompareOptions = {},
): Promise<ExperimentResult> {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const described = runs.map((run) =>
    describeRun(run, run.pretrainRunId === null ? null : (byId.get(run.pretrainRunId) ?? null)),
  )
  const fineTuned = described.filter(({ run }) => run.specification.phase === 'finetune')
  const started = new Set(fineTuned.map(({ run }) => run.pretrainRunId))
  const breathe = breather()
  const phases = Map.groupBy(described, ({ run }) => run.specification.phase)
  const measured = new Map<number, Measured>()
  for (const members of phases.values())
    for (const [id, one] of (await measureRuns(members, histories, until, breathe)).measured)
      measured.set(id, one)
  const alone = described.filter(({ run }) => run.specification.phase === 'pretrain' && !started.has(run.id))
  const groups = Map.groupBy([...fineTuned, ...alone], ({ run, traits }) =>
    JSON.stringify([run.specification.method, ...swept.map((name) => traits.get(name) ?? null)]),
  )
  return {
    experiment,
    methods: [...groups.values()].flatMap((members): MethodResult[] => {
      const [first] = members
      return first ? [resultOf(first, members, measured, swept)] : []
    }),
  }
}

function resultOf(
  { run: { specification }, traits }: DescribedRun,
  members: readonly DescribedRun[],
  measured: MeasuredById,
  swept: readonly string[],
): MethodResult {
  const { method } = specification
  const all = members.flatMap(({ run, pretrainRun }) => (pretrainRun ? [pretrainRun, run] : [run]))
  const runs = [...new Map(all.map((run) => [run.id, run])).values()].sort((a, b) => a.id - b.id)
  const inPhase = (phase: string) =>
    runs.flatMap(({ id, specification: { phase: own } }) => {
      const one = own === phase ? measured.get(id) : undefined
      return one ? [one] : []
    })
  return {
    method,
    swept: Object.fromEntries(
      swept.flatMap((name) => {
        const value = traits.get(name)
        return value === undefined ? [] : [[name, value]]
      }),
    ),
    runs: runs.map(({ id, step, state, specification: { seed, phase } }) => ({
      id,
      seed,
      phase,
      steps: step,
      state,
    })),
    ...phaseResult(inPhase('finetune')),
    pretraining: phaseResult(inPhase('pretrain')),
  }
}

/** Counts add up in any case; means stand where the comparison view would give them too. */
function phaseResult(members: readonly Measured[]): PhaseResult {
  const { refusals } = judgeRuns(members)
  const isRefused = refusals.length > 0
  const rates = members.map(({ failures, episodes }) => ({ events: failures, trials: episodes }))
  const successes = members.map(({ lastSuccesses, lastEpisodes }) => ({
    events: lastSuccesses,
    trials: lastEpisodes,
  }))
  return {
    episodes: sum(members.map(({ episodes }) => episodes)),
    failures: sum(members.map(({ failures }) => failures)),
    failureRate: isRefused ? unknownInterval : rateOverSeeds(rates),
    finalReturn: isRefused
      ? unknownInterval
      : bootstrapMean(valuesOf(members, 'finalReturn').map(({ value }) => value)),
    successRate: isRefused ? unknownInterval : rateOverSeeds(successes),
    refusals,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
