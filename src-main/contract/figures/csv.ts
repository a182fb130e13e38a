export interface CsvColumn {
  name: string
  values: ArrayLike<number | string | null>
}

/** Full precision; empty where there is nothing. Read back, a number is the very number that was drawn. */
export function toCsv(columns: readonly CsvColumn[]): string {
  const count = Math.max(0, ...columns.map(({ values }) => values.length))
  const rows = Array.from({ length: count }, (_, index) =>
    columns.map(({ values }) => toCell(values[index] ?? null)),
  )
  return [columns.map(({ name }) => toCell(name)), ...rows].map((row) => `${row.join(',')}\n`).join('')
}

function toCell(value: number | string | null): string {
  if (value === null || (typeof value === 'number' && Number.isNaN(value))) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
