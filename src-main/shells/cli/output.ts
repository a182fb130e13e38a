/** Figures as people read them: at most four significant digits. */
export function formatNumber(value: number | null, digits = 4): string {
  if (value === null || !Number.isFinite(value)) return '–'
  return Number(value.toPrecision(digits)).toString()
}

export function formatPercent(value: number | null): string {
  return value === null ? '–' : `${formatNumber(value * 100, 3)} %`
}

export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return 'unknown time'
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export function formatBytes(bytes: number): string {
  const [value, unit] =
    bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return `${formatNumber(value, 3)} ${unit}`
}

/** Columns padded to their widest cell; numbers to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const rightAligned = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[–\d.-]/.test(row[column] ?? '–')),
  )
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          rightAligned[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export const print = (text: string): void => void process.stdout.write(`${text}\n`)
export const note = (text: string): void => void process.stderr.write(`${text}\n`)

/** One JSON document, or text for people. */
export function report(json: boolean, document: unknown, text: () => string): void {
  print(json ? JSON.stringify(document, null, 2) : text())
}
