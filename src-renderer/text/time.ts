const narrowSpace = '\u202f'

/** A span in its two largest units, coarse enough not to twitch: 45 s, 4 min, 1 h 20 min, 3 d 4 h. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '–'
  if (seconds < 60) return join(Math.max(0, Math.round(seconds)), 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return join(minutes, 'min')
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return twoUnits(hours, 'h', minutes % 60, 'min')
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

/** Time left, which is an estimate: rounded to 5 s below a minute. */
export function formatTimeLeft(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '–'
  if (seconds < 5) return 'a few seconds'
  if (seconds < 57.5) return join(Math.round(seconds / 5) * 5, 's')
  return formatDuration(Math.max(60, seconds))
}

/** Time left from the fastest to the slowest pace: 4 to 6 min, 55 s to 2 min. */
export function formatTimeLeftRange(range: { low: number; high: number } | null): string {
  if (range === null) return '–'
  const [low, high] = [formatTimeLeft(range.low), formatTimeLeft(range.high)]
  if (low === high || range.low < 5) return low === high ? high : `up to ${high}`
  const [value, unit, ...more] = low.split(/[\s\u202f]/)
  const isSameUnit =
    more.length === 0 &&
    high
      .split(/[\s\u202f]/)
      .slice(1)
      .join() === unit
  return `${isSameUnit ? value : low} to ${high}`
}

/** Date and time to the minute, in the reader's own zone. */
export function formatMoment(timestamp: number): string {
  const date = new Date(timestamp)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

function join(value: number, unit: string): string {
  return `${value}${narrowSpace}${unit}`
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? join(large, largeUnit) : `${join(large, largeUnit)} ${join(small, smallUnit)}`
}
