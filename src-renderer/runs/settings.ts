import type { Run, SettingDescription } from '../../src-main/contract/index.ts'
import { environmentNames, methodMarks } from '../text/names.ts'
import { type Descriptions, describedParameter } from './descriptions.ts'

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

export function formatValue(value: unknown): string {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value
  if (Array.isArray(value)) {
    // Rows of a map stand under each other; numbers stand in a line.
    if (value.every((entry) => typeof entry === 'string')) return value.join('\n')
    return value.map(formatValue).join(', ')
  }
  return formatSeveral(value) ?? JSON.stringify(value)
}

/** Several values of a sweep as words; null for whatever else it is. */
function formatSeveral(value: unknown): string | null {
  if (!isRecord(value)) return null
  const { each, uniform, logUniform } = value
  if (Array.isArray(each)) {
    if (each.length > 12) {
      const numbers = each.filter((part) => typeof part === 'number')
      const range =
        numbers.length === each.length ? `, ${Math.min(...numbers)} to ${Math.max(...numbers)}` : ''
      return `${each.length} values${range}`
    }
    const words = each.map((part) => (Array.isArray(part) ? `(${formatValue(part)})` : formatValue(part)))
    return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  }
  const range = uniform ?? logUniform
  if (!Array.isArray(range)) return null
  return `${range.map(formatValue).join(' to ')}, drawn${logUniform === undefined ? '' : ' by magnitude'}`
}
