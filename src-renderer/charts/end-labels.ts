import uPlot from 'uplot'
import { cutInMiddle } from '../../src-main/contract/figures/cut.ts'
import type { Curve } from './curves.ts'

const lineHeight = 13

/** Names the lines at their right ends, moved apart where they would lie on each other. */
export function drawEndLabels(
  chart: uPlot,
  curves: readonly Curve[],
  colour: (curve: Curve) => string,
): void {
  const labels = curves.flatMap((curve, index) => {
    const top = curve.endLabel === undefined ? null : endOf(chart, index + 1)
    return top === null ? [] : [{ text: curve.endLabel ?? '', top, colour: colour(curve) }]
  })
  labels.sort((a, b) => a.top - b.top)
  for (const [index, label] of labels.entries()) {
    const above = labels[index - 1]
    if (above !== undefined) label.top = Math.max(label.top, above.top + lineHeight * uPlot.pxRatio)
  }
  const { ctx, bbox } = chart
  // What would lie on the axis pushes the ones above it up.
  let floor = bbox.top + bbox.height - 4 * uPlot.pxRatio
  for (const label of labels.toReversed()) {
    label.top = Math.min(label.top, floor)
    floor = label.top - lineHeight * uPlot.pxRatio
  }
  ctx.save()
  ctx.font = `${11 * uPlot.pxRatio}px "Inter Variable", sans-serif`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  const left = bbox.left + bbox.width + 5 * uPlot.pxRatio
  for (const label of labels) {
    const letter = ctx.measureText(label.text).width / Math.max(1, label.text.length)
    ctx.fillStyle = label.colour
    ctx.fillText(cutInMiddle(label.text, (ctx.canvas.width - left) / letter), left, label.top)
  }
  ctx.restore()
}

/** Height on the canvas of a series' last value in sight. */
function endOf(chart: uPlot, seriesIndex: number): number | null {
  const [, last] = chart.series[0]?.idxs ?? [0, 0]
  for (let index = last; index >= 0; index--) {
    const value = chart.data[seriesIndex]?.[index]
    if (value !== undefined && value !== null) return chart.valToPos(value, 'y', true)
  }
  return null
}
