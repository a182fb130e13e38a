import type { SettingDescription, TransferRequest, UncheckedRequest } from '../../src-main/contract/index.ts'

/** A value as its field has it: what the request takes, or the text as typed where that is none. */
export type FormValue = number | boolean | string | readonly number[] | readonly string[]
export type FormValues = Readonly<Record<string, FormValue>>

/** What a transfer can start from, beside a pre-training of its own. */
export type StartKind = 'new' | 'pretrained' | 'pretrainedRun' | 'checkpoint'

/** A request as the form holds it; parts may be wrong. */
export interface FormRequest {
  name: string
  environment: string
  methods: readonly string[]
  /** A text where it does not read as numbers. */
  seeds: readonly number[] | string
  preset: string
  start: { kind: StartKind; id: number | null }
  pretrainSteps: FormValue | null
  finetuneSteps: FormValue | null
  pretrainTask: FormValues
  targetTask: FormValues
  settings: FormValues
}

export function newRequest(): FormRequest {
  return {
    name: '',
    environment: 'drunk-spider',
    methods: ['sqrl', 'sac'],
    seeds: [0, 1, 2],
    preset: 'quick',
    start: { kind: 'new', id: null },
    pretrainSteps: null,
    finetuneSteps: null,
    pretrainTask: {},
    targetTask: {},
    settings: {},
  }
}

const startKinds = ['pretrained', 'pretrainedRun', 'checkpoint'] as const

/** Of whatever a draft or a file holds, as much as the form can show. */
export function toForm(request: UncheckedRequest): FormRequest {
  const base = newRequest()
  const kind = startKinds.find((name) => request[name] !== undefined)
  const id = kind === undefined ? null : request[kind]
  return {
    name: typeof request.name === 'string' ? request.name : '',
    environment: typeof request.environment === 'string' ? request.environment : base.environment,
    methods: isTexts(request.methods) ? request.methods : base.methods,
    seeds: isNumbers(request.seeds) || typeof request.seeds === 'string' ? request.seeds : base.seeds,
    preset: typeof request.preset === 'string' ? request.preset : base.preset,
    start: { kind: kind ?? 'new', id: typeof id === 'number' ? id : null },
    pretrainSteps: isValue(request.pretrainSteps) ? request.pretrainSteps : null,
    finetuneSteps: isValue(request.finetuneSteps) ? request.finetuneSteps : null,
    pretrainTask: toValues(request.pretrainTask),
    targetTask: toValues(request.targetTask),
    settings: toValues(request.settings),
  }
}

/** What the lab is asked for. Pre-training is left out of it where it is done already. */
export function fromForm(form: FormRequest): UncheckedRequest {
  const { name, start, pretrainSteps, finetuneSteps, pretrainTask, settings } = form
  const isDone = start.kind === 'pretrainedRun' || start.kind === 'checkpoint'
  const kept = Object.entries(settings).filter(([key]) => !isDone || !key.startsWith('pretrain.'))
  return {
    ...(name.trim() === '' ? {} : { name }),
    environment: form.environment,
    methods: form.methods,
    seeds: form.seeds,
    preset: form.preset,
    ...(start.kind === 'new' ? {} : { [start.kind]: start.id ?? 'none' }),
    ...(pretrainSteps === null || isDone ? {} : { pretrainSteps }),
    ...(finetuneSteps === null ? {} : { finetuneSteps }),
    pretrainTask: isDone ? {} : pretrainTask,
    targetTask: form.targetTask,
    settings: Object.fromEntries(kept),
  }
}

/** Null takes the value back to its default. */
export function withValue(values: FormValues, name: string, value: FormValue | null): FormValues {
  const { [name]: _, ...others } = values
  return value === null ? others : { ...others, [name]: value }
}

/** A request as a form of its own: that of an experiment, or of one run of it. */
export function cloneRequest(request: TransferRequest, only?: { method: string; seed: number }): FormRequest {
  const form = toForm({ ...request })
  return only ? { ...form, methods: [only.method], seeds: [only.seed] } : form
}

/** What a field's text means to the lab; what it cannot mean stays the text, and the lab says what is wrong with it. */
export function parseField(kind: SettingDescription['kind'], text: string): FormValue | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  switch (kind) {
    case 'number':
    case 'integer':
      return toNumber(trimmed) ?? trimmed
    case 'numbers': {
      const numbers = trimmed.split(/[\s,;]+/).map(toNumber)
      return numbers.every((number) => number !== null) ? numbers : trimmed
    }
    default:
      return trimmed
  }
}

/** `0-4, 7` as numbers; the text itself where it is none. */
export function parseSeeds(text: string): readonly number[] | string {
  const parts = text.split(/[\s,;]+/).filter(Boolean)
  const seeds = parts.flatMap((part) => {
    const range = /^(\d+)[-–](\d+)$/.exec(part)
    if (!range) return /^\d+$/.test(part) ? [Number(part)] : [Number.NaN]
    const [from, to] = [Number(range[1]), Number(range[2])]
    return to < from || to - from > 1000
      ? [Number.NaN]
      : Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
  return seeds.some(Number.isNaN) ? text : [...new Set(seeds)]
}

/** Numbers in a row, such as 0 to 4, as a range. */
export function formatSeeds(seeds: readonly number[] | string): string {
  if (typeof seeds === 'string') return seeds
  const ranges: [number, number][] = []
  for (const seed of seeds) {
    const last = ranges.at(-1)
    if (last && seed === last[1] + 1) last[1] = seed
    else ranges.push([seed, seed])
  }
  return ranges.map(([a, b]) => (a === b ? `${a}` : b === a + 1 ? `${a}, ${b}` : `${a}-${b}`)).join(', ')
}

function toNumber(text: string): number | null {
  const value = Number(text.replace('−', '-'))
  return text === '' || Number.isNaN(value) ? null : value
}

function toValues(values: unknown): FormValues {
  if (typeof values !== 'object' || values === null) return {}
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, FormValue] => isValue(entry[1])),
  )
}

function isValue(value: unknown): value is FormValue {
  return ['number', 'boolean', 'string'].includes(typeof value) || isNumbers(value) || isTexts(value)
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'number')
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string')
