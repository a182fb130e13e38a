/** A part of a picture, in shares of its width and height, from its top left. */
export interface Pane {
  x: number
  y: number
  width: number
  height: number
}

/** More side by side would be too small to be told apart. */
export const mostPanes = 6

/** A scene looks best in a pane about this much wider than high. */
const bestAspect = 1.4

/**
 * Panes of one size, in reading order, in the grid that comes closest to the aspect of a scene. The last row may have room left.
 * @param aspect width of the picture over its height.
 */
export function layOutPanes(count: number, aspect: number): Pane[] {
  const columns = bestColumns(count, aspect)
  const rows = Math.ceil(count / columns)
  return Array.from({ length: count }, (_, index) => ({
    x: (index % columns) / columns,
    y: Math.floor(index / columns) / rows,
    width: 1 / columns,
    height: 1 / rows,
  }))
}

/** The pane at a place given in shares of the picture; the first where there is none. */
export function paneAt(panes: readonly Pane[], x: number, y: number): number {
  const found = panes.findIndex(
    (pane) => x >= pane.x && x < pane.x + pane.width && y >= pane.y && y < pane.y + pane.height,
  )
  return Math.max(0, found)
}

/** A scene of the best aspect is drawn largest. */
function bestColumns(count: number, aspect: number): number {
  let best = { columns: 1, size: 0 }
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const size = Math.min(aspect / columns / bestAspect, 1 / rows)
    if (size > best.size + 1e-9) best = { columns, size }
  }
  return best.columns
}
