import { createHash } from 'node:crypto'
import type { z } from 'zod'
import {
  isSeveral,
  type SettingValue,
  type SeveralValues,
  type SweepableValue,
  severalValues,
} from '../contract/setting-values.ts'
import { sweptEntries, type transferRequest } from '../contract/transfer.ts'
import type { SweepSummary } from '../contract/transfer-plan.ts'
import { seededRandom } from '../random.ts'
import type { Problems } from './problems.ts'
import { settingDescriptions } from './settings.ts'

type Request = z.output<typeof transferRequest>
type Entry = (typeof sweptEntries)[number]

/** A request in which every setting has one value. */
export type SettledRequest = Omit<Request, Entry> & Record<Entry, Record<string, SettingValue>>

interface Axis {
  entry: Entry
  name: string
  several: SeveralValues
}

/** Fine-tuning runs of one request; more would take weeks, and no table of results shows them. */
export const MOST_RUNS = 500
const SHOWN_COMBINATIONS = 100
/** Of drawn numbers: enough to tell them apart, few enough to be read. */
const DIGITS = 4

export interface Sweep {
  requests: SettledRequest[]
  /** Null where every setting has one value. */
  summary: SweepSummary | null
}

/**
 * One request for each combination of values: lists make a grid; what is drawn is drawn together, `draws.count` times, and each draw is tried with
 * each point of the grid. Where nothing is swept that is the request itself.
 */
export function spreadOut(request: Request, problems: Problems): Sweep {
  const axes = axesOf(request)
  if (axes.length === 0) return { requests: [settle(request, new Map())], summary: null }
  if (!areFewEnough(request, axes, problems) || !canBeDrawn(request, axes, problems))
    return { requests: [settle(request, new Map())], summary: null }
  const listed = axes.filter(({ several }) => 'each' in several)
  const drawn = axes.filter(({ several }) => !('each' in several))
  const grid = listed.reduce<Map<Axis, SettingValue>[]>(
    (points, axis) =>
      points.flatMap((point) => valuesOf(axis).map((value) => new Map(point).set(axis, value))),
    [new Map()],
  )
  const { count, seed } = request.draws ?? { count: 1, seed: 0 }
  const drawnValues = drawn.map((axis) => [axis, draw(request, axis, count, seed)] as const)
  const points = grid.flatMap((point) =>
    Array.from({ length: drawn.length === 0 ? 1 : count }, (_, index) => {
      const full = new Map(point)
      for (const [axis, values] of drawnValues) full.set(axis, values[index] ?? 0)
      return full
    }),
  )
  return {
    requests: points.map((point) => settle(request, point)),
    summary: summarize(request, axes, points),
  }
}

/** The traits of a run by which combinations of a sweep are told apart, as comparisons name them. */
export function sweptTraits(request: Request): string[] {
  return axesOf(request).map(({ entry, name }) => {
    if (entry === 'pretrainTask') return `pretraining.${name}`
    return name.replace(/^finetune\./, '').replace(/^pretrain\./, 'pretraining.')
  })
}

/** The first of several values, or the value itself: what a half-typed request can be shown with. */
export function firstValue(value: unknown): unknown {
  const parsed = severalValues.safeParse(value)
  if (!parsed.success) return value
  if ('each' in parsed.data) return parsed.data.each[0]
  return ('uniform' in parsed.data ? parsed.data.uniform : parsed.data.logUniform)[0]
}

function axesOf(request: Request): Axis[] {
  return sweptEntries.flatMap((entry) =>
    Object.entries(request[entry]).flatMap(([name, several]) =>
      isSeveral(several) ? [{ entry, name, several }] : [],
    ),
  )
}

function settle(request: Request, point: ReadonlyMap<Axis, SettingValue>): SettledRequest {
  const values = [...point]
  const settled = (entry: Entry) =>
    Object.fromEntries(
      Object.entries(request[entry]).flatMap(([name, value]: [string, SweepableValue]) => {
        if (!isSeveral(value)) return [[name, value]]
        const chosen = values.find(([axis]) => axis.entry === entry && axis.name === name)?.[1]
        return chosen === undefined ? [] : [[name, chosen]]
      }),
    )
  return {
    ...request,
    pretrainTask: settled('pretrainTask'),
    targetTask: settled('targetTask'),
    settings: settled('settings'),
  }
}

