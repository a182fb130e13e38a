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
