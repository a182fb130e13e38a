import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src-main/contract/runs.ts'
import { describeRun, differingTraits, groupRuns } from '../../../src-main/lab/comparisons/grouping.ts'
import { specification } from '../../store/fixtures.ts'

type Parts = { seed: number; noise: number; epsilonSafe: number; method: 'sqrl' | 'sac'; from: number | null }

function describedRun({ seed, noise, epsilonSafe, method, from }: Parts, id: number) {
  const run = (runId: number, changes: Partial<Run['specification']>): Run => ({
    id: runId,
    experimentId: 1,
    pretrainRunId: null,
    pretrainCheckpointId: null,
    specification: specification({ method, seed, ...changes }),
    state: 'finished',
    error: null,
    step: 0,
    environmentSteps: 0,
    episodes: 0,
    failures: 0,
    successes: 0,
    recentReturn: null,
    stepsPerSecond: null,
    trainedSeconds: 0,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    provenance: null,
    note: '',
    tags: [],
    deletedAt: null,
  })
  const task = (value: number) => ({ environment: 'drunk-spider' as const, parameters: { noise: value } })
  const settings: Run['specification']['settings'] =
    method === 'sqrl' ? { sac: { discount: 0.99 }, sqrl: { epsilonSafe } } : { sac: { discount: 0.99 } }
  const pretrainRun = from === null ? null : run(1000 + id, { task: task(from), settings })
  return describeRun(run(id, { phase: 'finetune', task: task(noise), settings }), pretrainRun)
}

const parts = fc.record({
  seed: fc.nat(4),
  noise: fc.constantFrom(0.1, 0.2),
  epsilonSafe: fc.constantFrom(0.1, 0.2),
  method: fc.constantFrom('sqrl', 'sac'),
  from: fc.constantFrom(null, 0.1, 0.3),
})

describe('groupRuns()', () => {
  it('puts every run into one group, together with those that differ from it in nothing but the seed', () => {
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 15 }), (all) => {
        const { groups } = groupRuns(all.map(describedRun), ['settings'])
        expect(groups.flatMap(({ runs }) => runs.map(({ id }) => id)).sort((a, b) => a - b)).toEqual([
          ...all.keys(),
        ])
        const groupOf = (id: number) => groups.find(({ runs }) => runs.some((run) => run.id === id))?.id
        const configuration = ({ seed, epsilonSafe, ...rest }: Parts) =>
          JSON.stringify({ ...rest, epsilonSafe: rest.method === 'sqrl' ? epsilonSafe : null })
        for (const [a, one] of all.entries())
          for (const [b, other] of all.entries())
            expect(groupOf(a) === groupOf(b)).toBe(configuration(one) === configuration(other))
      }),
    )
  })

  it('names a group by what tells it from the others, and keeps its id whatever else is compared', () => {
    const base: Parts = { seed: 0, noise: 0.1, epsilonSafe: 0.1, method: 'sqrl', from: null }
    const runs = [base, { ...base, seed: 1 }, { ...base, noise: 0.2 }].map(describedRun)
    const [first, second] = groupRuns(runs, ['settings']).groups
    expect(first).toMatchObject({ values: { noise: 0.1 }, method: 'sqrl', runs: [{ seed: 0 }, { seed: 1 }] })
    expect(second?.values).toEqual({ noise: 0.2 })
    expect(groupRuns(runs.slice(0, 2), ['settings']).groups[0]).toMatchObject({ id: first?.id, values: {} })
    expect(groupRuns(runs, ['noise', 'seed']).groups).toHaveLength(3)
    expect(groupRuns(runs, ['run']).groups.map(({ values }) => values)).toEqual([
      { run: 0 },
      { run: 1 },
      { run: 2 },
    ])
  })
})

describe('groups in panels', () => {
  const base: Parts = { seed: 0, noise: 0.1, epsilonSafe: 0.1, method: 'sqrl', from: null }

  it('make up one group of each panel and series, and of the same series in every panel', () => {
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 15 }), (all) => {
        const { groups, facets } = groupRuns(all.map(describedRun), ['method'], 'task')
        expect(groups.flatMap(({ runs }) => runs).length).toBe(all.length)
        expect(facets).toHaveLength(new Set(all.map(({ noise }) => noise)).size)
        expect(new Set(groups.map(({ facet, series }) => `${facet} ${series}`)).size).toBe(groups.length)
        for (const { runs, method } of groups) {
          expect(method).not.toBeNull()
          expect(new Set(runs.map(({ id }) => all[id]?.noise)).size).toBe(1)
        }
        if (facets.length > 1)
          for (const members of Map.groupBy(groups, ({ series }) => series).values())
            expect(new Set(members.map(({ method }) => method)).size).toBe(1)
      }),
    )
  })

  it('are told by their tasks, and say in what else they differ', () => {
    const runs = [base, { ...base, method: 'sac' as const }, { ...base, noise: 0.2, epsilonSafe: 0.2 }]
    const { groups, facets, differsBetweenFacets } = groupRuns(runs.map(describedRun), ['settings'], 'task')
    expect(facets.map(({ values }) => values)).toEqual([{ noise: 0.1 }, { noise: 0.2 }])
    expect(groups.map(({ values }) => values)).toEqual([
      { method: 'sqrl' },
      { method: 'sac' },
      { method: 'sqrl' },
    ])
    expect(groups[2]?.series).toBe(groups[0]?.series)
    expect(differsBetweenFacets).toEqual(['sqrl.epsilonSafe'])
    const [one, two] = groupRuns(runs.slice(0, 2).map(describedRun), ['settings'], 'task').groups
    expect([one?.series, two?.series]).toEqual([one?.id, two?.id])
  })

  it('keep methods apart that stand in different panels', () => {
    const runs = [base, { ...base, method: 'sac' as const, noise: 0.2 }].map(describedRun)
    const { groups } = groupRuns(runs, ['settings'], 'noise')
    expect(new Set(groups.map(({ series }) => series)).size).toBe(2)
    const byMethod = groupRuns(
      [base, { ...base, method: 'sac' as const }].map(describedRun),
      ['settings'],
      'method',
    )
    expect(new Set(byMethod.groups.map(({ series }) => series)).size).toBe(2)
  })
})

describe('differingTraits()', () => {
  it('leaves out what only one method has', () => {
    const base: Parts = { seed: 0, noise: 0.1, epsilonSafe: 0.1, method: 'sqrl', from: null }
    const names = differingTraits([base, { ...base, method: 'sac' as const }].map(describedRun))
    expect(names).toEqual(['run', 'method'])
  })
})
