import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Failure,
  type FailureOrder,
  failureFilter,
  failureOrder,
} from '../../src-main/contract/failures.ts'
import { migrate } from '../../src-main/store/migrations/index.ts'
import { createStore, type Store } from '../../src-main/store/store.ts'
import { batch, episodeRecord, insertRun } from './fixtures.ts'

const causes = [
  'lava at row 2, column 2',
  'lava at row 5, column 4',
  'left the map at the top',
  null,
] as const
const db = new Sqlite(':memory:')
let store: Store
let all: Failure[]

/** Four runs in four experiments, with failures that differ in everything, among episodes that are none. */
beforeAll(() => {
  migrate(db, '/lab')
  store = createStore(db, '/lab')
  for (const [number, changes] of [
    { method: 'sqrl', phase: 'pretrain', seed: 0 } as const,
    { method: 'sqrl', phase: 'finetune', seed: 1 } as const,
    { method: 'sac', phase: 'pretrain', seed: 0 } as const,
    { method: 'sac', phase: 'finetune', seed: 1 } as const,
  ].entries()) {
    const runId = insertRun(store, changes)
    const judged = changes.method === 'sqrl'
    const episodes = Array.from({ length: 60 }, (_, index) =>
      episodeRecord(index, {
        kind: index % 5 === 0 ? 'rollout' : 'training',
        outcome: index % 3 === 0 ? 'success' : 'failure',
        cause: index % 3 === 0 ? null : (causes[(index * 7 + number) % 4] ?? null),
        finalQSafe: judged ? ((index * 13) % 21) / 20 : null,
        warningLead: judged ? (index * 11) % 6 : null,
        length: 1 + ((index * 5) % 9),
        return: Math.sin(index),
      }),
    )
    store.applyBatch(runId, batch(1000, { episodes }))
  }
  all = store.failures.list(failureFilter.parse({}))
})

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })
const anyOrder: fc.Arbitrary<FailureOrder> = fc
  .record({
    runId: maybe(fc.integer({ min: 1, max: 4 })),
    experimentId: maybe(fc.integer({ min: 1, max: 4 })),
    causes: maybe(fc.subarray(causes.map((cause) => cause ?? ''))),
    text: maybe(fc.constantFrom('LAVA', 'column 4', 'nothing like it')),
    fromStep: maybe(fc.integer({ min: 0, max: 600 })),
    toStep: maybe(fc.integer({ min: 0, max: 600 })),
    fromWarningLead: maybe(fc.integer({ min: 0, max: 6 })),
    toWarningLead: maybe(fc.integer({ min: 0, max: 6 })),
    fromQSafe: maybe(fc.constantFrom(0, 0.1, 0.5)),
    toQSafe: maybe(fc.constantFrom(0.4, 0.9, 1)),
    method: maybe(fc.constantFrom('sqrl', 'sac')),
    phase: maybe(fc.constantFrom('pretrain', 'finetune')),
    seed: maybe(fc.constantFrom(0, 1)),
    kind: maybe(fc.constantFrom('training', 'rollout')),
    sort: fc.constantFrom('run', 'step', 'cause', 'length', 'return', 'finalQSafe', 'warningLead'),
    descending: fc.boolean(),
  })
  .map((order) => failureOrder.parse(order))

const within = (value: number | null, low: number | undefined, high: number | undefined): boolean =>
  (low === undefined && high === undefined) ||
  (value !== null && value >= (low ?? value) && value <= (high ?? value))

/** The same conditions, in words of another language. Run and experiment have the same numbers here. */
function isMeant(failure: Failure, scope: FailureOrder): boolean {
  const cause = failure.cause ?? ''
  return (
    (scope.runId ?? failure.runId) === failure.runId &&
    (scope.experimentId ?? failure.runId) === failure.runId &&
    (scope.causes?.includes(cause) ?? true) &&
    cause.toLowerCase().includes(scope.text?.toLowerCase() ?? '') &&
    within(failure.step, scope.fromStep, scope.toStep) &&
    within(failure.warningLead, scope.fromWarningLead, scope.toWarningLead) &&
    within(failure.finalQSafe, scope.fromQSafe, scope.toQSafe) &&
    (scope.method ?? failure.method) === failure.method &&
    (scope.phase ?? failure.phase) === failure.phase &&
    (scope.seed ?? failure.seed) === failure.seed &&
    (scope.kind ?? failure.kind) === failure.kind
  )
}

function compare(a: Failure, b: Failure, { sort, descending }: FailureOrder): number {
  const sign = descending ? -1 : 1
  const asTheyHappened = a.runId - b.runId || a.index - b.index
  if (sort === 'run') return sign * asTheyHappened
  const [left, right] = [a[sort], b[sort]]
  if (left === right) return asTheyHappened
  if (left === null) return 1
  if (right === null) return -1
  return sign * (left < right ? -1 : 1)
}

