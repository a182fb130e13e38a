import type { Difference } from '../../contract/comparisons.ts'
import { phaseNames } from '../../contract/figures/method-looks.ts'
import { formatCount, formatFigure, formatFixed } from '../../contract/figures/number-words.ts'
import { formatInterval } from '../../contract/figures/results.ts'
import { warningsOf } from '../../contract/figures/warnings.ts'
import { FEW_SEEDS } from '../comparisons/statistics.ts'
import type { Report, ReportedGroup } from './gather.ts'

const list = new Intl.ListFormat('en')
export const joinWords = (words: Iterable<string>): string => list.format(words)

/** `5 seeds`, `one seed`. */
export function countOf(count: number, one: string, several = `${one}s`): string {
  return count === 1 ? `one ${one}` : `${formatCount(count)} ${several}`
}

export const seedsOf = ({ result }: ReportedGroup): number =>
  new Set(result.runs.flatMap(({ seed, episodes }) => (episodes > 0 ? [seed] : []))).size

/** What the runs do: `fine-tuning`, or `training` where they are of both phases. */
export function phaseOf({ described }: Report): string {
  const phases = [...new Set(described.map(({ run }) => run.specification.phase))]
  const [phase] = phases
  return phase !== undefined && phases.length === 1 ? phaseNames[phase].toLowerCase() : 'training'
}

const failureRateOf = ({ result }: ReportedGroup) => result.figures.failureRate

export interface Answer {
  question: string
  /** First whom it speaks of most. */
  answer: string
  /** Group by group, and then against the baseline. */
  findings: string[]
  /** What weakens it. */
  warnings: string[]
}

export function answerOf(report: Report): Answer {
  const { groups, baseline, statistics, looks } = report
  const phase = phaseOf(report)
  const others = groups.filter((group) => group !== baseline)
  return {
    question:
      groups.length > 1
        ? `Which fails least in ${phase}, and what does it cost in return?`
        : `How often does it fail in ${phase}, and what return does it reach?`,
    answer: leadOf(groups, phase),
    findings: [
      ...groups.map(findingOf),
      ...(baseline ? others.flatMap((group) => againstBaseline(group, baseline)) : []),
    ],
    warnings: warningsOf(statistics, looks),
  }
}

/** Groups that the first sentence names beside the one that fails least. */
const MOST_NAMED = 5

function leadOf(groups: readonly ReportedGroup[], phase: string): string {
  const known = groups
    .flatMap((group) => {
      const { mean } = failureRateOf(group)
      return mean === null ? [] : [{ group, mean }]
    })
    .sort((a, b) => a.mean - b.mean)
  const [least, ...rest] = known
  if (!least) return 'There is no answer yet: no group has failure rates that can be averaged.'
  const rateOf = ({ group }: { group: ReportedGroup }) => `${formatInterval(failureRateOf(group), 100)} %`
  const few = known.some(({ group }) => seedsOf(group) < FEW_SEEDS)
    ? ` With fewer than ${FEW_SEEDS} seeds this describes these runs and claims nothing about others.`
    : ''
  if (rest.length === 0)
    return `${least.group.look.label} failed in ${rateOf(least)} of its episodes of ${phase}.${few}`
  const isTie = rest.some(({ mean }) => mean === least.mean)
  // Of many groups the rest stands below.
  const named = rest.length <= MOST_NAMED ? rest : [...rest.slice(0, 1), ...rest.slice(-1)]
  const others = joinWords(named.map((one) => `${one.group.look.label} in ${rateOf(one)}`))
  return `${least.group.look.label} failed ${isTie ? 'as seldom as any' : 'least'}: in ${rateOf(least)} of its episodes of ${phase}, ${others}.${few}`
}

function findingOf({ look, result, ...rest }: ReportedGroup): string {
  const { failureRate, finalReturn } = result.figures
  const runs = result.runs.filter(({ episodes }) => episodes > 0)
  if (runs.length === 0) return `${look.label} has no episode yet.`
  const episodes = runs.reduce((sum, run) => sum + run.episodes, 0)
  const failures = runs.reduce((sum, run) => sum + run.failures, 0)
  const counts = `${formatCount(failures)} of ${countOf(episodes, 'episode')}, ${countOf(seedsOf({ look, result, ...rest }), 'seed')}`
  if (failureRate.mean === null) return `${look.label}: ${counts}; not averaged, see below.`
  const ended =
    finalReturn.mean === null ? '' : ` and ended with a return of ${formatInterval(finalReturn, 1)}`
  return `${look.label} failed in ${formatInterval(failureRate, 100)} % of its episodes (${counts})${ended}.`
}

function againstBaseline(group: ReportedGroup, baseline: ReportedGroup): string[] {
  const { differences, refusals } = group.result
  const both = `${group.look.label} against ${baseline.look.label}`
  const sentences = [
    differences.failureRate &&
      differenceInWords(differences.failureRate, 'failure rate', 100, ' percentage points'),
    differences.finalReturn && differenceInWords(differences.finalReturn, 'return at the end', 1, ''),
  ].filter((text) => text !== null)
  if (sentences.length > 0) return [`${both}: ${sentences.join('; ')}.`]
  return refusals.length > 0 || group.result.figures.failureRate.mean === null
    ? []
    : [`${both}: no difference can be worked out.`]
}

function differenceInWords(difference: Difference, name: string, scale: number, unit: string): string {
  const { mean, low, high, pairs, verdict } = difference
  const size = `${formatFigure(Math.abs(mean * scale))}${unit} ${mean < 0 ? 'lower' : 'higher'}`
  const interval =
    low === null || high === null
      ? 'without an interval'
      : `95 % interval ${formatFigure(low * scale)} to ${formatFigure(high * scale)}`
  const how = pairs === null ? 'seeds not paired' : `paired over ${countOf(pairs, 'seed')}`
  const said =
    pairs !== null && pairs < FEW_SEEDS
      ? 'too few seeds for a claim'
      : { better: 'better', worse: 'worse', unclear: 'no clear difference, as the interval holds 0' }[verdict]
  const what = mean === 0 ? `the ${name} is the same` : `the ${name} is ${size}`
  return `${what} (${[interval, how, effectOf(difference)].filter(Boolean).join(', ')}): ${said}`
}

/** Nothing where it cannot be told. */
export function effectOf({ effectSize, pairs }: Difference): string {
  if (effectSize === null) return ''
  return `${pairs === null ? 'g' : 'd_z'} ${formatFixed(effectSize, 2)}`
}
