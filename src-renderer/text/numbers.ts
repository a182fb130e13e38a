import { nothing } from '../../src-main/contract/figures/number-words.ts'

export {
  formatCount,
  formatFigure,
  formatFixed,
  formatMark,
} from '../../src-main/contract/figures/number-words.ts'

/** Keeps a number and its unit on one line. */
const narrowSpace = '\u202f'

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
