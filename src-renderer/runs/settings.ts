import type { Run, SettingDescription } from '../../src-main/contract/index.ts'
import { formatValue } from '../../src-main/contract/setting-words.ts'
import { environmentNames, methodMarks } from '../text/names.ts'
import { type Descriptions, describedParameter } from './descriptions.ts'

export { formatValue }

export interface SettingRow {
  /** As the command line writes it. */
  name: string
  label: string
  symbol: string | null
  unit: string | null
  help: string
  value: string
  isDefault: boolean
}

export interface SettingGroup {
  title: string
  rows: SettingRow[]
}

/** Everything that was settled before the run began: the task, the settings by method, the book-keeping. */
export function describeSettings(run: Run, descriptions: Descriptions): SettingGroup[] {
  const { task, settings, steps, recording } = run.specification
  const length: SettingRow = {
    ...toRow('steps', 'steps', steps, undefined),
    unit: 'policy steps',
    help: 'Length of the run.',
  }
  const parameters = Object.entries(task.parameters).map(([name, value]) =>
    toRow(name, name, value, describedParameter(descriptions, task.environment, name)),
  )
  const groups = Object.entries(settings).map(([group, values]) => ({
    title: titles[group] ?? group,
    rows: Object.entries(isRecord(values) ? values : { [group]: values }).map(([name, value]) =>
      toRow(`${group}.${name}`, name, value, descriptions.get(`${group}.${name}`)),
    ),
  }))
  const bookKeeping = Object.entries(recording).map(([name, value]) =>
    toRow(name, name, value ?? 'all', undefined),
  )
  return [
    { title: environmentNames[task.environment], rows: [length, ...parameters] },
    ...groups,
    { title: 'Recording', rows: bookKeeping },
  ]
}

const titles: Record<string, string> = {
  training: 'Training',
  ...Object.fromEntries(Object.entries(methodMarks).map(([method, { label }]) => [method, label])),
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toRow(
  name: string,
  label: string,
  value: unknown,
  description: SettingDescription | undefined,
): SettingRow {
  return {
    name,
    label,
    symbol: description?.symbol ?? null,
    unit: description?.unit ?? null,
    help: description?.help ?? '',
    value: formatValue(value),
    isDefault: description === undefined || JSON.stringify(description.default) === JSON.stringify(value),
  }
}
