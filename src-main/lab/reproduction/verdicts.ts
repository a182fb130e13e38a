import { type Interval, unknownInterval } from '../../contract/numbers.ts'
import { differenceOfMeans, type SeedValue } from '../../statistics/differences.ts'
import { FEW_SEEDS } from '../comparisons/statistics.ts'

/** Trainings shorter than this share of the study's lengths get no verdict. */
export const FEWEST_STEPS = 0.5
/** "No worse" allows this share of what it is compared with. */
export const MARGIN = 0.1

export type Direction = 'lower' | 'higher' | 'noLower' | 'noHigher'
export type Outcome = 'holds' | 'unclear' | 'contradicted' | 'too few seeds'
export type Verdict = 'reproduced' | 'partly' | 'not reproduced' | 'not enough runs'

/** One thing that a claim says, measured. */
export interface Check {
  sentence: string
  /** Difference paired by seed, or the figure itself where it is held against a bound. */
  measured: Interval
  /** Of a share, which is read in hundredths; null: of its own, as returns are. */
  unit: '%' | 'percentage points' | null
  seeds: number
  outcome: Outcome
}

/** How ours compares with theirs over the seeds that both have. */
export function compare(
  sentence: string,
  direction: Direction,
  ours: readonly SeedValue[],
  theirs: readonly SeedValue[],
  unit: Check['unit'] = null,
): Check {
  const seeds = new Set(
    ours.flatMap(({ seed }) => (theirs.some((their) => their.seed === seed) ? [seed] : [])),
  )
  const paired = (side: readonly SeedValue[]) => side.filter(({ seed }) => seeds.has(seed))
  const [a, b] = [paired(ours), paired(theirs)]
  const between = differenceOfMeans(a, b)
  const measured = between ?? unknownInterval
  const { low, high } = measured
  if (seeds.size < FEW_SEEDS || low === null || high === null)
    return { sentence, measured, unit, seeds: seeds.size, outcome: 'too few seeds' }
  const theirMean = b.reduce((sum, { value }) => sum + value, 0) / b.length
  const margin = direction === 'noLower' || direction === 'noHigher' ? MARGIN * Math.abs(theirMean) : 0
  return { sentence, measured, unit, seeds: seeds.size, outcome: judge(direction, low, high, margin) }
}

/** Whether a share stays at or below a bound. */
export function atMost(sentence: string, bound: number, measured: Interval, seeds: number): Check {
  const { low, high } = measured
  const outcome: Outcome =
    seeds < FEW_SEEDS || low === null || high === null
      ? 'too few seeds'
      : high <= bound
        ? 'holds'
        : low > bound
          ? 'contradicted'
          : 'unclear'
  return { sentence, measured, unit: '%', seeds, outcome }
}

function judge(direction: Direction, low: number, high: number, margin: number): Outcome {
  switch (direction) {
    case 'lower':
      return high < 0 ? 'holds' : low > 0 ? 'contradicted' : 'unclear'
    case 'higher':
      return low > 0 ? 'holds' : high < 0 ? 'contradicted' : 'unclear'
    case 'noLower':
      return low >= -margin ? 'holds' : high < -margin ? 'contradicted' : 'unclear'
    case 'noHigher':
      return high <= margin ? 'holds' : low > margin ? 'contradicted' : 'unclear'
  }
}

/**
 * @param share of the study's lengths that the runs have; null: the paper's own.
 * @param isWhole false where methods that the claim speaks of are left out.
 */
export function verdictOf(checks: readonly Check[], share: number | null, isWhole = true): Verdict {
  if (share !== null && share < FEWEST_STEPS) return 'not enough runs'
  if (checks.length === 0 || checks.some(({ outcome }) => outcome === 'too few seeds'))
    return 'not enough runs'
  const holding = checks.filter(({ outcome }) => outcome === 'holds').length
  if (holding === checks.length) return isWhole ? 'reproduced' : 'partly'
  return holding > 0 ? 'partly' : 'not reproduced'
}

export const rulesInWords = [
  `Differences are paired by seed; their 95 % intervals are percentile bootstraps of 10,000 resamples. The interval of a rate is the wider of a bootstrap over seeds and Wilson's over the pooled episodes.`,
  '"Lower" and "higher" hold where the whole interval lies on that side of 0, and are contradicted where it lies on the other.',
  `"No lower" and "no higher" hold where the whole interval is within ${100 * MARGIN} % of the other's mean, and are contradicted where it lies wholly beyond.`,
  'Reproduced: every check holds. Partly: some hold, or all of them while methods that the claim speaks of are left out. Not reproduced: none does, because each is unclear or contradicted, as its row says.',
  `Not enough runs: fewer than ${FEW_SEEDS} seeds that both sides have, a side without runs, or trainings shorter than ${100 * FEWEST_STEPS} % of the study's.`,
]
