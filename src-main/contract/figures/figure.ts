/** A figure as it is printed: what the page shows and what is exported are laid out from the same description. Colours are CSS colours. */
export interface Figure {
  title: string
  xLabel: string
  yLabel: string
  /** What bands, bars and points are; printed under the figure. */
  caption: string
  x: Extent
  y: Extent
  formatX: (value: number) => string
  formatY: (value: number) => string
  lines: FigureLine[]
  points: FigurePoint[]
  /** Filled rectangles behind the lines, such as lava on a map. */
  areas?: { x: Extent; y: Extent; colour: string }[]
  /** Lines are named to the right of the plot, where their ends would lie on each other and the plot is full; inside it otherwise. */
  isLegendOutside?: boolean
  /** Dashed lines across the figure, such as a threshold, with what they are. */
  thresholds: { axis: 'x' | 'y'; at: number; label: string; colour: string }[]
}

export interface Extent {
  from: number
  to: number
}

export interface FigureLine {
  label: string
  /** Written at the end of the line rather than in the legend. */
  endLabel?: string
  x: ArrayLike<number>
  /** NaN where the line is broken. */
  y: ArrayLike<number>
  low?: ArrayLike<number>
  high?: ArrayLike<number>
  colour: string
  width: number
  dash?: number[]
  opacity?: number
  isStep?: boolean
  /** Helps the eye and is no result: not in the legend. */
  isAside?: boolean
  key?: string
}

export interface FigurePoint {
  label: string
  x: number
  y: number
  /** Ends of the intervals. */
  xBar?: Extent
  yBar?: Extent
  colour: string
  marker: Marker
  /** Half its width, in pixels. */
  size: number
  /** Where it points, in radians from the right against the clock: it is an arrow then, whatever its marker is. */
  direction?: number
  opacity?: number
  /** Drawn with a ring, as one of the Pareto front. */
  isRinged?: boolean
  /** Written beside it. */
  text?: string
  key?: string
  href?: string
}

export const markers = ['circle', 'square', 'triangle', 'diamond', 'down', 'plus'] as const
export type Marker = (typeof markers)[number]

/** With some room around them, so that what lies at an edge is drawn whole. */
export function extentOf(values: Iterable<number>, floor: number | null = null): Extent {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    from = Math.min(from, value)
    to = Math.max(to, value)
  }
  if (from > to) return { from: floor ?? 0, to: (floor ?? 0) + 1 }
  if (floor !== null) from = Math.min(floor, from)
  const room = (to - from || Math.abs(to) || 1) * 0.06
  return { from: from === floor ? from : from - room, to: to + room }
}

/** Round values inside an extent, about as many as asked for. */
export function ticks({ from, to }: Extent, count: number): number[] {
  const rough = (to - from) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  // Through its decimal text, so that 3 * 0.1 is 0.3.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
}
