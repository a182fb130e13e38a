import { cutInMiddle } from './cut.ts'
import { type Figure, type FigureLine, type FigurePoint, type Marker, ticks } from './figure.ts'

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
const LINE = 14
/** Wide enough for capitals. */
const LETTER = 8
/** Bands of three lines lie over each other and can still be told apart; those of more are fainter. */
const BAND_OPACITY = 0.16
const STRONG_BANDS = 3
/** Of most names and titles: cutting them need not be as careful as keeping them apart. */
const USUAL_LETTER = 6
/** Room for a piece of the line before its name. */
const LEGEND_SAMPLE = 26

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
      d: `M${n(plot.left)} ${n(toY(at))}H${n(plot.right)}`,
      stroke: rule,
      width: 1,
    })
    text(plot.left - 6, toY(at) + 4, figure.formatY(at), { anchor: 'end' })
  }
  for (const at of ticks(figure.x, Math.max(2, (plot.right - plot.left) / 90))) {
    shapes.push({
      kind: 'path',
      d: `M${n(toX(at))} ${n(plot.top)}V${n(plot.bottom)}`,
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
    const d = `M${n(toX(x.from))} ${n(toY(y.from))}H${n(toX(x.to))}V${n(toY(y.to))}H${n(toX(x.from))}Z`
    shapes.push({ kind: 'path', d, fill: colour, opacity: 0.3 })
  }
  const bands = figure.lines.filter(({ low, high }) => low && high).length
  const bandOpacity = BAND_OPACITY * Math.min(1, STRONG_BANDS / bands)
  for (const line of figure.lines) shapes.push(...bandOf(line, toX, toY, bandOpacity))
  for (const { axis, at, label, colour } of figure.thresholds) {
    const d =
      axis === 'x'
        ? `M${n(toX(at))} ${n(plot.top)}V${n(plot.bottom)}`
        : `M${n(plot.left)} ${n(toY(at))}H${n(plot.right)}`
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

/** Hundredths of a pixel are enough for any printer. */
const n = (value: number): string => String(Math.round(value * 100) / 100)

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
    const at = n(toX(x[index] ?? 0))
    d += isBroken ? `M${at} ${n(toY(value))}` : isStep ? `H${at}V${n(toY(value))}` : `L${at} ${n(toY(value))}`
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
    const at = (i: number, bound: ArrayLike<number>) => `${n(toX(x[i] ?? 0))} ${n(toY(bound[i] ?? 0))}`
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
  if (point.xBar) bar(`M${n(toX(point.xBar.from))} ${n(y)}H${n(toX(point.xBar.to))}`)
  if (point.yBar) bar(`M${n(x)} ${n(toY(point.yBar.from))}V${n(toY(point.yBar.to))}`)
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

export function markerPath(marker: Marker, x: number, y: number, r: number): string {
  switch (marker) {
    case 'circle':
      return `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0Z`
    case 'square':
      return `M${n(x - r * 0.9)} ${n(y - r * 0.9)}h${n(1.8 * r)}v${n(1.8 * r)}h${n(-1.8 * r)}Z`
    case 'triangle':
      return `M${n(x)} ${n(y - 1.15 * r)}l${n(1.1 * r)} ${n(1.95 * r)}h${n(-2.2 * r)}Z`
    case 'down':
      return `M${n(x)} ${n(y + 1.15 * r)}l${n(1.1 * r)} ${n(-1.95 * r)}h${n(-2.2 * r)}Z`
    case 'diamond':
      return `M${n(x)} ${n(y - 1.25 * r)}l${n(1.25 * r)} ${n(1.25 * r)}l${n(-1.25 * r)} ${n(1.25 * r)}l${n(-1.25 * r)} ${n(-1.25 * r)}Z`
    case 'plus': {
      const arm = n(0.8 * r)
      const back = n(-0.8 * r)
      const steps = `h${arm}v${arm}h${arm}v${arm}h${back}v${arm}h${back}v${back}h${back}v${back}h${arm}`
      return `M${n(x - 0.4 * r)} ${n(y - 1.2 * r)}${steps}Z`
    }
  }
}

/** Its middle is where the point is. */
function arrowPath(direction: number, x: number, y: number, r: number): string {
  const to = (angle: number, length: number) =>
    `${n(x + r * Math.cos(direction) + length * Math.cos(angle))} ${n(y - r * Math.sin(direction) - length * Math.sin(angle))}`
  const tip = to(0, 0)
  const barbs = [direction + 0.85 * Math.PI, direction - 0.85 * Math.PI].map((angle) => to(angle, 0.8 * r))
  return `M${to(direction, -2 * r)}L${tip}M${barbs[0]}L${tip}L${barbs[1]}`
}

/** Names points beside them, moved down where they would lie on each other. */
function pointTexts(
  points: readonly FigurePoint[],
  toX: ToPixels,
  toY: ToPixels,
  plot: Layout['plot'],
): Shape[] {
  const placed: { left: number; right: number; y: number }[] = []
  return points
    .filter(({ text }) => text !== undefined)
    .toSorted((a, b) => b.y - a.y)
    .map(({ text = '', x, y, size, key }) => {
      const gap = size + 6
      const at = toX(x)
      const [leftRoom, rightRoom] = [at - gap - plot.left, plot.right - at - gap]
      const isLeft = text.length * LETTER > rightRoom && leftRoom > rightRoom
      const name = cutInMiddle(text, Math.max(leftRoom, rightRoom) / LETTER)
      const width = name.length * LETTER
      const left = isLeft ? at - gap - width : at + gap
      const spot = { left, right: left + width, y: toY(y) - 7 }
      for (const other of placed)
        if (spot.left < other.right && spot.right > other.left && Math.abs(spot.y - other.y) < LINE)
          spot.y = other.y + LINE
      placed.push(spot)
      placed.sort((a, b) => a.y - b.y)
      const keyed = key === undefined ? {} : { key }
      const place = isLeft
        ? { x: left + width, anchor: 'end' as const }
        : { x: left, anchor: 'start' as const }
      return { kind: 'text', ...place, y: spot.y, text: name, size: 11, colour: ink, ...keyed }
    })
}

/** Names lines at their right ends, moved apart where they would lie on each other. */
function endLabels(
  lines: readonly FigureLine[],
  toY: ToPixels,
  plot: Layout['plot'],
  width: number,
): Shape[] {
  const x = plot.right + 6
  const labels = lines.flatMap(({ endLabel, y, key }) => {
    let index = y.length - 1
    while (index >= 0 && Number.isNaN(y[index])) index--
    return endLabel === undefined || index < 0 ? [] : [{ endLabel, at: toY(y[index] ?? 0), key }]
  })
  labels.sort((a, b) => a.at - b.at)
  for (const [index, label] of labels.entries()) {
    const above = labels[index - 1]
    if (above) label.at = Math.max(label.at, above.at + LINE)
  }
  // What would fall out at the bottom pushes the ones above it up.
  for (let index = labels.length - 1; index >= 0; index--) {
    const label = labels[index]
    if (label) label.at = Math.min(label.at, (labels[index + 1]?.at ?? plot.bottom + LINE) - LINE)
  }
  return labels.map(({ endLabel, at, key }) => ({
    kind: 'text',
    x,
    y: at + 4,
    text: cutInMiddle(endLabel, (width - x) / USUAL_LETTER),
    size: 11,
    anchor: 'start',
    colour: ink,
    ...(key === undefined ? {} : { key }),
  }))
}

function legendOf(
  lines: readonly FigureLine[],
  plot: Layout['plot'],
  isOutside: boolean,
  pictureWidth: number,
): Shape[] {
  return lines.flatMap(({ label, colour, width, dash, key }, index): Shape[] => {
    const y = plot.top + 10 + index * LINE
    const keyed = key === undefined ? {} : { key }
    const x = (isOutside ? plot.right : plot.left) + 10
    return [
      {
        kind: 'path',
        isLegend: true,
        d: `M${x} ${y}h20`,
        stroke: colour,
        width,
        ...(dash?.length ? { dash } : {}),
        ...keyed,
      },
      {
        kind: 'text',
        x: x + LEGEND_SAMPLE,
        y: y + 4,
        text: cutInMiddle(label, (pictureWidth - x - LEGEND_SAMPLE) / USUAL_LETTER),
        size: 11,
        anchor: 'start',
        colour: ink,
        ...keyed,
      },
    ]
  })
}

/** Two lines at most; a title that is longer still loses its middle. */
function titleLines(title: string, room: number): string[] {
  const letters = Math.floor(room / USUAL_LETTER)
  return wrap(cutInMiddle(title, 1.8 * letters), letters).slice(0, 2)
}

/** Lines of at most so many letters. */
function wrap(text: string, letters: number): string[] {
  const rows: string[] = []
  for (const word of text.split(' ')) {
    const last = rows.at(-1)
    if (last !== undefined && last.length + word.length < letters) rows[rows.length - 1] = `${last} ${word}`
    else rows.push(word)
  }
  return rows.filter(Boolean)
}
