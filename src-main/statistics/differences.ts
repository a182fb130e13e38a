import { mean, quantile } from './averages.ts'
import { type BootstrapOptions, drawResamples, type Interruptible, withoutPause } from './bootstrap.ts'
import { hedgesG, pairedEffectSize } from './effect-size.ts'
import { picker } from './picker.ts'

/** A figure of one run. */
export interface SeedValue {
  seed: number
  value: number
}

export interface DifferenceInterval {
  mean: number
  low: number | null
  high: number | null
  /** Seeds that both sides have; null where the sides were resampled apart. */
  pairs: number | null
  /** The difference in standard deviations: d_z of the pairs, or Hedges' g of sides that were resampled apart; null where neither can be told. */
  effectSize: number | null
}

/**
 * Difference of two means with a percentile bootstrap interval. Where both sides have the same seeds, each once, a resample draws seeds and takes both
 * sides of each: what a seed does to both then cancels. Otherwise each side is drawn on its own.
 */
export function* bootstrappingDifference(
  ours: readonly SeedValue[],
  theirs: readonly SeedValue[],
  { resamples = 10_000, level = 0.95, seed = 0 }: BootstrapOptions = {},
): Interruptible<DifferenceInterval | null> {
  if (ours.length === 0 || theirs.length === 0) return null
  const a = ours.map(({ value }) => value)
  const b = theirs.map(({ value }) => value)
  const centre = mean(a) - mean(b)
  const pairs = pairUp(ours, theirs)
  const effectSize = pairs === null ? hedgesG(a, b) : pairedEffectSize(pairs)
  const pick = picker(seed)
  const drawMean = (values: readonly number[]) => {
    let sum = 0
    for (let n = 0; n < values.length; n++) sum += values[pick(values.length)] ?? Number.NaN
    return sum / values.length
  }
  const tooFew = pairs === null ? a.length < 2 || b.length < 2 : pairs.length < 2
  if (tooFew) return { mean: centre, low: null, high: null, pairs: pairs?.length ?? null, effectSize }
  const draw = () => (pairs === null ? drawMean(a) - drawMean(b) : drawMean(pairs))
  const drawn = yield* drawResamples(draw, resamples)
  return {
    mean: centre,
    low: quantile(drawn, (1 - level) / 2),
    high: quantile(drawn, (1 + level) / 2),
    pairs: pairs?.length ?? null,
    effectSize,
  }
}

export const differenceOfMeans = (
  ours: readonly SeedValue[],
  theirs: readonly SeedValue[],
  options: BootstrapOptions = {},
): DifferenceInterval | null => withoutPause(bootstrappingDifference(ours, theirs, options))

/** Differences seed by seed; null unless both sides have the same seeds, each once. */
function pairUp(ours: readonly SeedValue[], theirs: readonly SeedValue[]): number[] | null {
  const bySeed = new Map(theirs.map(({ seed, value }) => [seed, value]))
  const seeds = new Set(ours.map(({ seed }) => seed))
  if (seeds.size !== ours.length || bySeed.size !== theirs.length || ours.length !== theirs.length)
    return null
  const pairs = ours.flatMap(({ seed, value }) => {
    const other = bySeed.get(seed)
    return other === undefined ? [] : [value - other]
  })
  return pairs.length === ours.length ? pairs : null
}

/** Chance that one of ours is greater than one of theirs, a tie counting half (Mann and Whitney's U over all pairs); null where a side is empty. */
export function probabilityOfImprovement(ours: readonly number[], theirs: readonly number[]): number | null {
  if (ours.length === 0 || theirs.length === 0) return null
  let wins = 0
  for (const a of ours) for (const b of theirs) wins += a > b ? 1 : a === b ? 0.5 : 0
  return wins / (ours.length * theirs.length)
}
