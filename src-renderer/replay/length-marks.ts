/** Round lengths from `low` to `high`: steps of 1, 2 or 5 times a power of ten, at most `most` of them. */
export function toMarks(low: number, high: number, most = 10): number[] {
  const span = high - low
  if (!(span > 0)) return []
  const step = roundStep(span / most)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
}

/** The least of 1, 2, 5 times a power of ten that is not below `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}
