import type { FailureTest, Outcome } from '../../src-main/contract/index.ts'
import { formatCount, formatFixed, formatMark } from '../text/numbers.ts'
import type { FrameSource } from './source.ts'

/** What one failure test measured over an episode. */
export interface MeasureCourse extends FailureTest {
  /** In each frame. */
  values: number[]
  /** Room left to the bound as a share: of half of the room between two bounds, else of the most in this episode. 0 at the bound and beyond it. */
  margins: number[]
  /** First frame beyond a bound. */
  crossedAt: number | null
  /** Where the margin was least. */
  tightestAt: number
}

/** A moment on the way to a failure. */
export interface CauseEvent {
  kind: 'rise' | 'warning' | 'half' | 'crossing'
  frame: number
  text: string
  help: string
}

export interface Causes {
  lastFrame: number
  secondsPerFrame: number
  hasFailed: boolean
  courses: MeasureCourse[]
  /** The least margin of all tests, in each frame. */
  margins: number[]
  /** In the order of their frames. */
  events: CauseEvent[]
  /** What happened, in a sentence. */
  sentence: string
  /** Whether the safety critic foresaw it; null: it did not fail, or nobody judged it. */
  warning: string | null
}

interface Context {
  outcome: Outcome
  cause: string | null
  epsilonSafe: number | null
  secondsPerFrame: number
}

/** What made an episode fail, or how near it came to that. */
export function toCauses(source: FrameSource, tests: readonly FailureTest[], context: Context): Causes {
  const { lastFrame } = source
  const hasFailed = context.outcome === 'failure'
  const rows = Array.from({ length: lastFrame + 1 }, (_, frame) => source.measures(frame))
  const courses = tests.map((test, index) =>
    toCourse(
      test,
      rows.map((row) => row[index] ?? Number.NaN),
    ),
  )
  const events = [
    ...warningEvents(source, context),
    ...courses.flatMap((course) => courseEvents(course, lastFrame, hasFailed)),
  ]
  return {
    lastFrame,
    secondsPerFrame: context.secondsPerFrame,
    hasFailed,
    courses,
    margins: rows.map((_, frame) => Math.min(1, ...courses.map(({ margins }) => margins[frame] ?? 1))),
    events: events.toSorted((one, other) => one.frame - other.frame),
    sentence: sentenceOf(courses, context),
    warning: warningOf(source, context),
  }
}

function toCourse(test: FailureTest, values: number[]): MeasureCourse {
  const { low, high } = test
  const room = values.map((value) =>
    Math.min(
      low === null ? Number.POSITIVE_INFINITY : value - low,
      high === null ? Number.POSITIVE_INFINITY : high - value,
    ),
  )
  const whole =
    low !== null && high !== null ? (high - low) / 2 : room.reduce((most, one) => Math.max(most, one), 0)
  const margins = room.map((one) => Math.min(1, Math.max(0, one / (whole || 1))))
  const crossedAt = room.findIndex((one) => one < 0)
  const least = room.reduce((tightest, one, frame) => (one < (room[tightest] ?? 0) ? frame : tightest), 0)
  return { ...test, values, margins, crossedAt: crossedAt < 0 ? null : crossedAt, tightestAt: least }
}

/** A value as exact as matters beside the bounds and the range of what was measured. */
export function measureText({ values, low, high, unit }: MeasureCourse, value: number | null): string {
  const all = [...values, low ?? 0, high ?? 0].filter(Number.isFinite)
  const range =
    all.reduce((most, one) => Math.max(most, one), 0) - all.reduce((least, one) => Math.min(least, one), 0)
  const decimals = Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(range || 1))))
  // Nothing is −0.
  const rounded = value === null ? null : Number(value.toFixed(decimals)) + 0
  return `${formatFixed(rounded, decimals)} ${unit}`
}

/** The bound that is nearer to a value. */
function nearerBound({ low, high }: FailureTest, value: number): number {
  if (low === null || high === null) return low ?? high ?? 0
  return value - low < high - value ? low : high
}

export const withUnit = (value: string, { unit }: FailureTest): string => `${value} ${unit}`

