const integers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
export const nothing = '–'

/** Whole things: 12,345. */
export function formatCount(value: number): string {
  return integers.format(value)
}

/** A measured figure, at most four significant digits; the full value belongs in a tooltip or an export. */
export function formatFigure(value: number | null): string {
  if (value === null) return nothing
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return withMinus(value.toExponential(2))
  if (size >= 1000) return withMinus(integers.format(value))
  const text = Number.isInteger(value) ? String(value) : value.toPrecision(size < 1 ? 3 : 4)
  return withMinus(text)
}

const marks = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 })

/** A mark of an axis: round by nature, so it needs no closing zeros. */
export function formatMark(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return withMinus(value.toExponential().replace('e+', 'e'))
  return withMinus(marks.format(value))
}

/** As formatFigure, but with the same number of decimals in a whole column, so that digits stand under digits. */
export function formatFixed(value: number | null, decimals: number): string {
  return value === null ? nothing : withMinus(value.toFixed(decimals))
}

/** A hyphen is not a minus: it is narrower than a digit and breaks the column. */
function withMinus(text: string): string {
  return text.replaceAll('-', '−')
}
