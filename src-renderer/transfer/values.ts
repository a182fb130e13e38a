import type { SettingDescription } from '../../src-main/contract/index.ts'

/** One value as its field has it: what the request takes, or the text as typed where that is none. */
export type SingleValue = number | boolean | string | readonly (number | string)[]

/** What a field's text means to the lab; what it cannot mean stays the text, and the lab says what is wrong with it. */
export function parseField(kind: SettingDescription['kind'], text: string): SingleValue | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  switch (kind) {
    case 'number':
    case 'integer':
      return toNumber(trimmed) ?? trimmed
    case 'numbers':
    case 'range': {
      const numbers = trimmed.split(/[\s,;]+/).map(toNumber)
      return numbers.every((number) => number !== null) ? numbers : trimmed
    }
    default:
      return trimmed
  }
}

function toNumber(text: string): number | null {
  const value = Number(text.replace('−', '-'))
  return text === '' || Number.isNaN(value) ? null : value
}

export function isSingle(value: unknown): value is SingleValue {
  if (Array.isArray(value)) return value.every((entry) => ['number', 'string'].includes(typeof entry))
  return ['number', 'boolean', 'string'].includes(typeof value)
}

export const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'number')
export const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string')
