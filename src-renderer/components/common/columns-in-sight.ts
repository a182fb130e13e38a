/** Columns that are in the page: those that stay at the left, and a stretch of the others. */
export interface ColumnsInSight {
  /** Places of the columns, in their order. */
  readonly places: readonly number[]
  /** Tracks of the grid, with one in the place of what is left out before and one after it. */
  readonly tracks: string
  /** In px from the left, of those that stay. */
  readonly stays: readonly number[]
}

/** In px on either side, so that scrolling by a little shows no gap. */
const overscan = 240

/**
 * Which columns have to be in the page, given their widths in px, how many stay at the left, and the stretch of the table that is
 * in sight.
 */
export function columnsInSight(
  widths: readonly number[],
  pinned: number,
  from: number,
  to: number,
): ColumnsInSight {
  const starts: number[] = []
  let total = 0
  for (const width of widths) {
    starts.push(total)
    total += width
  }
  const isSeen = (place: number) => {
    const start = starts[place] ?? 0
    return start + (widths[place] ?? 0) >= from - overscan && start <= to + overscan
  }
  const places = widths.flatMap((_, place) => (place < pinned || isSeen(place) ? [place] : []))
  const others = places.filter((place) => place >= pinned)
  const first = others[0]
  const last = others.at(-1)
  const sum = (low: number, high: number) => widths.slice(low, high).reduce((width, next) => width + next, 0)
  // Nothing in sight but what stays: all the room is left free after it.
  const before = first === undefined ? sum(pinned, widths.length) : sum(pinned, first)
  const after = last === undefined ? 0 : sum(last + 1, widths.length)
  const px = (list: readonly number[]) => list.map((place) => `${widths[place]}px`)
  return {
    places,
    tracks: [...px(places.slice(0, pinned)), `${before}px`, ...px(others), `${after}px`].join(' '),
    stays: starts.slice(0, pinned),
  }
}
