import uPlot from 'uplot'
import { formatCount, formatMark } from '../text/numbers.ts'
import { resolveColour } from './colours.ts'
import type { Curve, Zoom } from './curves.ts'
import { drawEndLabels } from './end-labels.ts'
import { crossPaths, dotPaths } from './marks.ts'

export interface ChartOptions {
  curves: readonly Curve[]
  syncKey: string
  /** The y axis starts here where a distance from it is what matters; null: where the data starts. */
  floor: () => number | null
  isSmall: boolean
  zoom: () => Zoom | null
  onZoom: (zoom: Zoom | null) => void
  /** Index of the values under the cursor; null when it has left. */
  onCursor: (index: number | null) => void
}

/** Lines keep their spikes: where there are more values than pixels, uPlot draws the least and the greatest of each pixel. */
export function toPlotOptions(options: ChartOptions, width: number, height: number): uPlot.Options {
  const ink = resolveColour('var(--ink-muted)')
  const grid = { stroke: resolveColour('var(--line)'), width: 1 }
  const font = '11px "Inter Variable", sans-serif'
  const axis = { stroke: ink, grid, ticks: { show: false }, font, gap: 4 }
  const hasEndLabels = options.curves.some(({ endLabel }) => endLabel !== undefined)
  return {
    width,
    height,
    padding: [8, hasEndLabels ? 58 : 22, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: (_chart, _from, to) => fullOrZoomed(options.zoom(), to) },
      y: { range: (_chart, low, high) => yRange(low, high, options.floor()) },
    },
    axes: [
      { ...axis, size: 24, space: 70, values: (_chart, marks) => marks.map(formatCount) },
      {
        ...axis,
        size: 48,
        space: options.isSmall ? 22 : 32,
        values: (_chart, marks) => marks.map(formatMark),
      },
    ],
    series: [{}, ...options.curves.map(toPlotSeries)],
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
      setCursor: [(chart) => options.onCursor(chart.cursor.idx ?? null)],
      setSelect: [(chart) => takeSelection(chart, options.onZoom)],
      draw: [(chart) => drawEndLabels(chart, options.curves, (curve) => resolveColour(labelColour(curve)))],
    },
  }
}

const isMove = (type: string) => type === 'mousemove' || type === 'mouseleave'

/** Text in a method's colour would not be legible everywhere; the line it ends says whose it is. */
const labelColour = (curve: Curve) => (curve.style === 'line' ? 'var(--ink-muted)' : curve.colour)

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
