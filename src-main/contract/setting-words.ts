/** A setting's value as words, also the several ones of a sweep. */
export function formatValue(value: unknown): string {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value
  if (Array.isArray(value)) {
    // Rows of a map stand under each other; numbers stand in a line.
    if (value.every((entry) => typeof entry === 'string')) return value.join('\n')
    return value.map(formatValue).join(', ')
  }
  return formatSeveral(value) ?? JSON.stringify(value)
}

/** Several values of a sweep as words; null for whatever else it is. */
function formatSeveral(value: unknown): string | null {
  if (!isRecord(value)) return null
  const { each, uniform, logUniform } = value
  if (Array.isArray(each)) {
    if (each.length > 12) {
      const numbers = each.filter((part) => typeof part === 'number')
      const range =
        numbers.length === each.length ? `, ${Math.min(...numbers)} to ${Math.max(...numbers)}` : ''
      return `${each.length} values${range}`
    }
    const words = each.map((part) => (Array.isArray(part) ? `(${formatValue(part)})` : formatValue(part)))
    return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  }
  const range = uniform ?? logUniform
  if (!Array.isArray(range)) return null
  return `${range.map(formatValue).join(' to ')}, drawn${logUniform === undefined ? '' : ' by magnitude'}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
