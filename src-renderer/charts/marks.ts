import uPlot from 'uplot'

type Draw = (path: Path2D, x: number, y: number, size: number) => void

const drawDot: Draw = (path, x, y, size) => path.rect(x - size / 2, y - size / 2, size, size)

const drawCross: Draw = (path, x, y, size) => {
  path.moveTo(x - size, y - size)
  path.lineTo(x + size, y + size)
  path.moveTo(x - size, y + size)
  path.lineTo(x + size, y - size)
}

export const dotPaths = marks((path) => ({ stroke: null, fill: path, clip: null, flags: 0 }), drawDot, 2.6)
export const crossPaths = marks((path) => ({ stroke: path, fill: null, clip: null, flags: 0 }), drawCross, 2)

/**
 * Draws a mark per value. A mark that would cover another one exactly is left out: the picture stays the same, outliers stay in it,
 * and the work is bounded by the pixels rather than by the values.
 */
function marks(
  toPaths: (path: Path2D) => uPlot.Series.Paths,
  draw: Draw,
  pixels: number,
): uPlot.Series.PathBuilder {
  return (chart, seriesIndex, firstIndex, lastIndex) => {
    const xs = chart.data[0]
    const ys = chart.data[seriesIndex]
    if (ys === undefined) return null
    const size = pixels * uPlot.pxRatio
    const path = new Path2D()
    const taken = new Set<number>()
    for (let index = firstIndex; index <= lastIndex; index++) {
      const x = xs[index]
      const y = ys[index]
      if (x === undefined || y === undefined || y === null) continue
      const left = Math.round(chart.valToPos(x, 'x', true))
      const top = Math.round(chart.valToPos(y, 'y', true))
      const pixel = left * 65_536 + top
      if (taken.has(pixel)) continue
      taken.add(pixel)
      draw(path, left, top, size)
    }
    return toPaths(path)
  }
}
