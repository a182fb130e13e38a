import uPlot from 'uplot'
import type { Curve, Ghost } from './curves.ts'

const BAND_OPACITY = 0.16
const GHOST_OPACITY = 0.32
const MARKED_OPACITY = 0.85
/** What stays of a curve while another is hovered. */
export const DIMMED = 0.22

export interface Painted {
  curve: Curve
  /** Resolved for the theme. */
  colour: string
  isDimmed: boolean
}

/** Bands and ghosts, under the lines. */
export function drawBackground(chart: uPlot, painted: readonly Painted[]): void {
  const { ctx, bbox } = chart
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const { curve, colour, isDimmed } of painted) {
    const strength = isDimmed ? DIMMED : 1
    ctx.fillStyle = colour
    ctx.strokeStyle = colour
    ctx.globalAlpha = BAND_OPACITY * strength
    if (curve.low && curve.high) ctx.fill(bandPath(chart, curve.low, curve.high))
    for (const ghost of curve.ghosts ?? []) {
      ctx.globalAlpha = (ghost.isMarked ? MARKED_OPACITY : GHOST_OPACITY) * strength
      ctx.lineWidth = (ghost.isMarked ? 1.5 : 1) * uPlot.pxRatio
      ctx.stroke(ghostPath(chart, ghost))
    }
  }
  ctx.restore()
}

/** One closed shape per unbroken stretch. */
function bandPath(chart: uPlot, low: readonly (number | null)[], high: readonly (number | null)[]): Path2D {
  const path = new Path2D()
  const xs = chart.data[0]
  let from = 0
  for (let index = 0; index <= xs.length; index++) {
    if (index < xs.length && low[index] != null && high[index] != null) continue
    for (let i = from; i < index; i++) line(path, chart, xs[i] ?? 0, high[i] ?? 0, i === from)
    for (let i = index - 1; i >= from; i--) line(path, chart, xs[i] ?? 0, low[i] ?? 0, false)
    if (index > from) path.closePath()
    from = index + 1
  }
  return path
}

function ghostPath(chart: uPlot, { x, y }: Ghost): Path2D {
  const path = new Path2D()
  for (let index = 0; index < x.length; index++) line(path, chart, x[index] ?? 0, y[index] ?? 0, index === 0)
  return path
}

function line(path: Path2D, chart: uPlot, x: number, y: number, isFirst: boolean): void {
  const left = chart.valToPos(x, 'x', true)
  const top = chart.valToPos(y, 'y', true)
  if (isFirst) path.moveTo(left, top)
  else path.lineTo(left, top)
}

/** Least and greatest value of all ghosts between two x. */
export function ghostExtremes(curves: readonly Curve[], from: number, to: number): [number, number] | null {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { x, y } of curves.flatMap(({ ghosts = [] }) => ghosts)) {
    for (let index = 0; index < x.length; index++) {
      const at = x[index] ?? Number.NaN
      const value = y[index] ?? Number.NaN
      if (at < from || at > to || Number.isNaN(value)) continue
      least = Math.min(least, value)
      greatest = Math.max(greatest, value)
    }
  }
  return least <= greatest ? [least, greatest] : null
}

/** Key of the curve that is drawn nearest to the cursor, within some pixels. */
export function nearestKey(chart: uPlot, curves: readonly Curve[]): string | null {
  const { idx, top } = chart.cursor
  if (idx === null || idx === undefined || top === undefined || top < 0) return null
  let best: { key: string | null; distance: number } = { key: null, distance: 40 }
  for (const { key, values } of curves) {
    const value = values[idx]
    if (key === undefined || value === null || value === undefined) continue
    const distance = Math.abs(chart.valToPos(value, 'y') - top)
    if (distance < best.distance) best = { key, distance }
  }
  return best.key
}
