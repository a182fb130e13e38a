import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src-main/contract/index.ts'
import { columns } from '../../../src-renderer/runs/columns.ts'
import { arrangeRuns, filterRuns, sortRuns, type TableQuery } from '../../../src-renderer/runs/table.ts'
import { aRun } from '../fixtures.ts'

const name = (id: number) => (id === 1 ? 'Goal near' : 'Goal far')
const ids = (runs: Run[]) => runs.map(({ id }) => id)
const plain: TableQuery = {
  sort: { column: 'run', descending: false },
  grouping: 'none',
  closedGroups: new Set(),
}

describe('sortRuns()', () => {
  const runs = [
    aRun({ id: 1, recentReturn: null }),
    aRun({ id: 2, recentReturn: 40 }),
    aRun({ id: 3, recentReturn: -30 }),
    aRun({ id: 4, recentReturn: 40 }),
  ]

  it('puts what was not measured last in either direction', () => {
    expect(ids(sortRuns(runs, { column: 'return', descending: false }, name))).toEqual([3, 2, 4, 1])
    expect(ids(sortRuns(runs, { column: 'return', descending: true }, name))).toEqual([2, 4, 3, 1])
  })

  it('gives the same order whatever order the runs come in', () => {
    const column = fc.constantFrom(...columns.map(({ id }) => id))
    fc.assert(
      fc.property(
        fc.shuffledSubarray(runs, { minLength: 4 }),
        column,
        fc.boolean(),
        (shuffled, id, descending) => {
          const sort = { column: id, descending }
          expect(ids(sortRuns(shuffled, sort, name))).toEqual(ids(sortRuns(runs, sort, name)))
        },
      ),
    )
  })
})

describe('filterRuns()', () => {
  const runs = [
    aRun({ id: 1, experimentId: 1, state: 'running' }),
    aRun({ id: 2, experimentId: 2, specification: { method: 'sac', seed: 3, phase: 'finetune' } }),
    aRun({ id: 12, experimentId: 1, specification: { seed: 3 } }),
  ]

  it.each([
    ['', [1, 2, 12]],
    ['sac', [2]],
    ['seed:3 near', [12]],
    ['TRAINING goal', [1, 12]],
    ['fine', [2]],
    ['#1', [1, 12]],
    ['nothing like this', []],
  ])('keeps for “%s” the runs %j', (filter, expected) => {
    expect(ids(filterRuns(runs, filter, name)).filter((id) => expected.includes(id))).toEqual(expected)
  })
})

describe('arrangeRuns()', () => {
  const runs = [
    aRun({ id: 1, experimentId: 1, failures: 2 }),
    aRun({ id: 2, experimentId: 2 }),
    aRun({ id: 3, experimentId: 1, failures: 3, state: 'finished' }),
  ]

  it('groups by experiment, the newest first, and sums each up', () => {
    const rows = arrangeRuns(runs, { ...plain, grouping: 'experiment' }, name)
    expect(rows.map(({ key }) => key)).toEqual(['experiment:2', 'run:2', 'experiment:1', 'run:1', 'run:3'])
    expect(rows[2]).toMatchObject({ title: 'Goal near', runs: 2, unfinished: 1, failures: 5, startedAt: 0 })
  })

  it('keeps experiments of the same name apart', () => {
    const rows = arrangeRuns(runs, { ...plain, grouping: 'experiment' }, () => 'Goal')
    expect(rows.filter(({ kind }) => kind === 'group')).toHaveLength(2)
  })

  it('leaves out the runs of a closed group', () => {
    const closedGroups = new Set(['experiment:1'])
    const rows = arrangeRuns(runs, { ...plain, grouping: 'experiment', closedGroups }, name)
    expect(rows.map(({ key }) => key)).toEqual(['experiment:2', 'run:2', 'experiment:1'])
  })
})
