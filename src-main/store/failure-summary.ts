import type { Distribution, FailureScope, FailureSummary, Tally } from '../contract/failures.ts'

/** One failure: run, step, kind, cause, final Q_safe, warning lead, index of the episode. */
export type FailureFacts = readonly [number, number, string, string, number | null, number | null, number]

interface RunFacts {
  method: string
  phase: string
  seed: number
}

const BINS = 24
/** Failures counted at a stretch: a few milliseconds. */
const AT_A_STRETCH = 5000

/** The conditions that a tally or distribution stands for; `others` has none of its own. */
const aspects = [
  'causes',
  'methods',
  'phases',
  'kinds',
  'steps',
  'warningLeads',
  'finalQSafe',
  'others',
] as const
type Aspect = (typeof aspects)[number]

/** Counts each failure for all aspects if it meets every condition, and for one aspect if that aspect's own condition is the only one it does not meet. */
export async function summarizeFailures(
  failures: readonly FailureFacts[],
  runs: ReadonlyMap<number, RunFacts>,
  scope: FailureScope,
  breathe: () => Promise<void>,
): Promise<FailureSummary> {
  const misses = missesOf(scope)
  const tallies = {
    causes: new Map<string, number>(),
    methods: new Map(),
    phases: new Map(),
    kinds: new Map(),
  }
  const values: Record<'steps' | 'warningLeads' | 'finalQSafe', number[]> = {
    steps: [],
    warningLeads: [],
    finalQSafe: [],
  }
  const runsOfAll = new Set<number>()
  let total = 0
  let judged = 0
  let withoutWarning = 0
  for (const [index, facts] of failures.entries()) {
    if (index % AT_A_STRETCH === 0) await breathe()
    const [runId, step, kind, cause, finalQSafe, warningLead] = facts
    const run = runs.get(runId)
    if (run === undefined) continue
    const missed = misses(facts, run)
    if (missed === 'several') continue
    const counts = (aspect: Aspect) => missed === null || missed === aspect
    if (missed === null) {
      total++
      runsOfAll.add(runId)
      if (warningLead !== null) judged++
      if (warningLead === 0) withoutWarning++
    }
    if (counts('causes')) increase(tallies.causes, cause)
    if (counts('methods')) increase(tallies.methods, run.method)
    if (counts('phases')) increase(tallies.phases, run.phase)
    if (counts('kinds')) increase(tallies.kinds, kind)
    if (counts('steps')) values.steps.push(step)
    if (warningLead !== null && counts('warningLeads')) values.warningLeads.push(warningLead)
    if (finalQSafe !== null && counts('finalQSafe')) values.finalQSafe.push(finalQSafe)
  }
  return {
    total,
    runs: runsOfAll.size,
    judged,
    withoutWarning,
    causes: toTally(tallies.causes),
    methods: toTally(tallies.methods),
    phases: toTally(tallies.phases),
    kinds: toTally(tallies.kinds),
    steps: toDistribution(values.steps),
    warningLeads: toDistribution(values.warningLeads),
    finalQSafe: toDistribution(values.finalQSafe, [0, 1]),
  }
}

/** Which aspect's condition a failure does not meet; null: it meets all. */
function missesOf(scope: FailureScope): (facts: FailureFacts, run: RunFacts) => Aspect | 'several' | null {
  const causes = scope.causes && new Set(scope.causes)
  const text = scope.text?.toLowerCase()
  const outside = (value: number | null, low: number | undefined, high: number | undefined): boolean =>
    (low !== undefined || high !== undefined) &&
    (value === null ||
      value < (low ?? Number.NEGATIVE_INFINITY) ||
      value > (high ?? Number.POSITIVE_INFINITY))
  return ([, step, kind, cause, finalQSafe, warningLead], { method, phase, seed }) => {
    let missed: Aspect | null = null
    let count = 0
    const miss = (aspect: Aspect) => {
      missed = aspect
      count++
    }
    if (causes && !causes.has(cause)) miss('causes')
    if (scope.method !== undefined && method !== scope.method) miss('methods')
    if (scope.phase !== undefined && phase !== scope.phase) miss('phases')
    if (scope.kind !== undefined && kind !== scope.kind) miss('kinds')
    if (outside(step, scope.fromStep, scope.toStep)) miss('steps')
    if (outside(warningLead, scope.fromWarningLead, scope.toWarningLead)) miss('warningLeads')
    if (outside(finalQSafe, scope.fromQSafe, scope.toQSafe)) miss('finalQSafe')
    if (scope.seed !== undefined && seed !== scope.seed) miss('others')
    if (text !== undefined && !cause.toLowerCase().includes(text)) miss('others')
    return count > 1 ? 'several' : missed
  }
}

function increase(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
}

function toTally(counts: ReadonlyMap<string, number>): Tally {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

/** Whole numbers of a small range get a bin each. */
function toDistribution(values: readonly number[], bounds?: readonly [number, number]): Distribution {
  if (values.length === 0) return null
  let [low, high] = bounds ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  if (!bounds)
    for (const value of values) {
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  const bins = bounds ? BINS : Math.min(BINS, high - low + 1)
  const counts = new Array<number>(bins).fill(0)
  const width = bounds ? (high - low) / bins : (high - low + 1) / bins
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - low) / width)))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return { low, high, counts }
}
