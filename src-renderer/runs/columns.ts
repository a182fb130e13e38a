import type { Run } from '../../src-main/contract/index.ts'
import { metricName } from '../charts/metric-names.ts'
import { methodMarks, phaseNames } from '../text/names.ts'
import { formatFigure } from '../text/numbers.ts'
import { formatDuration, formatMoment } from '../text/time.ts'
import { failureRateOf, progressOf, secondsLeftOf, speedOf } from './derive.ts'
import { type Descriptions, describedAnywhere } from './descriptions.ts'
import { formatValue } from './settings.ts'

/** A setting by its dotted name, a parameter by its own, or the last value of a metric. */
export type OpenColumnId = `setting:${string}` | `metric:${string}`

export type ColumnId =
  | OpenColumnId
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
  | 'trained'
  | 'created'
  | 'tags'
  | 'note'

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
  /** What a cell says where the table has no way of its own to show it. */
  text?(run: Run): string
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

/** The order in which runs were asked for. */
export const byNumber: Column = {
  id: 'run',
  label: 'Run',
  help: 'Number of the run in this lab',
  isNumber: true,
  width: [52, 52],
  value: (run) => run.id,
}

export const builtinColumns: Column[] = [
  byNumber,
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
    width: [80, 240],
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
    help: 'By the spread of the pace over the last minute',
    isNumber: true,
    width: [112, 112],
    value: secondsLeftOf,
  },
  {
    id: 'trained',
    label: 'Trained',
    help: 'Time of training, over all its workers',
    isNumber: true,
    width: [84, 84],
    value: (run) => run.trainedSeconds,
    text: (run) => formatDuration(run.trainedSeconds),
  },
  {
    id: 'created',
    label: 'Created',
    help: 'When the run was asked for',
    isNumber: false,
    width: [124, 124],
    value: (run) => run.createdAt,
    text: (run) => formatMoment(run.createdAt),
  },
  {
    id: 'tags',
    label: 'Tags',
    help: 'Your own words for the run; click, or press T, to change them',
    isNumber: false,
    width: [72, 200],
    value: (run) => run.tags.join(' ') || null,
  },
  {
    id: 'note',
    label: 'Note',
    help: 'What you wrote to the run; click, or press N, to change it',
    isNumber: false,
    width: [72, 320],
    value: (run) => run.note || null,
  },
]

/** Shown until the user chooses. */
export const defaultColumnIds: readonly ColumnId[] = builtinColumns
  .map(({ id }) => id)
  .filter((id) => !['step', 'speed', 'trained', 'created'].includes(id))

export interface ColumnSources {
  settings: Descriptions
  /** Last values of the metrics that were asked for, by name and run. */
  latest: ReadonlyMap<string, ReadonlyMap<number, number>>
}

/** The column of an id; null where there is no such thing any more. */
export function findColumn(id: string, sources: ColumnSources): Column | null {
  const builtin = builtinColumns.find((column) => column.id === id)
  if (builtin !== undefined) return builtin
  if (id.startsWith('setting:')) return settingColumn(id.slice('setting:'.length), sources)
  return id.startsWith('metric:') ? metricColumn(id.slice('metric:'.length), sources) : null
}

function settingColumn(name: string, { settings }: ColumnSources): Column {
  const description = describedAnywhere(settings, name)
  return {
    id: `setting:${name}`,
    label: description?.symbol ?? name.replace(/^.*\./, ''),
    ...(description?.unit ? { unit: description.unit } : {}),
    help: description === undefined ? name : `${name}: ${description.help}`,
    isNumber: description?.kind === 'number' || description?.kind === 'integer',
    width: [72, 160],
    value: (run) => sortable(settingOf(run, name)),
    text: (run) => {
      const value = settingOf(run, name)
      return value === undefined ? '–' : formatValue(value).replaceAll('\n', ' / ')
    },
  }
}

function metricColumn(name: string, { latest }: ColumnSources): Column {
  const { label, unit, help } = metricName(name)
  const values = latest.get(name)
  const lastOf = (run: Run) => values?.get(run.id) ?? null
  return {
    id: `metric:${name}`,
    label,
    ...(unit === undefined ? {} : { unit }),
    help: `Last value. ${help}`,
    isNumber: true,
    width: [88, 120],
    value: lastOf,
    text: (run) => formatFigure(lastOf(run)),
  }
}

/** The value of a setting such as `sqrl.epsilonSafe` or of a parameter such as `noise`; undefined where the run has no such thing. */
export function settingOf({ specification }: Run, name: string): unknown {
  const [group = '', key] = name.split('.')
  if (key === undefined) return name === 'steps' ? specification.steps : specification.task.parameters[name]
  if (group === 'recording') return new Map<string, unknown>(Object.entries(specification.recording)).get(key)
  const values = specification.settings[group]
  return typeof values === 'object' && values !== null && !Array.isArray(values) ? values[key] : undefined
}

function sortable(value: unknown): number | string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'number' ? value : formatValue(value)
}