describe('failures repository', () => {
  it('lists, counts and orders what the conditions mean', () => {
    expect(all).toHaveLength(160)
    fc.assert(
      fc.property(anyOrder, fc.integer({ min: 0, max: 30 }), (order, offset) => {
        const expected = all.filter((failure) => isMeant(failure, order))
        expected.sort((a, b) => compare(a, b, order))
        expect(store.failures.count(order)).toBe(expected.length)
        const listed = store.failures.list({ ...order, limit: 25, offset })
        expect(listed.map(({ id }) => id)).toEqual(expected.slice(offset, offset + 25).map(({ id }) => id))
        for (const [position, { id }] of expected.slice(0, 3).entries())
          expect(store.failures.neighbours(id, order)).toEqual({
            position,
            total: expected.length,
            previousId: expected[position - 1]?.id ?? null,
            nextId: expected[position + 1]?.id ?? null,
          })
      }),
    )
  })

  it('knows no neighbours of a failure that an order leaves out', () => {
    const left = all.find(({ method }) => method === 'sac')
    expect(store.failures.neighbours(left?.id ?? 0, failureOrder.parse({ method: 'sqrl' }))).toBeNull()
  })

  it('tallies each aspect under all conditions but its own', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder, async (order) => {
        const summary = await store.failures.summarize(order)
        const kept = all.filter((failure) => isMeant(failure, order))
        expect(summary.total).toBe(kept.length)
        expect(summary.runs).toBe(new Set(kept.map(({ runId }) => runId)).size)
        expect(summary.judged).toBe(kept.filter(({ warningLead }) => warningLead !== null).length)
        expect(summary.withoutWarning).toBe(kept.filter(({ warningLead }) => warningLead === 0).length)

        const { causes: _causes, ...anyCause } = order
        const tallied = Object.fromEntries(summary.causes.map(({ value, count }) => [value, count]))
        expect(tallied).toEqual(
          countBy(
            all.filter((failure) => isMeant(failure, anyCause)),
            ({ cause }) => cause ?? '',
          ),
        )
        const { method: _method, ...anyMethod } = order
        expect(Object.fromEntries(summary.methods.map(({ value, count }) => [value, count]))).toEqual(
          countBy(
            all.filter((failure) => isMeant(failure, anyMethod)),
            ({ method }) => method,
          ),
        )
        const { fromStep: _from, toStep: _to, ...anyStep } = order
        const steps = all.filter((failure) => isMeant(failure, anyStep)).map(({ step }) => step)
        expect(summary.steps?.counts.reduce((a, b) => a + b, 0) ?? 0).toBe(steps.length)
        if (steps.length > 0)
          expect(summary.steps).toMatchObject({ low: Math.min(...steps), high: Math.max(...steps) })
      }),
    )
  })

  it('sees what was written since it last counted', async () => {
    const own = createStore(new Sqlite(db.serialize()), '/lab')
    expect((await own.failures.summarize({ runId: 1 })).total).toBe(40)
    own.applyBatch(1, batch(1001, { episodes: [episodeRecord(60, { outcome: 'failure', cause: 'lava' })] }))
    expect((await own.failures.summarize({ runId: 1 })).total).toBe(41)
  })

  it('counts more failures than it reads at a stretch, and pauses in between', async () => {
    const own = createStore(new Sqlite(db.serialize()), '/lab')
    const more = Array.from({ length: 9000 }, (_, index) => episodeRecord(60 + index, { outcome: 'failure' }))
    own.applyBatch(2, batch(1001, { episodes: more }))
    let pauses = 0
    const breathe = async () => void pauses++
    expect((await own.failures.summarize({}, breathe)).total).toBe(160 + 9000)
    expect(pauses).toBeGreaterThan(3)
    expect((await own.failures.summarize({ experimentId: 2 }, breathe)).total).toBe(40 + 9000)
  })

  it('answers from its index alone, row by row for one page', () => {
    const plan = db
      .prepare<[], { detail: string }>(
        `EXPLAIN QUERY PLAN SELECT id FROM episodes WHERE outcome = 'failure'
           AND run_id IN (SELECT id FROM runs WHERE method = 'sac') AND final_q_safe > 0.5 ORDER BY warning_lead LIMIT 9`,
      )
      .all()
    expect(plan.map(({ detail }) => detail).join('; ')).toContain('USING COVERING INDEX failures_by_facts')
    const counted = db
      .prepare<[], { detail: string }>(
        `EXPLAIN QUERY PLAN SELECT run_id, step, kind, cause, final_q_safe, warning_lead, episode_index FROM episodes
         WHERE outcome = 'failure' AND (run_id, episode_index) > (1, 5) AND run_id <= 3 ORDER BY run_id, episode_index LIMIT 9`,
      )
      .all()
    expect(counted.map(({ detail }) => detail).join('; ')).toMatch(
      /^SEARCH episodes USING COVERING INDEX failures_by_facts[^;]*$/,
    )
  })
})

function countBy(failures: readonly Failure[], aspect: (failure: Failure) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const failure of failures) counts[aspect(failure)] = (counts[aspect(failure)] ?? 0) + 1
  return counts
}
