/** A predicted chance of an event, and whether the event came. */
export interface Prediction {
  chance: number
  event: boolean
}

/** Mean squared distance of the predicted chance from what came (0 or 1); null without predictions. */
export function brierScore(predictions: readonly Prediction[]): number | null {
  if (predictions.length === 0) return null
  const sum = predictions.reduce((total, { chance, event }) => total + (chance - (event ? 1 : 0)) ** 2, 0)
  return sum / predictions.length
}

export interface RocPoint {
  /** Everything with at least this chance is called an event. */
  threshold: number
  /** Share of the non-events that are called events. */
  falsePositiveRate: number
  /** Share of the events that are called events. */
  truePositiveRate: number
}

/** From (0, 0) to (1, 1), a point per distinct chance, so that ties move both rates at once; empty unless there are events and non-events. */
export function rocPoints(predictions: readonly Prediction[]): RocPoint[] {
  const events = predictions.filter(({ event }) => event).length
  const others = predictions.length - events
  if (events === 0 || others === 0) return []
  const points: RocPoint[] = [
    { threshold: Number.POSITIVE_INFINITY, falsePositiveRate: 0, truePositiveRate: 0 },
  ]
  const descending = predictions.toSorted((a, b) => b.chance - a.chance)
  let hits = 0
  for (const [index, { chance, event }] of descending.entries()) {
    if (event) hits++
    if (descending[index + 1]?.chance === chance) continue
    points.push({
      threshold: chance,
      falsePositiveRate: (index + 1 - hits) / others,
      truePositiveRate: hits / events,
    })
  }
  return points
}

/** Chance that an event was given a higher prediction than a non-event, a tie counting half: the area under the ROC. */
export function areaUnderRoc(predictions: readonly Prediction[]): number | null {
  const points = rocPoints(predictions)
  if (points.length === 0) return null
  let area = 0
  let [x, y] = [0, 0]
  for (const { falsePositiveRate, truePositiveRate } of points) {
    area += ((falsePositiveRate - x) * (truePositiveRate + y)) / 2
    ;[x, y] = [falsePositiveRate, truePositiveRate]
  }
  return area
}

export interface ReliabilityBin {
  low: number
  high: number
  count: number
  /** Mean predicted chance, and the share that came true; null in an empty bin. */
  predicted: number | null
  observed: number | null
}

/** Predictions in bins of equal width over [0, 1]; a chance of exactly 1 falls into the last. */
export function reliabilityBins(predictions: readonly Prediction[], bins = 10): ReliabilityBin[] {
  return Array.from({ length: bins }, (_, bin) => {
    const inside = predictions.filter(
      ({ chance }) => Math.min(bins - 1, Math.max(0, Math.floor(chance * bins))) === bin,
    )
    const share = (sum: number) => (inside.length === 0 ? null : sum / inside.length)
    return {
      low: bin / bins,
      high: (bin + 1) / bins,
      count: inside.length,
      predicted: share(inside.reduce((sum, { chance }) => sum + chance, 0)),
      observed: share(inside.filter(({ event }) => event).length),
    }
  })
}
