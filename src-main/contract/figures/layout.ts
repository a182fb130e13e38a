import { type Figure, type FigureLine, type FigurePoint, ticks } from './figure.ts'
import { arrowPath, markerPath, rounded } from './marks.ts'
import { endLabels, LEGEND_SAMPLE, LETTER, LINE, legendOf, pointTexts, titleLines, wrap } from './names.ts'

/** What a figure is made of, in pixels: shown as SVG, written as SVG, painted on a canvas. */
export type Shape =
  | {
      kind: 'path'
      d: string
      stroke?: string
      fill?: string
      width?: number
      dash?: number[]
      opacity?: number
      key?: string
      /** Part of a legend, which may stand beside the plot. */
      isLegend?: boolean
      /** Index of the figure's point that it marks. */
      point?: number
    }
  | {
      kind: 'text'
      x: number
      y: number
      text: string
      size: number
      anchor: 'start' | 'middle' | 'end'
      colour: string
      weight?: number
      isTurned?: boolean
      key?: string
    }

export interface Layout {
  width: number
  height: number
  shapes: Shape[]
  /** The inner rectangle, to be clipped to. */
  plot: { left: number; top: number; right: number; bottom: number }
  toX: (value: number) => number
  toY: (value: number) => number
}

export interface LayoutOptions {
  width: number
  height: number
  /** A figure on its own has its title and caption in it; on the page they stand around it. */
  isAlone: boolean
}

const ink = 'var(--ink)'
const muted = 'var(--ink-muted)'
const rule = 'var(--line)'
/** Bands of three lines lie over each other and can still be told apart; those of more are fainter. */
const BAND_OPACITY = 0.16
const STRONG_BANDS = 3