function areFewEnough(request: Request, axes: readonly Axis[], problems: Problems): boolean {
  const drawn = axes.some(({ several }) => !('each' in several)) ? (request.draws?.count ?? 1) : 1
  const combinations = axes.reduce(
    (product, { several }) => product * ('each' in several ? several.each.length : 1),
    drawn,
  )
  const runs = combinations * new Set(request.methods).size * new Set(request.seeds).size
  const [first] = axes
  if (runs <= MOST_RUNS || !first) return true
  const sentence = `These are ${combinations.toLocaleString('en')} combinations and, with the methods and seeds, ${runs.toLocaleString('en')} fine-tuning runs; at most ${MOST_RUNS.toLocaleString('en')} are started at once. Try fewer values, draws, methods or seeds.`
  problems.add({ path: [first.entry, first.name], message: sentence, sentence })
  return false
}

/** Only a single number can lie between two others. */
function canBeDrawn(request: Request, axes: readonly Axis[], problems: Problems): boolean {
  const wrong = axes.filter(
    (axis) => !('each' in axis.several) && !['number', 'integer', null].includes(kindOf(request, axis)),
  )
  for (const { entry, name } of wrong) {
    const message = `${name} is no single number, so it cannot be drawn between two. Give a list of values instead.`
    problems.add({ path: [entry, name], message, sentence: message })
  }
  return wrong.length === 0
}

/** Null where there is no such setting, which is said elsewhere. */
function kindOf({ environment }: Request, { entry, name }: Axis): string | null {
  const bare = name.replace(/^(pretrain|finetune)\./, '')
  const found = settingDescriptions().find((item) =>
    entry === 'settings' ? item.name === bare : item.group === environment && item.name === name,
  )
  return found?.kind ?? null
}

function valuesOf({ several }: Axis): SettingValue[] {
  if (!('each' in several)) return []
  const known = new Map(several.each.map((value) => [JSON.stringify(value), value]))
  return [...known.values()]
}

/** Each setting has a stream of its own, so that drawing another one beside it changes nothing. */
function draw(request: Request, axis: Axis, count: number, seed: number): number[] {
  const { entry, name, several } = axis
  if ('each' in several) return []
  const hash = createHash('sha256').update(`${seed} ${entry} ${name}`).digest()
  const random = seededRandom(hash.readUInt32LE())
  const isWhole = kindOf(request, axis) === 'integer'
  const [from, to] = 'uniform' in several ? several.uniform : several.logUniform
  return Array.from({ length: count }, () => {
    const share = random.uniform()
    if ('uniform' in several) {
      if (isWhole) return Math.floor(Math.ceil(from) + share * (Math.floor(to) - Math.ceil(from) + 1))
      return readable(from + share * (to - from), from, to)
    }
    const value = from * (to / from) ** share
    return isWhole ? Math.round(value) : readable(value, from, to)
  })
}

function readable(value: number, from: number, to: number): number {
  return Math.min(to, Math.max(from, Number(value.toPrecision(DIGITS))))
}

function summarize(
  request: Request,
  axes: readonly Axis[],
  points: readonly ReadonlyMap<Axis, SettingValue>[],
): SweepSummary {
  const isDone = request.pretrainedRun !== undefined || request.checkpoint !== undefined
  return {
    axes: axes.map((axis) => ({
      where: axis.entry,
      name: axis.name,
      isDrawn: !('each' in axis.several),
      sharesPretraining: isDone || axis.entry === 'targetTask' || axis.name.startsWith('finetune.'),
      values: [
        ...new Map(
          points.map((point) => [JSON.stringify(point.get(axis)), point.get(axis) ?? null]),
        ).values(),
      ],
    })),
    combinations: points.length,
    first: points.slice(0, SHOWN_COMBINATIONS).map((point) => axes.map((axis) => point.get(axis) ?? null)),
  }
}
