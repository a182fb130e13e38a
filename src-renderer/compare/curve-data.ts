import type { CsvColumn } from '../../src-main/contract/figures/csv.ts'
import { axisNames, type FigureName, formatX } from '../../src-main/contract/figures/curve-names.ts'
import {
  type Extent,
  extentOf,
  type Figure,
  type FigureLine,
} from '../../src-main/contract/figures/figure.ts'
import type { GroupLook } from '../../src-main/contract/figures/group-looks.ts'
import type {
  Average,
  ComparisonView,
  Facet,
  PackableArray,
  RunGroup,
} from '../../src-main/contract/index.ts'
import type { ChartData, Curve, Zoom } from '../charts/curves.ts'
import { yRange } from '../charts/options.ts'
import { trailingMean } from '../charts/smoothing.ts'
import { formatMark } from '../text/numbers.ts'

/** What came from the lab for some figures of some groups. */
export interface UnpackedCurves {
  groups: readonly RunGroup[]
  figures: readonly string[]
  facets: readonly Facet[]
  differsBetweenFacets: readonly string[]
  refusals: readonly { groupId: string; text: string; areTasksMixed: boolean }[]
  metricNames: readonly string[]
  missing: readonly number[]
  end: number
  arrays: Readonly<Record<string, PackableArray>>
}

export interface CurveOptions {
  smoothing: number
  showsTails: boolean
  /** Whether all runs are drawn that came along, or the chosen ones alone. */
  showsRuns?: boolean
  /** Runs that stand out. */
  marked?: ReadonlySet<number> | null
}

const none = new Float64Array(0)

/** One chart: for each group its average, its band, its runs, and the part that fewer than all of its runs have reached as an aside. */
export function toChartData(
  curves: UnpackedCurves,
  figure: string,
  name: FigureName,
  looks: ReadonlyMap<string, GroupLook>,
  { smoothing, showsTails, showsRuns = true, marked = null }: CurveOptions,
): ChartData {
  const f = curves.figures.indexOf(figure)
  const x = Array.from(curves.arrays.x ?? none)
  if (f < 0) return { x: [], curves: [] }
  const scaled = (array: PackableArray) => Array.from(array, (value) => value * name.scale)
  // Long names do not fit at the end of a line; the groups are named above the charts as well.
  const areNamesShort = curves.groups.every(({ id }) => (looks.get(id)?.label.length ?? 0) <= 10)
  const charted = curves.groups.flatMap((group, g): Curve[] => {
    const look = looks.get(group.id)
    const array = (part: string) => curves.arrays[`${f}/${g}/${part}`] ?? none
    if (look === undefined) return []
    const counts = array('count')
    const most = greatestOf(counts)
    const isWhole = (index: number) => counts[index] === most
    const shown = (values: readonly number[], isShown: (index: number) => boolean) =>
      values.map((value, index) => (Number.isNaN(value) || !isShown(index) ? null : value))
    const visible = (index: number) => showsTails || isWhole(index)
    const mid = scaled(array('mid'))
    const ghosts = group.runs.flatMap(({ id }, r) => {
      const isMarked = marked?.has(id) ?? false
      if (!showsRuns && !isMarked) return []
      const at = curves.arrays[`${f}/${g}/${r}/x`]
      const values = curves.arrays[`${f}/${g}/${r}/y`]
      return at && values ? [{ x: at, y: scaled(values), isMarked }] : []
    })
    const lastWhole = counts.lastIndexOf(most)
    const drawn = smoothing > 1 ? smoothed(mid, smoothing) : mid
    const style = name.isStep ? ('step' as const) : ('line' as const)
    const common = { colour: look.colour, style, key: look.id }
    const main: Curve = {
      ...common,
      label: look.label,
      values: shown(drawn, isWhole),
      width: 2,
      dash: look.dash,
      low: shown(scaled(array('low')), visible),
      high: shown(scaled(array('high')), visible),
      counts,
      ghosts,
      ...(areNamesShort ? { endLabel: look.label } : {}),
    }
    const asides: Curve[] = []
    if (showsTails && drawn.some((value, index) => index > lastWhole && !Number.isNaN(value)))
      asides.push({
        ...common,
        label: `${look.label}, fewer seeds`,
        values: shown(drawn, (index) => index >= lastWhole && !Number.isNaN(drawn[index])),
        width: 1.25,
        dash: [1, 3],
        isAside: true,
      })
    if (smoothing > 1)
      asides.push({
        ...common,
        label: `${look.label}, unsmoothed`,
        values: shown(mid, visible),
        width: 1,
        opacity: 0.4,
        isAside: true,
      })
    return [main, ...asides]
  })
  return {
    x,
    curves: [...charted.filter(({ isAside }) => !isAside), ...charted.filter(({ isAside }) => isAside)],
  }
}

function greatestOf(counts: ArrayLike<number>): number {
  let greatest = 0
  for (let index = 0; index < counts.length; index++) greatest = Math.max(greatest, counts[index] ?? 0)
  return greatest
}

/** Mean of the last values of the grid; where one is missing, of none. */
function smoothed(values: readonly number[], window: number): number[] {
  const from = values.findIndex((value) => !Number.isNaN(value))
  const to = values.findLastIndex((value) => !Number.isNaN(value))
  if (from < 0) return [...values]
  const means = trailingMean(values.slice(from, to + 1), window)
  return values.map((value, index) => (index < from || index > to ? value : (means[index - from] ?? value)))
}

