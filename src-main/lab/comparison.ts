import type { ExperimentResult, MethodResult, PhaseResult } from '../contract/comparison.ts'
import type { Run } from '../contract/runs.ts'
import { bootstrapMean } from '../statistics/bootstrap.ts'
import { rateOverSeeds } from '../statistics/proportions.ts'
import type { EpisodeSummary } from '../store/episodes.ts'

/** "Final" means this many last training episodes of a run. */
export const finalEpisodes = 100

type Summarize = (runId: number) => EpisodeSummary

/** The result table of an experiment from its runs; methods in the order of their first runs. */
export function compareRuns(
  experiment: number,
  runs: readonly Run[],
  summarize: Summarize,
): ExperimentResult {
  const methods = new Set(runs.map((run) => run.specification.method))
  return {
    experiment,
    methods: [...methods].map((method): MethodResult => {
      const ofMethod = runs.filter((run) => run.specification.method === method)
      const inPhase = (phase: string) => ofMethod.filter((run) => run.specification.phase === phase)
      return {
        method,
        runs: ofMethod.map(({ id, step, state, specification: { seed, phase } }) => ({
          id,
          seed,
          phase,
          steps: step,
          state,
        })),
        ...phaseResult(inPhase('finetune'), summarize),
        pretraining: phaseResult(inPhase('pretrain'), summarize),
      }
    }),
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
