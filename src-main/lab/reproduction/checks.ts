import type { EnvironmentName, MethodName } from '../../contract/transfer.ts'
import { bootstrapMean } from '../../statistics/bootstrap.ts'
import { labelOf, type Measured } from './measured.ts'
import { atMost, type Check, compare, type Direction } from './verdicts.ts'

type ValueName = 'finalReturn' | 'failureRate' | 'meanReturn' | 'bridgeShare' | 'detourShare'
const words: Readonly<Record<ValueName, string>> = {
  finalReturn: 'final return',
  failureRate: 'failure rate',
  meanReturn: 'mean return over the training',
  bridgeShare: 'share of walks over the bridge',
  detourShare: 'share of walks around the lava',
}
const directions: Readonly<Record<Direction, string>> = {
  lower: 'lower than',
  higher: 'higher than',
  noLower: 'no lower than',
  noHigher: 'no higher than',
}

function against(name: ValueName, direction: Direction, ours: Measured, theirs: Measured): Check {
  const sentence = `The ${words[name]} of ${labelOf(ours)} is ${directions[direction]} that of ${labelOf(theirs)}`
  const isReturn = name === 'finalReturn' || name === 'meanReturn'
  return compare(sentence, direction, ours[name], theirs[name], isReturn ? null : 'percentage points')
}

const isPlain = (wanted: MethodName) => (arm: Measured) => arm.method === wanted && arm.variant === ''

/** SQRL against each other method, as far as they were asked for. */
export function againstOthers(
  arms: readonly Measured[],
  others: readonly MethodName[] | 'all',
  ...comparisons: [ValueName, Direction][]
): Check[] {
  const sqrl = arms.find(isPlain('sqrl'))
  if (!sqrl) return []
  return arms
    .filter((arm) => arm !== sqrl && arm.variant === '' && (others === 'all' || others.includes(arm.method)))
    .flatMap((other) => comparisons.map(([name, direction]) => against(name, direction, sqrl, other)))
}

/** What the paper shows as "about", doubled: its figures are read from a plot. */
const failureBounds: Readonly<Partial<Record<EnvironmentName, number>>> = {
  'drunk-spider': 0.02,
  minitaur: 0.1,
}

export function failsSeldom(arms: readonly Measured[], environment: EnvironmentName): Check[] {
  const bound = failureBounds[environment]
  const sqrl = arms.find(isPlain('sqrl'))
  if (bound === undefined || !sqrl) return []
  const sentence = `SQRL fails in at most ${100 * bound} % of its episodes, twice what the paper shows`
  return [atMost(sentence, bound, sqrl.failureRateInterval, sqrl.failureRate.length)]
}

export function between(
  arms: readonly Measured[],
  [ours, theirs]: [string, string],
  name: ValueName,
  direction: Direction,
): Check[] {
  const a = arms.find(({ variant }) => variant === ours)
  const b = arms.find(({ variant }) => variant === theirs)
  return a && b ? [against(name, direction, a, b)] : []
}

/** The paper says that the mask ensures it; a step here and there finds no safe candidate. */
const MOST_ABOVE = 0.01

export function staysBelow([sqrl]: readonly Measured[]): Check[] {
  if (!sqrl) return []
  const sentence = `Under the mask at most ${100 * MOST_ABOVE} % of the actions of SQRL’s final policies lie above ε_safe`
  const { aboveShare, unmaskedAboveShare, walkFailureRate, unmaskedWalkFailureRate } = sqrl
  const above = bootstrapMean(aboveShare.map(({ value }) => value))
  return [
    atMost(sentence, MOST_ABOVE, above, aboveShare.length),
    compare(
      'These are fewer than without the mask',
      'lower',
      aboveShare,
      unmaskedAboveShare,
      'percentage points',
    ),
    compare(
      'Their episodes fail less often than without the mask',
      'lower',
      walkFailureRate,
      unmaskedWalkFailureRate,
      'percentage points',
    ),
  ]
}
