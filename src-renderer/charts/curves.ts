/** Numbers in the background of a curve, on an x of their own, such as the runs that it averages. */
export interface Ghost {
  x: ArrayLike<number>
  y: ArrayLike<number>
  /** Stands out among the others. */
  isMarked?: boolean
}

/** What one chart draws. Every curve has a value, or null, at each x. */
export interface Curve {
  label: string
  values: (number | null)[]
  /** CSS colour; custom properties are resolved for the theme. */
  colour: string
  style: 'line' | 'step' | 'dots' | 'crosses'
  width?: number
  dash?: number[]
  /** 0 to 1; raw values stay in the background. */
  opacity?: number
  /** Written at the end of the line. */
  endLabel?: string
  /** Interval around the values, drawn as a band. */
  low?: (number | null)[]
  high?: (number | null)[]
  /** How many seeds stand behind each value. */
  counts?: ArrayLike<number>
  ghosts?: Ghost[]
  /** Curves of one key are hovered and dimmed together. */
  key?: string
  /** Drawn, but no column of the table and no figure of its own, such as the dotted end of another curve. */
  isAside?: boolean
}

export interface ChartData {
  x: number[]
  curves: Curve[]
}

/** The visible part of the x axis, shared by all charts of a view; null: everything. */
export interface Zoom {
  from: number
  to: number
}

/** A place on a chart that a user pointed at. */
export interface Picked {
  x: number
  /** Of the nearest curve that has one. */
  key: string | null
}
