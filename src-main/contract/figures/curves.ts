import type { CsvColumn } from './csv.ts'
import type { FigureName } from './curve-names.ts'
import { extentOf, type Figure, type FigureLine } from './figure.ts'
import type { GroupLook } from './group-looks.ts'
import { formatCount, formatFigure, formatMark } from './number-words.ts'

/** The average of a group's runs over training with its band, on the grid that all groups have. */
export interface GroupCurve {
  look: GroupLook
  x: Float64Array
  mid: Float64Array
  low: Float64Array
  high: Float64Array
  /** Runs behind each point. */
  count: ArrayLike<number>
}

export interface CurveTexts {
  name: FigureName
  /** What x counts. */
  x: { title: string; one: string }
  /** What the line is of each group, such as `Mean`. */
  average: string
  formatX: (value: number) => string
}

/** Longer names do not fit at the end of a line. */
const END_LABEL = 10

const titleOf = ({ label, unit }: FigureName): string => (unit ? `${label} (${unit})` : label)

/** Averages over training; dotted where fewer than all of a group's runs have got to. */
export function curvesFigure(
  curves: readonly GroupCurve[],
  { name, x, average, formatX }: CurveTexts,
): Figure {
  const areNamesShort = curves.every(({ look }) => look.label.length <= END_LABEL)
  const hasTails = curves.some(({ count }) => count[count.length - 1] !== mostRuns(count))
  const lines = curves.flatMap((curve) => linesOf(curve, name, areNamesShort))
  return {
    title: `${name.label} over training`,
    xLabel: x.title,
    yLabel: titleOf(name),
    caption: `${name.help}. Lines: ${average} over seeds; bands: 95 % intervals${hasTails ? '; dotted: fewer than all seeds' : ''}.`,
    x: { from: 0, to: Math.max(1, ...curves.map((curve) => curve.x.at(-1) ?? 0)) },
    y: extentOf(
      lines.flatMap(({ y, low = [], high = [] }) => [y, low, high].flatMap((values) => Array.from(values))),
      name.floor,
    ),
    formatX,
    formatY: formatMark,
    lines,
    points: [],
    thresholds: [],
  }
}

function linesOf(
  { look, x, mid, low, high, count }: GroupCurve,
  name: FigureName,
  isNamed: boolean,
): FigureLine[] {
  const most = mostRuns(count)
  const lastWhole = Array.from(count).lastIndexOf(most)
  const shown = (values: Float64Array, isShown: (index: number) => boolean) =>
    Array.from(values, (value, index) => (isShown(index) ? value * name.scale : Number.NaN))
  const common = { x, colour: look.colour, isStep: name.isStep, key: look.id }
  const whole: FigureLine = {
    ...common,
    label: look.label,
    y: shown(mid, (index) => count[index] === most),
    low: shown(low, () => true),
    high: shown(high, () => true),
    dash: look.dash,
    width: 1.75,
    isAside: true,
  }
  const named = isNamed ? { endLabel: look.label } : {}
  const tail = shown(mid, (index) => index >= lastWhole)
  if (!tail.some((value, index) => index > lastWhole && !Number.isNaN(value))) return [{ ...whole, ...named }]
  // A line that not all seeds have come to the end of is named at that end, too.
  const rest = { ...common, label: look.label, y: tail, dash: [1, 3], width: 1.25, isAside: true, ...named }
  return [whole, rest]
}

const mostRuns = (count: ArrayLike<number>): number => Array.from(count).reduce((a, b) => Math.max(a, b), 0)

/** Where each group has got to, in words. */
export function describeCurves(curves: readonly GroupCurve[], { name, x }: CurveTexts): string {
  const unit = name.unit ? ` ${name.unit}` : ''
  const ends = curves.map((curve) => {
    const last = curve.mid.findLastIndex((value) => !Number.isNaN(value))
    if (last < 0) return `${curve.look.label} nothing yet`
    const figure = (values: Float64Array) => formatFigure((values[last] ?? Number.NaN) * name.scale)
    const [low, high] = [curve.low[last], curve.high[last]]
    const isBand = low !== undefined && high !== undefined && !Number.isNaN(low) && !Number.isNaN(high)
    const band = isBand ? `, 95 % interval ${figure(curve.low)} to ${figure(curve.high)}` : ''
    return `${curve.look.label} ${figure(curve.mid)}${unit} at ${x.one} ${formatCount(curve.x[last] ?? 0)}${band}`
  })
  return `${name.label}, at the end: ${ends.join('; ')}.`
}

/** The numbers that are drawn, on one grid. */
export function curvesColumns(curves: readonly GroupCurve[], { name, x }: CurveTexts): CsvColumn[] {
  const scaled = (values: Float64Array) => values.map((value) => value * name.scale)
  return [
    { name: x.title, values: curves[0]?.x ?? [] },
    ...curves.flatMap(({ look, mid, low, high, count }): CsvColumn[] => [
      { name: `${look.label}: ${titleOf(name)}`, values: scaled(mid) },
      { name: `${look.label}: low`, values: scaled(low) },
      { name: `${look.label}: high`, values: scaled(high) },
      { name: `${look.label}: seeds`, values: count },
    ]),
  ]
}