export function layOut(figure: Figure, { width, height, isAlone }: LayoutOptions): Layout {
  const legend = figure.lines.filter(({ isAside, endLabel }) => !isAside && endLabel === undefined)
  const { isLegendOutside = false } = figure
  const endRoom = isLegendOutside
    ? Math.max(0, ...legend.map(({ label }) => label.length * 8.5 + LEGEND_SAMPLE))
    : Math.max(0, ...figure.lines.map(({ endLabel = '' }) => endLabel.length * LETTER))
  const caption = isAlone ? wrap(figure.caption, Math.floor((width - 24) / 5.4)) : []
  const plot = {
    left: 58,
    top: (isAlone ? 34 : 10) + (legend.length > 0 && legend.length < 13 ? 4 : 0),
    right: width - Math.min(width * 0.35, Math.max(16, endRoom + 10)),
    bottom: height - 42 - caption.length * LINE - (caption.length > 0 ? 6 : 0),
  }
  const toX = scale(figure.x, plot.left, plot.right)
  const toY = scale(figure.y, plot.bottom, plot.top)
  const shapes: Shape[] = []
  const text = (
    x: number,
    y: number,
    content: string,
    more: Partial<Extract<Shape, { kind: 'text' }>> = {},
  ) => shapes.push({ kind: 'text', x, y, text: content, size: 11, anchor: 'middle', colour: muted, ...more })

  for (const at of ticks(figure.y, Math.max(2, (plot.bottom - plot.top) / 44))) {
    shapes.push({
      kind: 'path',
      d: `M${rounded(plot.left)} ${rounded(toY(at))}H${rounded(plot.right)}`,
      stroke: rule,
      width: 1,
    })
    text(plot.left - 6, toY(at) + 4, figure.formatY(at), { anchor: 'end' })
  }
  for (const at of ticks(figure.x, Math.max(2, (plot.right - plot.left) / 90))) {
    shapes.push({
      kind: 'path',
      d: `M${rounded(toX(at))} ${rounded(plot.top)}V${rounded(plot.bottom)}`,
      stroke: rule,
      width: 1,
    })
    text(toX(at), plot.bottom + 16, figure.formatX(at))
  }
  const [middle, halfway] = [(plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2]
  const xTitle = titleLines(figure.xLabel, 2 * Math.min(middle, width - middle))
  const yTitle = titleLines(figure.yLabel, 2 * Math.min(halfway, height - halfway))
  for (const [index, row] of xTitle.entries())
    text(middle, plot.bottom + (xTitle.length === 1 ? 34 : 28 + index * 12), row, { colour: ink })
  for (const [index, row] of yTitle.entries())
    text(yTitle.length === 1 ? 13 : 9 + index * 12, halfway, row, { colour: ink, isTurned: true })
  if (isAlone) text(plot.left, 18, figure.title, { anchor: 'start', colour: ink, size: 13, weight: 600 })

  for (const { x, y, colour } of figure.areas ?? []) {
    const d = `M${rounded(toX(x.from))} ${rounded(toY(y.from))}H${rounded(toX(x.to))}V${rounded(toY(y.to))}H${rounded(toX(x.from))}Z`
    shapes.push({ kind: 'path', d, fill: colour, opacity: 0.3 })
  }
  const bands = figure.lines.filter(({ low, high }) => low && high).length
  const bandOpacity = BAND_OPACITY * Math.min(1, STRONG_BANDS / bands)
  for (const line of figure.lines) shapes.push(...bandOf(line, toX, toY, bandOpacity))
  for (const { axis, at, label, colour } of figure.thresholds) {
    const d =
      axis === 'x'
        ? `M${rounded(toX(at))} ${rounded(plot.top)}V${rounded(plot.bottom)}`
        : `M${rounded(plot.left)} ${rounded(toY(at))}H${rounded(plot.right)}`
    shapes.push({ kind: 'path', d, stroke: colour, width: 1.25, dash: [5, 4] })
    if (axis === 'y') text(plot.right - 4, toY(at) - 5, label, { anchor: 'end' })
    else {
      const isLeft = toX(at) > (plot.left + plot.right) / 2
      text(toX(at) + (isLeft ? -5 : 5), plot.bottom - 8, label, { anchor: isLeft ? 'end' : 'start' })
    }
  }
  for (const line of figure.lines) shapes.push(lineOf(line, toX, toY))
  for (const [index, point] of figure.points.entries()) shapes.push(...pointOf(point, index, toX, toY))
  shapes.push(...pointTexts(figure.points, toX, toY, plot))
  shapes.push(...endLabels(figure.lines, toY, plot, width))
  if (legend.length > 0 && legend.length < 13) shapes.push(...legendOf(legend, plot, isLegendOutside, width))
  for (const [index, row] of caption.entries())
    text(12, height - 10 - (caption.length - 1 - index) * LINE, row, { anchor: 'start', size: 10.5 })
  return { width, height, shapes, plot, toX, toY }
}

const scale = ({ from, to }: { from: number; to: number }, start: number, end: number) => {
  const stretch = (end - start) / (to - from || 1)
  return (value: number) => start + (value - from) * stretch
}

type ToPixels = (value: number) => number

function lineOf({ x, y, isStep, ...look }: FigureLine, toX: ToPixels, toY: ToPixels): Shape {
  let d = ''
  let isBroken = true
  for (let index = 0; index < x.length; index++) {
    const value = y[index] ?? Number.NaN
    if (Number.isNaN(value)) {
      isBroken = true
      continue
    }
    const at = rounded(toX(x[index] ?? 0))
    d += isBroken
      ? `M${at} ${rounded(toY(value))}`
      : isStep
        ? `H${at}V${rounded(toY(value))}`
        : `L${at} ${rounded(toY(value))}`
    isBroken = false
  }
  const { colour, width, dash, opacity, key } = look
  return {
    kind: 'path',
    d,
    stroke: colour,
    width,
    ...(dash?.length ? { dash } : {}),
    ...(opacity === undefined ? {} : { opacity }),
    ...(key === undefined ? {} : { key }),
  }
}

function bandOf(
  { x, low, high, colour, key }: FigureLine,
  toX: ToPixels,
  toY: ToPixels,
  opacity: number,
): Shape[] {
  if (!low || !high) return []
  let d = ''
  let from = 0
  for (let index = 0; index <= x.length; index++) {
    if (index < x.length && !Number.isNaN(low[index]) && !Number.isNaN(high[index])) continue
    const there = Array.from({ length: index - from }, (_, i) => from + i)
    const at = (i: number, bound: ArrayLike<number>) =>
      `${rounded(toX(x[i] ?? 0))} ${rounded(toY(bound[i] ?? 0))}`
    if (there.length > 0)
      d += `M${[...there.map((i) => at(i, high)), ...there.reverse().map((i) => at(i, low))].join('L')}Z`
    from = index + 1
  }
  return d === '' ? [] : [{ kind: 'path', d, fill: colour, opacity, ...(key === undefined ? {} : { key }) }]
}

function pointOf(point: FigurePoint, index: number, toX: ToPixels, toY: ToPixels): Shape[] {
  const [x, y] = [toX(point.x), toY(point.y)]
  const key = point.key === undefined ? {} : { key: point.key }
  const opacity = point.opacity === undefined ? {} : { opacity: point.opacity }
  const shapes: Shape[] = []
  const bar = (d: string) => shapes.push({ kind: 'path', d, stroke: point.colour, width: 1.25, ...key })
  if (point.xBar) bar(`M${rounded(toX(point.xBar.from))} ${rounded(y)}H${rounded(toX(point.xBar.to))}`)
  if (point.yBar) bar(`M${rounded(x)} ${rounded(toY(point.yBar.from))}V${rounded(toY(point.yBar.to))}`)
  const look =
    point.direction === undefined
      ? { d: markerPath(point.marker, x, y, point.size), fill: point.colour }
      : { d: arrowPath(point.direction, x, y, point.size), stroke: point.colour, width: 1.25 }
  shapes.push({ kind: 'path', ...look, point: index, ...key, ...opacity })
  if (point.isRinged)
    shapes.push({
      kind: 'path',
      d: markerPath('circle', x, y, point.size + 3.5),
      stroke: ink,
      width: 1,
      ...key,
    })
  return shapes
}