function courseEvents(course: MeasureCourse, lastFrame: number, hasFailed: boolean): CauseEvent[] {
  const { name, values, margins, crossedAt } = course
  if (!hasFailed || crossedAt === null) return []
  const bound = nearerBound(course, values[crossedAt] ?? 0)
  const crossing: CauseEvent = {
    kind: 'crossing',
    frame: crossedAt,
    text: `${name} passes ${withUnit(formatMark(bound), course)}`,
    help: 'The failure test is broken',
  }
  const half = lastStretch(lastFrame + 1, (frame) => (margins[frame] ?? 1) < 0.5)
  if (half === null || half >= crossedAt) return [crossing]
  const gone: CauseEvent = {
    kind: 'half',
    frame: half,
    text: `${name}: half of its margin is gone for good`,
    help: 'From here on it was never further from its bound than half of the way',
  }
  return [gone, crossing]
}

/** When the safety critic first saw it come, and from when on it warned without a break. */
function warningEvents(source: FrameSource, { outcome, epsilonSafe }: Context): CauseEvent[] {
  if (epsilonSafe === null || outcome !== 'failure') return []
  const isRisky = (frame: number) => (source.qSafe(frame) ?? 0) > epsilonSafe
  const frames = Array.from({ length: source.lastFrame }, (_, frame) => frame)
  const first = frames.find(isRisky)
  const warned = lastStretch(source.lastFrame, isRisky)
  const threshold = `ε ${formatMark(epsilonSafe)}`
  const events: CauseEvent[] = []
  if (first !== undefined && first !== warned)
    events.push({
      kind: 'rise',
      frame: first,
      text: `Q_safe rises above ${threshold} for the first time`,
      help: 'It fell below it again before the failure',
    })
  if (warned !== null)
    events.push({
      kind: 'warning',
      frame: warned,
      text: `Q_safe stays above ${threshold}: the warning`,
      help: 'The lead that lists of failures show counts from here',
    })
  return events
}

function warningOf(source: FrameSource, context: Context): string | null {
  const { epsilonSafe, outcome, secondsPerFrame } = context
  const { lastFrame } = source
  if (epsilonSafe === null || outcome !== 'failure' || source.qSafe(lastFrame - 1) === null) return null
  const warned = lastStretch(lastFrame, (frame) => (source.qSafe(frame) ?? 0) > epsilonSafe)
  return warned === null
    ? `The critic did not warn: Q_safe was not above ε ${formatMark(epsilonSafe)} when it failed.`
    : `The critic warned ${leadText(warned, { lastFrame, secondsPerFrame })}.`
}

/** Where the stretch begins that holds without a break up to the end; null: it does not hold at the end. */
function lastStretch(length: number, holds: (frame: number) => boolean): number | null {
  let from = length
  while (from > 0 && holds(from - 1)) from--
  return from === length ? null : from
}

function sentenceOf(courses: readonly MeasureCourse[], { outcome, cause }: Context): string {
  if (outcome === 'failure') {
    const crossed = courses.filter(({ crossedAt }) => crossedAt !== null)
    if (crossed.length === 0) return `It failed: ${cause ?? 'no test says why'}. No failure test was broken.`
    return `It failed because ${crossed.map(crossingClause).join(', and ')}.`
  }
  const [nearest] = courses.toSorted((one, other) => least(one) - least(other))
  if (nearest === undefined) return 'It did not fail.'
  const { name, tightestAt, values } = nearest
  const value = measureText(nearest, values[tightestAt] ?? null)
  return `It did not fail. It came nearest to it in frame ${formatCount(tightestAt)}: ${name} ${value}, where ${withUnit(formatMark(nearerBound(nearest, values[tightestAt] ?? 0)), nearest)} is the bound.`
}

function crossingClause(course: MeasureCourse): string {
  const { name, values, crossedAt } = course
  const value = values[crossedAt ?? 0] ?? 0
  const bound = nearerBound(course, value)
  return `${name} came to ${measureText(course, value)}, ${value < bound ? 'below' : 'above'} ${withUnit(formatMark(bound), course)}`
}

const least = ({ margins, tightestAt }: MeasureCourse): number => margins[tightestAt] ?? 1

/** How long before the end, such as: 11 steps, 0.22 s before. */
export function leadText(
  frame: number,
  { lastFrame, secondsPerFrame }: Pick<Causes, 'lastFrame' | 'secondsPerFrame'>,
): string {
  const steps = lastFrame - frame
  if (steps === 0) return 'the end'
  return `${formatCount(steps)} ${steps === 1 ? 'step' : 'steps'}, ${formatMark(steps * secondsPerFrame)} s before`
}
