/** From x and y to x and y, in cells of the grid; 0 is the middle of the first cell. */
export type ContourStretch = [x: number, y: number, toX: number, toY: number]

/**
 * Where a field crosses a level, by marching squares between the middles of its cells. Cells without a value have no border.
 * @param values rows x columns.
 */
export function contourOf(
  values: Float32Array,
  columns: number,
  rows: number,
  level: number,
): ContourStretch[] {
  const stretches: ContourStretch[] = []
  const at = (column: number, row: number) => values[row * columns + column] ?? Number.NaN
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const corners: Corners = [
        at(column, row),
        at(column + 1, row),
        at(column + 1, row + 1),
        at(column, row + 1),
      ]
      if (corners.some(Number.isNaN)) continue
      for (const [x, y, toX, toY] of square(corners, level))
        stretches.push([column + x, row + y, column + toX, row + toY])
    }
  return stretches
}

/** Counter-clockwise from the lower left. */
type Corners = [number, number, number, number]

/** The sides of a square that a contour passes, by which corners lie above it. A saddle is cut at its two upper corners. */
const sides: readonly (readonly [number, number])[][] = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[2, 0]],
  [
    [0, 1],
    [2, 3],
  ],
  [[2, 1]],
  [[1, 3]],
  [[1, 0]],
  [[0, 3]],
  [],
]

function square(corners: Corners, level: number): ContourStretch[] {
  const above = corners.reduce((bits, value, corner) => bits + (value > level ? 2 ** corner : 0), 0)
  return (sides[above] ?? []).map(([from, to]) => [
    ...crossing(corners, from, level),
    ...crossing(corners, to, level),
  ])
}

/** Where side `side` (from corner `side` to the next) has the level. */
function crossing(corners: Corners, side: number, level: number): [number, number] {
  const [from = 0, to = 0] = [corners[side], corners[(side + 1) % 4]]
  const share = from === to ? 0.5 : (level - from) / (to - from)
  switch (side) {
    case 0:
      return [share, 0]
    case 1:
      return [1, share]
    case 2:
      return [1 - share, 1]
    default:
      return [0, 1 - share]
  }
}
