import type { ExperimentResult, MethodResult, PhaseResult } from '../contract/comparison.ts'
import type { Run } from '../contract/runs.ts'
import { bootstrapMean } from '../statistics/bootstrap.ts'
import { rateOverSeeds } from '../statistics/proportions.ts'
import type { EpisodeSummary } from '../store/episodes.ts'
import { type DescribedRun, describeRun } from './comparisons/grouping.ts'

/** "Final" means this many last training episodes of a run. */
export const finalEpisodes = 100

type Summarize = (runId: number) => EpisodeSummary

/**
 * The result table of an experiment from its runs: a row for each method, or for each combination of what was swept, in the order of their
 * first fine-tuning runs.
 * @param swept names of the traits that were swept.
 */
export function compareRuns(
  experiment: number,
  runs: readonly Run[],
  summarize: Summarize,
  swept: readonly string[] = [],
): ExperimentResult {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const described = runs.map((run) =>
    describeRun(run, run.pretrainRunId === null ? null : (byId.get(run.pretrainRunId) ?? null)),
  )
  const fineTuned = described.filter(({ run }) => run.specification.phase === 'finetune')
  const started = new Set(fineTuned.map(({ run }) => run.pretrainRunId))
  const alone = described.filter(({ run }) => run.specification.phase === 'pretrain' && !started.has(run.id))
  const groups = Map.groupBy([...fineTuned, ...alone], ({ run, traits }) =>
    JSON.stringify([run.specification.method, ...swept.map((name) => traits.get(name) ?? null)]),
  )
  return {
    experiment,
    methods: [...groups.values()].flatMap((members): MethodResult[] => {
      const [first] = members
      return first ? [resultOf(first, members, summarize, swept)] : []
    }),
  }
}

function resultOf(
  { run: { specification }, traits }: DescribedRun,
  members: readonly DescribedRun[],
  summarize: Summarize,
  swept: readonly string[],
): MethodResult {
  const { method } = specification
  const all = members.flatMap(({ run, pretrainRun }) => (pretrainRun ? [pretrainRun, run] : [run]))
  const runs = [...new Map(all.map((run) => [run.id, run])).values()].sort((a, b) => a.id - b.id)
  const inPhase = (phase: string) => runs.filter((run) => run.specification.phase === phase)
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
    ...phaseResult(inPhase('finetune'), summarize),
    pretraining: phaseResult(inPhase('pretrain'), summarize),
  }
}

function phaseResult(runs: readonly Run[], summarize: Summarize): PhaseResult {
  const summaries = runs.map((run) => summarize(run.id))
  return {
    episodes: sum(summaries.map(({ episodes }) => episodes)),
    failures: sum(summaries.map(({ failures }) => failures)),
    failureRate: rateOverSeeds(
      summaries.map(({ failures, episodes }) => ({ events: failures, trials: episodes })),
    ),
    finalReturn: bootstrapMean(
      summaries.map(({ lastReturn }) => lastReturn).filter((value) => value !== null),
    ),
    successRate: rateOverSeeds(
      summaries.map(({ lastSuccesses, lastEpisodes }) => ({ events: lastSuccesses, trials: lastEpisodes })),
    ),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
