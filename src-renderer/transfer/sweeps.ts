import type { Run, SettingDescription } from '../../src-main/contract/index.ts'
import { formatValue } from '../runs/settings.ts'
import type { FormValue, FormValues } from './request.ts'
import { isSingle, parseField, type SingleValue } from './values.ts'

/** Several values as their field has them; parts may be half typed. */
export type SweptValue =
  | { readonly each: readonly SingleValue[] }
  | { readonly uniform: readonly SingleValue[] }
  | { readonly logUniform: readonly SingleValue[] }
export type SweepKind = 'each' | 'uniform' | 'logUniform'

export const sweepKinds: readonly { kind: SweepKind; label: string }[] = [
  { kind: 'each', label: 'Each of' },
  { kind: 'uniform', label: 'Drawn evenly' },
  { kind: 'logUniform', label: 'Drawn by magnitude' },
]

export function isSwept(value: unknown): value is SweptValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const [entry, ...others] = Object.entries(value)
  return (
    others.length === 0 && sweepKinds.some(({ kind }) => kind === entry?.[0]) && Array.isArray(entry?.[1])
  )
}

export const hasDrawn = (values: FormValues): boolean =>
  Object.values(values).some((value) => isSwept(value) && !('each' in value))

export const kindOfSweep = (value: SweptValue): SweepKind =>
  'each' in value ? 'each' : 'uniform' in value ? 'uniform' : 'logUniform'

export function partsOf(value: SweptValue): readonly SingleValue[] {
  if ('each' in value) return value.each
  return 'uniform' in value ? value.uniform : value.logUniform
}

/** Several values in place of one: a list that begins with it. */
export function sweepFrom(value: unknown): SweptValue {
  const first = isSwept(value) ? partsOf(value)[0] : value
  return { each: isSingle(first) ? [first] : [] }
}

/** The other kind, with as much of what was typed as makes sense there. */
export function changeKind(value: SweptValue, kind: SweepKind): SweptValue {
  const parts = partsOf(value)
  if (kind === 'each') return { each: parts }
  const numbers = parts.filter((part) => typeof part === 'number')
  const low = Math.min(...numbers)
  const high = Math.max(...numbers)
  const bounds: SingleValue[] = numbers.length === 0 ? ['', ''] : [low, high > low ? high : '']
  return kind === 'uniform' ? { uniform: bounds } : { logUniform: bounds }
}

/** `0.1, 0.2`, or `256, 256; 64, 64` where each value is a list itself. */
export function parseList(kind: SettingDescription['kind'], text: string): SingleValue[] {
  const parts = text.split(kind === 'numbers' || kind === 'range' ? ';' : /[\s,;]+/)
  return parts.map((part) => parseField(kind, part)).filter((part) => part !== null)
}

export const formatList = (values: readonly SingleValue[]): string =>
  values.map(formatValue).join(values.some(Array.isArray) ? '; ' : ', ')

/** The values that a run had of what was swept; what it cannot know of, such as a setting of the other phase, stays swept. */
export function settleFor(
  { specification: { phase, task, settings } }: Run,
  entry: 'pretrainTask' | 'targetTask' | 'settings',
  values: FormValues,
): FormValues {
  const ofRun = (name: string): unknown => {
    if (entry !== 'settings')
      return (entry === 'pretrainTask') === (phase === 'pretrain') ? task.parameters[name] : null
    const [first = '', ...rest] = name.split('.')
    const isOfPhase = first === 'pretrain' || first === 'finetune'
    if (isOfPhase && first !== phase) return null
    const [group = '', key = ''] = isOfPhase ? rest : [first, ...rest]
    return Object.entries(settings[group] ?? {}).find(([own]) => own === key)?.[1]
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, FormValue] => {
      const own = isSwept(value) ? ofRun(name) : null
      return [name, isSingle(own) ? own : value]
    }),
  )
}
