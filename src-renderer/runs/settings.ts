import type { Run, SettingDescription } from '../../src-main/contract/index.ts'
import { environmentNames, methodMarks } from '../text/names.ts'
import { formatCount } from '../text/numbers.ts'

export interface SettingRow {
  name: string
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

type Descriptions = ReadonlyMap<string, SettingDescription>

/** Everything that was settled before the run began, in the groups of its descriptions. */
export function describeSettings(run: Run, descriptions: Descriptions): SettingGroup[] {
  const { method, task, settings, steps, recording } = run.specification
  const groups = new Map<string, SettingRow[]>()
  const put = (group: string, row: SettingRow) => groups.set(group, [...(groups.get(group) ?? []), row])

  put(
    environmentNames[task.environment],
    plain('steps', 'policy steps', 'Length of the run', formatCount(steps)),
  )
  for (const [name, value] of Object.entries(task.parameters)) {
    const description = descriptions.get(`${task.environment}.${name}`)
    put(environmentNames[task.environment], toRow(name, value, description))
  }
  for (const [name, value] of flatten(settings)) {
    const description =
      descriptions.get(`${method}.${name}`) ?? descriptions.get(name) ?? bySuffix(name, descriptions)
    put(description?.group ?? methodMarks[method].label, toRow(name, value, description))
  }
  for (const [name, value] of Object.entries(recording)) put('Recording', toRow(name, value, undefined))
  return [...groups].map(([title, rows]) => ({ title, rows }))
}

/** SQRL is built upon SAC, so that a run of one method may have settings that the other describes. */
function bySuffix(name: string, descriptions: Descriptions): SettingDescription | undefined {
  return descriptions.values().find((description) => description.name.endsWith(`.${name}`))
}

/** Settings of settings get dotted names, as on the command line. */
function flatten(values: Readonly<Record<string, unknown>>, prefix = ''): [string, unknown][] {
  return Object.entries(values).flatMap(([name, value]) =>
    isRecord(value)
      ? flatten(value, `${prefix}${name}.`)
      : [[`${prefix}${name}`, value] as [string, unknown]],
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toRow(name: string, value: unknown, description: SettingDescription | undefined): SettingRow {
  return {
    name,
    symbol: description?.symbol ?? null,
    unit: description?.unit ?? null,
    help: description?.help ?? '',
    value: formatValue(value),
    isDefault: description === undefined || JSON.stringify(description.default) === JSON.stringify(value),
  }
}

function plain(name: string, unit: string, help: string, value: string): SettingRow {
  return { name, symbol: null, unit, help, value, isDefault: true }
}

export function formatValue(value: unknown): string {
  if (value === null) return 'all'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value
  if (Array.isArray(value)) {
    // Rows of a map stand under each other; numbers stand in a line.
    if (value.every((entry) => typeof entry === 'string')) return value.join('\n')
    return value.map(formatValue).join(', ')
  }
  return JSON.stringify(value)
}
