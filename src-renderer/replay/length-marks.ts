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

/** The same steps along x and y, so that what they enclose are squares. */
export function toGridMarks(low: readonly number[], high: readonly number[]): [x: number[], y: number[]] {
  const [x0 = 0, y0 = 0] = low
  const [x1 = 0, y1 = 0] = high
  const longest = Math.max(x1 - x0, y1 - y0)
  return [toMarks(x0, x1, (10 * (x1 - x0)) / longest), toMarks(y0, y1, (10 * (y1 - y0)) / longest)]
}

/** The least of 1, 2, 5 times a power of ten that is not below `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}
