import uPlot from 'uplot'

/**
 * Draws a dot per value. A dot that would cover another one exactly is left out: the picture stays the same, outliers stay in it,
 * and the work is bounded by the pixels rather than by the values.
 */
export const dotPaths: uPlot.Series.PathBuilder = (chart, seriesIndex, firstIndex, lastIndex) => {
  const xs = chart.data[0]
  const ys = chart.data[seriesIndex]
  const scale = chart.series[seriesIndex]?.scale ?? 'y'
  if (ys === undefined) return null
  const size = Math.max(3, Math.round(2.6 * uPlot.pxRatio))
  const path = new Path2D()
  const taken = new Set<number>()
  for (let index = firstIndex; index <= lastIndex; index++) {
    const x = xs[index]
    const y = ys[index]
    if (x === undefined || y === undefined || y === null) continue
    const left = Math.round(chart.valToPos(x, 'x', true))
    const top = Math.round(chart.valToPos(y, scale, true))
    const pixel = left * 65_536 + top
    if (taken.has(pixel)) continue
    taken.add(pixel)
    path.rect(left - size / 2, top - size / 2, size, size)
  }
  return { stroke: null, fill: path, clip: null, flags: 0 }
}
