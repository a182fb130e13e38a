import type { CsvColumn } from '../../src-main/contract/figures/csv.ts'
import type { Figure } from '../../src-main/contract/figures/figure.ts'
import { type GroupLook, shortName } from '../../src-main/contract/figures/group-looks.ts'
import { resultNames } from '../../src-main/contract/figures/results.ts'
import type { Brush, ComparisonStatistics, SettingDifferences } from '../../src-main/contract/index.ts'
import { formatValue } from '../../src-main/contract/setting-words.ts'
import { formatFigure } from '../text/numbers.ts'

type End = Brush['from']

export interface ParallelAxis {
  name: string
  label: string
  /** Of each run, from 0 at the bottom to 1 at the top; null where it has none. */
  places: readonly (number | null)[]
  /** As they stand in the table. */
  values: readonly (End | null)[]
  marks: { at: number; text: string }[]
  /** How far a key moves the end of a range. */
  step: number
  endAt(place: number): End
  textAt(place: number): string
  placeOf(end: End): number | null
}

export interface ParallelRun {
  id: number
  seed: number
  look: GroupLook
}

export interface Parallel {
  axes: ParallelAxis[]
  runs: ParallelRun[]
  /** Settings for which there is no room. */
  left: number
}

const identity = ['run', 'experiment', 'seed']
const figures = ['failureRate', 'successRate', 'finalReturn'] as const
/** More axes than these lie too close to be read; the table has all of them. */
const MOST_SETTINGS = 8
/** From this ratio of the greatest to the least on, magnitudes are shown rather than sizes. */
const MAGNITUDES = 100

/** What a run was pre-trained with comes last of its settings. */
const rankOf = (name: string) => (name === 'method' ? 0 : name.startsWith('pretraining.') ? 2 : 1)

/** An axis for each setting that differs, the method first, then the figures that came of them. */
export function parallelOf(
  differences: SettingDifferences,
  { results }: ComparisonStatistics,
  looks: ReadonlyMap<string, GroupLook>,
): Parallel {
  const known = new Map(
    results.flatMap(({ groupId, runs }) => {
      const look = looks.get(groupId)
      return look ? runs.map((run) => [run.id, { run, look }] as const) : []
    }),
  )
  const places = differences.runIds.flatMap((id, place) => (known.has(id) ? [place] : []))
  const found = places.flatMap((place) => known.get(differences.runIds[place] ?? 0) ?? [])
  const settings = differences.rows
    .filter(({ name }) => !identity.includes(name))
    .toSorted((a, b) => rankOf(a.name) - rankOf(b.name))
  return {
    runs: found.map(({ run, look }) => ({ id: run.id, seed: run.seed, look })),
    left: Math.max(0, settings.length - MOST_SETTINGS),
    axes: [
      ...settings.slice(0, MOST_SETTINGS).map(({ name, values }) =>
        toAxis(
          name,
          shortName(name),
          places.map((place) => {
            const value = values[place] ?? null
            return value === null || typeof value === 'number' ? value : formatValue(value)
          }),
        ),
      ),
      ...figures.map((figure) => {
        const { label, unit, scale } = resultNames[figure]
        const values = found.map(({ run: { figures: own } }) => {
          const value = own[figure]
          return value === null ? null : value * scale
        })
        return toAxis(figure, unit ? `${label} (${unit})` : label, values)
      }),
    ],
  }
}

function toAxis(name: string, label: string, values: readonly (End | null)[]): ParallelAxis {
  const numbers = values.filter((value) => typeof value === 'number')
  const isOfNumbers =
    numbers.length > 0 && values.every((value) => value === null || typeof value === 'number')
  return isOfNumbers ? numberAxis(name, label, values, numbers) : wordAxis(name, label, values)
}

function numberAxis(
  name: string,
  label: string,
  values: readonly (End | null)[],
  numbers: readonly number[],
): ParallelAxis {
  const [least, greatest] = [Math.min(...numbers), Math.max(...numbers)]
  const isByMagnitude = least > 0 && greatest / least >= MAGNITUDES
  const [toScale, fromScale] = isByMagnitude ? [Math.log, Math.exp] : [Number, Number]
  const [low, high] = [toScale(least), toScale(greatest)]
  const placeOf = (end: End) => {
    if (typeof end !== 'number') return null
    if (low === high) return 0.5
    return Math.min(
      1,
      Math.max(0, (toScale(Math.max(end, isByMagnitude ? Number.MIN_VALUE : end)) - low) / (high - low)),
    )
  }
  const valueAt = (place: number) =>
    place <= 0 ? least : place >= 1 ? greatest : Number(fromScale(low + place * (high - low)).toPrecision(4))
  const marked = low === high ? [0.5] : [0, 0.5, 1]
  return {
    name,
    label,
    values,
    places: values.map((value) => (value === null ? null : placeOf(value))),
    marks: marked.map((at) => ({ at, text: formatFigure(valueAt(at)) })),
    step: 0.05,
    endAt: valueAt,
    textAt: (place) => formatFigure(valueAt(place)),
    placeOf,
  }
}

