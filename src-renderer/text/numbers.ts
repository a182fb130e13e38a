const integers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const nothing = '–'
/** Keeps a number and its unit on one line. */
const narrowSpace = '\u202f'

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

/** A share of 0 to 1 as a percentage. */
export function formatShare(share: number | null, decimals = 1): string {
  return share === null ? nothing : `${(share * 100).toFixed(decimals)}${narrowSpace}%`
}

/** 0.01 as `1 %`, without closing zeros. */
export const formatRate = (rate: number): string => `${Number((rate * 100).toPrecision(3))}${narrowSpace}%`

/** Three significant digits: what tells small thresholds apart. */
export const formatEpsilon = (epsilonSafe: number): string => String(Number(epsilonSafe.toPrecision(3)))

/** Progress never claims 100 % before the end. */
export function formatProgress(share: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, share)) * 100)}${narrowSpace}%`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)}${narrowSpace}${units[unit]}`
}

/** A hyphen is not a minus: it is narrower than a digit and breaks the column. */
function withMinus(text: string): string {
  return text.replaceAll('-', '−')
}