/** What the line and its band are: no band is spoken of where none is drawn. */
export function describeAverage(data: ChartData, groups: readonly RunGroup[], average: Average): string[] {
  const drawn = new Set(
    data.curves.flatMap(({ key, values }) => (values.some((value) => value !== null) ? [key] : [])),
  )
  const counts = groups.flatMap(({ series, runs }) => (drawn.has(series) ? [runs.length] : []))
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  if (counts.length === 0) return []
  const hasBands = data.curves.some(({ low = [] }) => low.some((value) => value !== null))
  const hasTails = data.curves.some(({ isAside, dash }) => isAside && dash !== undefined)
  const seeds = least === most ? `${most} seeds` : `${least} to ${most} seeds`
  const line = `${average === 'mean' ? 'Mean' : 'Interquartile mean'} over ${seeds}`
  return [
    most === 1
      ? 'One seed: its own line, which says nothing about how much seeds differ.'
      : hasBands
        ? `${line}; the band is a 95 % bootstrap interval over seeds.`
        : `${line}.`,
    ...(hasTails ? ['Dotted: fewer than all seeds got this far.'] : []),
  ]
}

/** The numbers as they are drawn, unsmoothed and at full precision; smoothed ones, where they are drawn, stand beside them. */
export function toCsvColumns(
  curves: UnpackedCurves,
  figure: string,
  name: FigureName,
  xTitle: string,
  looks: ReadonlyMap<string, GroupLook>,
  { smoothing, showsTails }: CurveOptions,
): CsvColumn[] {
  const f = curves.figures.indexOf(figure)
  const unit = name.unit ? ` (${name.unit})` : ''
  return [
    { name: xTitle, values: curves.arrays.x ?? none },
    ...curves.groups.flatMap((group, g): CsvColumn[] => {
      const label = looks.get(group.id)?.label ?? group.id
      const array = (part: string) => curves.arrays[`${f}/${g}/${part}`] ?? none
      const counts = array('count')
      const most = greatestOf(counts)
      const scaled = (part: string) =>
        Array.from(array(part), (value, index) =>
          showsTails || counts[index] === most ? value * name.scale : Number.NaN,
        )
      const mid = scaled('mid')
      return [
        { name: `${label}: ${name.label}${unit}`, values: mid },
        ...(smoothing > 1
          ? [{ name: `${label}: smoothed over ${smoothing}`, values: smoothed(mid, smoothing) }]
          : []),
        { name: `${label}: low`, values: scaled('low') },
        { name: `${label}: high`, values: scaled('high') },
        {
          name: `${label}: seeds`,
          values: mid.map((value, index) => (Number.isNaN(value) ? 0 : (counts[index] ?? 0))),
        },
      ]
    }),
  ]
}

/** Least and greatest of everything drawn in the visible part of the x axis; null where nothing is. */
export function extentInSight(data: ChartData, zoom: Zoom | null): Extent | null {
  const x = zoom ?? { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
  const inSight = (values: ArrayLike<number | null> | undefined) =>
    data.x.flatMap((at, index) => {
      const value = values?.[index]
      return value === null || value === undefined || at < x.from || at > x.to ? [] : [value]
    })
  const values = data.curves.flatMap((curve) => [
    ...inSight(curve.values),
    ...inSight(curve.low),
    ...inSight(curve.high),
    ...(curve.ghosts ?? []).flatMap((ghost) =>
      Array.from(ghost.y).filter(
        (_, index) => (ghost.x[index] ?? 0) >= x.from && (ghost.x[index] ?? 0) <= x.to,
      ),
    ),
  ])
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    from = Math.min(from, value)
    to = Math.max(to, value)
  }
  return from <= to ? { from, to } : null
}

/** The chart as a figure for print, with the ranges that the page shows. */
export function toFigure(
  { data, name, title, caption }: { data: ChartData; name: FigureName; title: string; caption: string },
  over: ComparisonView['x'],
  floor: number | null,
  zoom: Zoom | null,
  sight?: Extent | null,
): Figure {
  const x = zoom ?? { from: 0, to: data.x.at(-1) ?? 1 }
  const { from: low, to: high } = sight ?? extentInSight(data, zoom) ?? extentOf([])
  const [from, to] = yRange(low, high, floor)
  const numbers = (list: readonly (number | null)[]) => list.map((value) => value ?? Number.NaN)
  return {
    title,
    caption,
    xLabel: axisNames[over].title,
    yLabel: name.unit ? `${name.label} (${name.unit})` : name.label,
    formatX: formatX(over),
    x,
    y: { from, to },
    formatY: formatMark,
    points: [],
    thresholds: [],
    lines: [
      ...data.curves.flatMap(({ ghosts = [], colour, label }) =>
        ghosts.map(
          (ghost): FigureLine => ({ ...ghost, label, colour, width: 0.75, opacity: 0.35, isAside: true }),
        ),
      ),
      ...data.curves.map(
        ({
          label,
          values: y,
          low: lows,
          high: highs,
          colour,
          style,
          width = 1.5,
          dash = [],
          opacity,
          isAside,
        }): FigureLine => ({
          label,
          x: data.x,
          y: numbers(y),
          ...(lows && highs ? { low: numbers(lows), high: numbers(highs) } : {}),
          colour,
          width,
          dash,
          isStep: style === 'step',
          ...(opacity === undefined ? {} : { opacity }),
          ...(isAside ? { isAside } : {}),
        }),
      ),
    ],
  }
}
