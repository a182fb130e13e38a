import uPlot from 'uplot'
import { formatMark } from '../text/numbers.ts'
import { DIMMED, drawBackground, ghostExtremes, nearestKey } from './bands.ts'
import { resolveColour } from './colours.ts'
import type { Curve, Picked, Zoom } from './curves.ts'
import { drawEndLabels } from './end-labels.ts'
import { crossPaths, dotPaths } from './marks.ts'

export interface ChartOptions {
  /** As they are now; what they are called and how they look stays for the life of the plot. */
  curves: () => readonly Curve[]
  syncKey: string
  /** The y axis starts here where a distance from it is what matters; null: where the data starts. */
  floor: () => number | null
  /** What the y axis has to hold, where charts share it; null: what the chart draws. */
  sight: () => { from: number; to: number } | null
  isSmall: boolean
  zoom: () => Zoom | null
  onZoom: (zoom: Zoom | null) => void
  /** Index of the values under the cursor; null when it has left. */
  onCursor: (index: number | null) => void
  formatX: (value: number) => string
  /** Key of the curves that stand out; null: all do. */
  focus: () => string | null
  onFocus: (key: string | null) => void
  onPick: (picked: Picked) => void
  /** A place on the x axis that is marked. */
  place: () => number | null
}

/** Lines keep their spikes: where there are more values than pixels, uPlot draws the least and the greatest of each pixel. */
export function toPlotOptions(options: ChartOptions, width: number, height: number): uPlot.Options {
  const ink = resolveColour('var(--ink-muted)')
  const grid = { stroke: resolveColour('var(--line)'), width: 1 }
  const font = '11px "Inter Variable", sans-serif'
  const curves = options.curves()
  const axis = { stroke: ink, grid, ticks: { show: false }, font, gap: 4 }
  const hasEndLabels = curves.some(({ endLabel }) => endLabel !== undefined)
  return {
    width,
    height,
    padding: [8, hasEndLabels ? 58 : 22, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: (_chart, _from, to) => fullOrZoomed(options.zoom(), to) },
      y: {
        range(chart, low, high) {
          const sight = options.sight()
          const [from, to] =
            sight === null ? withGhosts(chart, options.curves(), low, high) : [sight.from, sight.to]
          return yRange(from, to, options.floor())
        },
      },
    },
    axes: [
      { ...axis, size: 24, space: 70, values: (_chart, marks) => marks.map(options.formatX) },
      {
        ...axis,
        size: 48,
        space: options.isSmall ? 22 : 32,
        values: (_chart, marks) => marks.map(formatMark),
      },
    ],
    series: [
      {},
      ...curves.map(toPlotSeries),
      ...curves.filter(hasBand).flatMap(() => [boundSeries, boundSeries]),
    ],
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false },
      bind: {
        dblclick: () => () => {
          options.onZoom(null)
          return null
        },
      },
      // Charts share where the cursor is; what is dragged they share through the zoom.
      sync: { key: options.syncKey, scales: ['x', null], filters: { pub: isMove, sub: isMove } },
    },
    hooks: {
      ready: [(chart) => listenForPicks(chart, options)],
      setCursor: [
        (chart) => {
          options.onCursor(chart.cursor.idx ?? null)
          // Only the chart under the pointer has a say; the others follow its cursor.
          if (chart.over.matches(':hover')) options.onFocus(nearestKey(chart, options.curves()))
        },
      ],
      drawAxes: [
        (chart) =>
          drawBackground(
            chart,
            options.curves().map((curve) => ({
              curve,
              colour: resolveColour(curve.colour),
              isDimmed: isDimmed(curve, options.focus()),
            })),
          ),
      ],
      setSelect: [(chart) => takeSelection(chart, options.onZoom)],
      draw: [
        (chart) => drawEndLabels(chart, options.curves(), (curve) => resolveColour(labelColour(curve))),
        (chart) => drawPlace(chart, options.place()),
      ],
    },
  }
}

