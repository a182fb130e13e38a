import type { FloorRegion } from '../../../src-main/contract/index.ts'
import { contourOf } from '../contour.ts'
import { riskColour } from '../risk-colours.ts'
import type { FieldShown } from '../scene/field.ts'
import type { Brush } from './brush.ts'

const black = [0, 0, 0] as const

/** The heat map as a picture whose first row is at the top. */
export function toHeatMap({ columns, rows, qSafe }: FieldShown): OffscreenCanvas {
  const picture = new OffscreenCanvas(columns, rows)
  const context = picture.getContext('2d')
  if (context === null) return picture
  const pixels = context.createImageData(columns, rows)
  for (const [index, risk] of qSafe.entries()) {
    if (Number.isNaN(risk)) continue
    const row = rows - 1 - Math.floor(index / columns)
    pixels.data.set([...riskColour(risk), 245], (row * columns + (index % columns)) * 4)
  }
  context.putImageData(pixels, 0, 0)
  return picture
}

/** The threshold as a line on it. */
export function drawContour(brush: Brush, field: FieldShown, { low, high }: FloorRegion, width: number) {
  const { columns, rows, qSafe, epsilonSafe } = field
  const place = (column: number, row: number) =>
    [
      low[0] + ((column + 0.5) / columns) * (high[0] - low[0]),
      low[1] + ((row + 0.5) / rows) * (high[1] - low[1]),
    ] as const
  for (const [x, y, toX, toY] of contourOf(qSafe, columns, rows, epsilonSafe))
    brush.line([place(x, y), place(toX, toY)], width, black)
}
