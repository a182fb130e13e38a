import type { Run, TransferRequest, UncheckedRequest } from '../../src-main/contract/index.ts'
import { hasDrawn, isSwept, type SweptValue, settleFor } from './sweeps.ts'
import { isNumbers, isSingle, isTexts, type SingleValue } from './values.ts'

/** One value, or several to be tried. */
export type FormValue = SingleValue | SweptValue
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
  /** Counts only where a value is to be drawn. */
  draws: { count: SingleValue; seed: SingleValue }
}

const usualDraws = { count: 8, seed: 0 }

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
    draws: usualDraws,
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
    draws: toDraws(request.draws),
  }
}

/** What the lab is asked for. Pre-training is left out of it where it is done already. */
export function fromForm(form: FormRequest): UncheckedRequest {
  const { name, start, pretrainSteps, finetuneSteps, pretrainTask, settings } = form
  const isDone = start.kind === 'pretrainedRun' || start.kind === 'checkpoint'
  const kept = Object.entries(settings).filter(([key]) => !isDone || !key.startsWith('pretrain.'))
  const isDrawn = [isDone ? {} : pretrainTask, form.targetTask, Object.fromEntries(kept)].some(hasDrawn)
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
    ...(isDrawn ? { draws: form.draws } : {}),
  }
}

/** What another environment has presets of its own for, and so does not take over. */
const isEnvironmentsOwn = (setting: string) => !setting.startsWith('recording.')

/**
 * The request on another environment: names, methods, seeds, budget and records stay; tasks, lengths, settings and what it started from were of
 * the environment before.
 * @param kept what the other environment had when it was left.
 */
export function onEnvironment(
  form: FormRequest,
  environment: string,
  kept: Partial<FormRequest> = {},
): FormRequest {
  const base = newRequest()
  const others = Object.entries(form.settings).filter(([name]) => !isEnvironmentsOwn(name))
  return {
    ...form,
    environment,
    start: kept.start ?? base.start,
    pretrainSteps: kept.pretrainSteps ?? null,
    finetuneSteps: kept.finetuneSteps ?? null,
    pretrainTask: kept.pretrainTask ?? {},
    targetTask: kept.targetTask ?? {},
    settings: { ...kept.settings, ...Object.fromEntries(others) },
    draws: kept.draws ?? base.draws,
  }
}

/** How many values a request would lose on another environment. */
export function countOwn({ start, pretrainSteps, finetuneSteps, ...form }: FormRequest): number {
  const values = [form.pretrainTask, form.targetTask].flatMap(Object.keys)
  const settings = Object.keys(form.settings).filter(isEnvironmentsOwn)
  const others = [start.id, pretrainSteps, finetuneSteps].filter((value) => value !== null)
  return values.length + settings.length + others.length
}

/** Null takes the value back to its default. */
export function withValue(values: FormValues, name: string, value: FormValue | null): FormValues {
  const { [name]: _, ...others } = values
  return value === null ? others : { ...others, [name]: value }
}

/** A request as a form of its own: that of an experiment, or of one run of it, with the values that this run had of what was swept. */
export function cloneRequest(request: TransferRequest, run?: Run): FormRequest {
  const form = toForm({ ...request })
  if (run === undefined) return form
  const { method, seed } = run.specification
  return {
    ...form,
    methods: [method],
    seeds: [seed],
    pretrainTask: settleFor(run, 'pretrainTask', form.pretrainTask),
    targetTask: settleFor(run, 'targetTask', form.targetTask),
    settings: settleFor(run, 'settings', form.settings),
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

function toValues(values: unknown): FormValues {
  if (typeof values !== 'object' || values === null) return {}
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, FormValue] => isValue(entry[1])),
  )
}

function toDraws(draws: unknown): FormRequest['draws'] {
  const { count, seed } =
    typeof draws === 'object' && draws !== null ? { ...usualDraws, ...draws } : usualDraws
  return { count: isSingle(count) ? count : usualDraws.count, seed: isSingle(seed) ? seed : usualDraws.seed }
}

const isValue = (value: unknown): value is FormValue => isSingle(value) || isSwept(value)