/** Words in their order, evenly apart. */
function wordAxis(name: string, label: string, values: readonly (End | null)[]): ParallelAxis {
  const words = [...new Set(values.flatMap((value) => (value === null ? [] : [String(value)])))].sort()
  const last = Math.max(1, words.length - 1)
  const byWord = new Map(words.map((word, index) => [word, words.length === 1 ? 0.5 : index / last]))
  const placeOf = (end: End) => byWord.get(String(end)) ?? null
  const wordAt = (place: number) => words[Math.round(place * last)] ?? words.at(-1) ?? ''
  return {
    name,
    label,
    values,
    places: values.map((value) => (value === null ? null : placeOf(value))),
    marks: [...byWord].map(([text, at]) => ({ at, text })),
    step: 1 / last,
    endAt: wordAt,
    textAt: wordAt,
    placeOf,
  }
}

export interface Band {
  from: number
  to: number
}

/** Where a range lies on its axis; null where it names what the axis has not. */
export function bandOf(axis: ParallelAxis, brushes: readonly Brush[]): Band | null {
  const brush = brushes.find((one) => one.axis === axis.name)
  if (brush === undefined) return null
  const [a, b] = [axis.placeOf(brush.from), axis.placeOf(brush.to)]
  return a === null || b === null ? null : { from: Math.min(a, b), to: Math.max(a, b) }
}

/** Rounding of places, which are worked out to and fro. */
const SLACK = 1e-9

/** Ids of the runs inside all ranges; null where there is no range. */
export function runsWithin({ axes, runs }: Parallel, brushes: readonly Brush[]): ReadonlySet<number> | null {
  const bands = axes.flatMap((axis) => {
    const band = bandOf(axis, brushes)
    return band === null ? [] : [{ axis, band }]
  })
  if (bands.length === 0) return null
  return new Set(
    runs.flatMap(({ id }, index) =>
      bands.every(({ axis, band }) => {
        const place = axis.places[index] ?? null
        return place !== null && place >= band.from - SLACK && place <= band.to + SLACK
      })
        ? [id]
        : [],
    ),
  )
}

/** The brushes with that of one axis set anew; a range over the whole axis is none. */
export function withBand(brushes: readonly Brush[], axis: ParallelAxis, band: Band | null): Brush[] {
  const others = brushes.filter((one) => one.axis !== axis.name)
  if (band === null || (band.from <= 0 && band.to >= 1)) return others
  return [...others, { axis: axis.name, from: axis.endAt(band.from), to: axis.endAt(band.to) }]
}

export function describeParallel({ axes, runs }: Parallel, within: ReadonlySet<number> | null): string {
  const chosen = within === null ? '' : ` ${within.size} of them lie within the ranges chosen.`
  return `Settings and figures of ${runs.length === 1 ? '1 run' : `${runs.length} runs`} on ${axes.length} axes: ${axes.map(({ label }) => label).join(', ')}.${chosen}`
}

/** For print: an axis at each whole number, with its least and its greatest value. */
export function parallelFigure({ axes, runs }: Parallel, within: ReadonlySet<number> | null): Figure {
  const named = new Set<string>()
  return {
    title: 'Settings and figures of each run',
    xLabel: '',
    yLabel: '',
    caption: `A line for each run in the colour of its group; each axis goes from its least value to its greatest.${within === null ? '' : ' Faint: runs outside the ranges chosen.'}`,
    x: { from: -0.2, to: axes.length - 0.6 },
    y: { from: -0.04, to: 1.08 },
    formatX: (at) => (Number.isInteger(at) ? (axes[at]?.label ?? '') : ''),
    formatY: () => '',
    thresholds: axes.map((_, at) => ({ axis: 'x', at, label: '', colour: 'var(--line-control)' })),
    points: axes.flatMap(({ marks }, x) =>
      marks.map(({ at, text }) => ({
        label: text,
        x,
        y: at,
        colour: 'var(--ink-muted)',
        marker: 'circle' as const,
        size: 1.5,
        text,
      })),
    ),
    lines: runs.map(({ id, look }, index) => {
      const isFirst = !named.has(look.id)
      named.add(look.id)
      return {
        label: look.label,
        x: axes.map((_, at) => at),
        y: axes.map(({ places }) => places[index] ?? Number.NaN),
        colour: look.colour,
        dash: look.dash,
        width: 1.25,
        opacity: within === null || within.has(id) ? 0.8 : 0.12,
        key: look.id,
        isAside: !isFirst,
      }
    }),
  }
}

export function parallelColumns({ axes, runs }: Parallel, within: ReadonlySet<number> | null): CsvColumn[] {
  return [
    { name: 'run', values: runs.map(({ id }) => id) },
    { name: 'group', values: runs.map(({ look }) => look.label) },
    { name: 'seed', values: runs.map(({ seed }) => seed) },
    ...axes.map(({ label, values }) => ({ name: label, values })),
    ...(within === null
      ? []
      : [{ name: 'within the ranges', values: runs.map(({ id }) => (within.has(id) ? 'yes' : 'no')) }]),
  ]
}