function drawPlace(chart: uPlot, place: number | null): void {
  if (place === null) return
  const { left, top, width, height } = chart.bbox
  const x = Math.round(chart.valToPos(place, 'x', true)) + 0.5
  if (x < left || x > left + width) return
  const { ctx } = chart
  ctx.save()
  ctx.strokeStyle = resolveColour('var(--accent)')
  ctx.lineWidth = uPlot.pxRatio
  // The curve that was drawn last may have been dashed.
  ctx.setLineDash([])
  ctx.beginPath()
  ctx.moveTo(x, top)
  ctx.lineTo(x, top + height)
  ctx.stroke()
  ctx.restore()
}

const isMove = (type: string) => type === 'mousemove' || type === 'mouseleave'

/** Text in a method's colour would not be legible everywhere; the line it ends says whose it is. */
const labelColour = ({ style, key, colour }: Curve) =>
  style === 'line' || key !== undefined ? 'var(--ink-muted)' : colour

export const isDimmed = ({ key }: Curve, focus: string | null): boolean => focus !== null && key !== focus

/** How strongly a curve is drawn while the curves of `focus` stand out. */
export const strengthOf = (curve: Curve, focus: string | null): number =>
  (curve.opacity ?? 1) * (isDimmed(curve, focus) ? DIMMED : 1)

export const hasBand = ({ low, high }: Curve): boolean => low !== undefined && high !== undefined

/** Not drawn: there so that the axis has room for the band. */
const boundSeries: uPlot.Series = { paths: () => null, points: { show: false }, width: 0 }

function withGhosts(
  chart: uPlot,
  curves: readonly Curve[],
  low: number | null,
  high: number | null,
): [number | null, number | null] {
  const { min = null, max = null } = chart.scales.x ?? {}
  const extremes = min === null || max === null ? null : ghostExtremes(curves, min, max)
  if (extremes === null) return [low, high]
  return [Math.min(low ?? extremes[0], extremes[0]), Math.max(high ?? extremes[1], extremes[1])]
}

/** A press and release at one place; one that moves in between is a zoom. */
function listenForPicks(chart: uPlot, options: ChartOptions): void {
  let pressedAt: number | null = null
  chart.over.addEventListener('pointerdown', (event) => {
    pressedAt = event.clientX
  })
  chart.over.addEventListener('click', (event) => {
    // Not the cursor's index: that follows a little later.
    const x = chart.data[0][chart.posToIdx(event.clientX - chart.over.getBoundingClientRect().left)]
    if (x === undefined || pressedAt === null || Math.abs(event.clientX - pressedAt) > 3) return
    options.onPick({ x, key: nearestKey(chart, options.curves()) })
  })
  chart.over.addEventListener('mouseleave', () => options.onFocus(null))
}

function toPlotSeries(curve: Curve): uPlot.Series {
  const colour = resolveColour(curve.colour)
  const common: uPlot.Series = { label: curve.label, alpha: curve.opacity ?? 1, points: { show: false } }
  if (curve.style === 'dots') return { ...common, fill: colour, paths: dotPaths, width: 0 }
  if (curve.style === 'crosses') return { ...common, stroke: colour, paths: crossPaths, width: 1.25 }
  const paths = curve.style === 'step' ? uPlot.paths.stepped?.({ align: 1 }) : uPlot.paths.linear?.()
  return {
    ...common,
    stroke: colour,
    width: curve.width ?? 1.5,
    ...(curve.dash === undefined ? {} : { dash: curve.dash }),
    ...(paths === undefined ? {} : { paths }),
  }
}

function fullOrZoomed(zoom: Zoom | null, last: number | null): [number, number] {
  if (zoom !== null) return [zoom.from, zoom.to]
  return [0, Math.max(last ?? 1, 1)]
}

export function yRange(low: number | null, high: number | null, floor: number | null): [number, number] {
  if (low === null || high === null) return [floor ?? 0, (floor ?? 0) + 1]
  const bottom = floor === null ? low : Math.min(floor, low)
  const spread = high - bottom || Math.abs(high) || 1
  // Lines at the edge are drawn whole.
  return [bottom === floor ? bottom : bottom - spread * 0.05, high + spread * 0.05]
}

function takeSelection(chart: uPlot, onZoom: (zoom: Zoom) => void): void {
  const { left, width } = chart.select
  if (width < 4) return
  const zoom = { from: chart.posToVal(left, 'x'), to: chart.posToVal(left + width, 'x') }
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  onZoom(zoom)
}
