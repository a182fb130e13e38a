import type { Experiment, MethodName, Run } from '../../src-main/contract/index.ts'
import { isUnfinished } from './derive.ts'
import { formatValue } from './settings.ts'

/** How far an experiment is, from its runs. */
export interface ExperimentSummary {
  experiment: Experiment
  runs: number
  finished: number
  unfinished: number
  /** Neither done nor on the way: paused, stopped, interrupted or given up. */
  halted: number
  methods: MethodName[]
  /** Share of all policy steps that is done, 0 to 1. */
  progress: number
  failures: number
  episodes: number
}

/** The newest first; those without a run are shown too. */
export function summarizeExperiments(
  experiments: Iterable<Experiment>,
  runs: Iterable<Run>,
): ExperimentSummary[] {
  const byExperiment = Map.groupBy(runs, ({ experimentId }) => experimentId)
  return [...experiments]
    .map((experiment) => summarizeExperiment(experiment, byExperiment.get(experiment.id) ?? []))
    .sort((a, b) => b.experiment.id - a.experiment.id)
}

export function summarizeExperiment(experiment: Experiment, runs: readonly Run[]): ExperimentSummary {
  const sum = (value: (run: Run) => number) => runs.reduce((total, run) => total + value(run), 0)
  const finished = runs.filter(({ state }) => state === 'finished').length
  const unfinished = runs.filter(isUnfinished).length
  const steps = sum((run) => run.specification.steps)
  const done = sum((run) => Math.min(run.step, run.specification.steps))
  return {
    experiment,
    runs: runs.length,
    finished,
    unfinished,
    halted: runs.length - finished - unfinished,
    methods: [...new Set(runs.map((run) => run.specification.method))],
    progress: steps === 0 ? 0 : done / steps,
    failures: sum((run) => run.failures),
    episodes: sum((run) => run.episodes),
  }
}

export function filterExperiments(
  summaries: readonly ExperimentSummary[],
  filter: string,
): ExperimentSummary[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...summaries]
  return summaries.filter(({ experiment: { id, name, note }, methods }) => {
    const text = `#${id} ${name} ${note} ${methods.join(' ')}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** What was asked for when the experiment was started, as lines to be read. */
export function describeRequest({ request }: Experiment): [name: string, value: string][] {
  const { environment, methods, seeds, preset, pretrained, pretrainSteps, finetuneSteps } = request
  const lines: [string, string | undefined][] = [
    ['Environment', environment],
    ['Methods', methods.join(', ')],
    ['Seeds', seeds.join(', ')],
    ['Preset', preset ?? 'quick'],
    ['Pre-training of experiment', pretrained?.toString()],
    ['Pre-training steps', pretrainSteps?.toLocaleString('en')],
    ['Fine-tuning steps', finetuneSteps?.toLocaleString('en')],
    ...named('Pre-training task', request.pretrainTask),
    ...named('Target task', request.targetTask),
    ...named('Setting', request.settings),
    ['Draws', request.draws && `${request.draws.count}, seed ${request.draws.seed ?? 0}`],
  ]
  return lines.filter((line): line is [string, string] => line[1] !== undefined)
}

function named(group: string, values: Record<string, unknown> = {}): [string, string][] {
  return Object.entries(values).map(([name, value]) => [`${group} ${name}`, formatValue(value)])
}
