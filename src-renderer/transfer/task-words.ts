import type { SettingDescription, TargetDescription, Task } from '../../src-main/contract/index.ts'
import { formatValue } from '../runs/settings.ts'
import { isNumbers } from './values.ts'
import { labelOf } from './words.ts'

/** One parameter as words: `goal velocity 0.4 m/s`, `foot friction 0.5 to 1.25`. */
export function parameterWords(description: SettingDescription, value: unknown): string {
  const name = labelOf(description.name).toLowerCase()
  if (description.kind === 'lines') return `another ${name}`
  const [low, high] = description.kind === 'range' && isNumbers(value) ? value : []
  const text =
    low === undefined || high === undefined
      ? formatValue(value)
      : low === high
        ? formatValue(low)
        : `${formatValue(low)} to ${formatValue(high)}`
  return [name, text, description.unit].filter(Boolean).join(' ')
}

/** What a task has otherwise than another one, as words. */
export function differenceWords(
  task: Task,
  other: Task,
  descriptions: readonly SettingDescription[],
): string {
  return descriptions
    .filter(({ name }) => !isSame(task.parameters[name], other.parameters[name]))
    .map((description) => parameterWords(description, task.parameters[description.name]))
    .join(', ')
}

/** Whether a task is this target in everything that the target settles. */
export function isTarget({ targetTask }: TargetDescription, task: Task | null): boolean {
  return (
    task !== null && Object.entries(targetTask).every(([name, value]) => isSame(task.parameters[name], value))
  )
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
