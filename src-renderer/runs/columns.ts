import type { Run } from '../../src-main/contract/index.ts'
import { methodMarks, phaseNames } from '../text/names.ts'
import { failureRateOf, progressOf, secondsLeftOf, speedOf, stateName } from './derive.ts'

export type ColumnId =
  | 'run'
  | 'experiment'
  | 'method'
  | 'phase'
  | 'seed'
  | 'state'
  | 'progress'
  | 'step'
  | 'failures'
  | 'failureRate'
  | 'return'
  | 'speed'
  | 'timeLeft'

export interface Column {
  id: ColumnId
  label: string
  unit?: string
  help: string
  isNumber: boolean
  /** Least and greatest width in pixels. */
  width: [least: number, greatest: number]
  /** What the column sorts by; null goes last in either direction. */
  value(run: Run, experimentName: string): number | string | null
}

const stateOrder: Run['state'][] = [
  'running',
  'pausing',
  'stopping',
  'queued',
  'paused',
  'interrupted',
  'failed',
  'stopped',
  'finished',
]

export const columns: Column[] = [
  {
    id: 'run',
    label: 'Run',
    help: 'Number of the run in this lab',
    isNumber: true,
    width: [44, 44],
    value: (run) => run.id,
  },
  {
    id: 'experiment',
    label: 'Experiment',
    help: 'The group of runs that were started together',
    isNumber: false,
    width: [120, 260],
    value: (_run, experimentName) => experimentName,
  },
  {
    id: 'method',
    label: 'Method',
    help: 'What trains the policy',
    isNumber: false,
    width: [72, 72],
    value: (run) => methodMarks[run.specification.method].label,
  },
  {
    id: 'phase',
    label: 'Phase',
    help: 'Pre-training, where failing is harmless, or fine-tuning on the target task',
    isNumber: false,
    width: [92, 92],
    value: (run) => phaseNames[run.specification.phase],
  },
  {
    id: 'seed',
    label: 'Seed',
    help: 'Seed of all the run’s random numbers',
    isNumber: true,
    width: [44, 44],
    value: (run) => run.specification.seed,
  },
  {
    id: 'state',
    label: 'State',
    help: 'What happens to the run now',
    isNumber: false,
    width: [100, 100],
    value: (run) => stateOrder.indexOf(run.state),
  },
  {
    id: 'progress',
    label: 'Progress',
    help: 'Share of the run’s policy steps that is done',
    isNumber: false,
    width: [96, 240],
    value: progressOf,
  },
  {
    id: 'step',
    label: 'Step',
    help: 'Policy steps done',
    isNumber: true,
    width: [64, 64],
    value: (run) => run.step,
  },
  {
    id: 'failures',
    label: 'Failures',
    help: 'Training episodes, extra rollouts included, that ended in a failure',
    isNumber: true,
    width: [68, 68],
    value: (run) => run.failures,
  },
  {
    id: 'failureRate',
    label: 'Failed',
    unit: '%',
    help: 'Failed share of all training episodes so far',
    isNumber: true,
    width: [68, 68],
    value: failureRateOf,
  },
  {
    id: 'return',
    label: 'Return',
    help: 'Mean return of the last 100 policy episodes',
    isNumber: true,
    width: [60, 60],
    value: (run) => run.recentReturn,
  },
  {
    id: 'speed',
    label: 'Steps/s',
    help: 'Policy steps per second now',
    isNumber: true,
    width: [62, 62],
    value: speedOf,
  },
  {
    id: 'timeLeft',
    label: 'Time left',
    help: 'At the present speed',
    isNumber: true,
    width: [88, 88],
    value: secondsLeftOf,
  },
]

/** What the filter box looks through. */
export function searchText(run: Run, experimentName: string): string {
  const { method, phase, seed } = run.specification
  return `#${run.id} ${experimentName} ${methodMarks[method].label} ${phaseNames[phase]} ${phase} seed ${seed} seed:${seed} ${stateName(run)} ${run.state}`.toLowerCase()
}
