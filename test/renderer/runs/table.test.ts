import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src-main/contract/index.ts'
import { builtinColumns, type Column, findColumn } from '../../../src-renderer/runs/columns.ts'
import { countFacet, filterRuns, toggleFacet } from '../../../src-renderer/runs/filter.ts'
import { arrangeRuns, dependentsOf, sortRuns, type TableQuery } from '../../../src-renderer/runs/table.ts'
import { aRun } from '../fixtures.ts'

const name = (id: number) => (id === 1 ? 'Goal near' : 'Goal far')
const ids = (runs: Run[]) => runs.map(({ id }) => id)
const column = (id: string): Column => {
  const found = findColumn(id, { settings: new Map(), latest: new Map([['loss', new Map([[3, 2]])]]) })
  if (found === null) throw new Error(`There is no column ${id}.`)
  return found
}
const plain: TableQuery = {
  sort: { column: column('run'), descending: false },
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
    expect(ids(sortRuns(runs, { column: column('return'), descending: false }, name))).toEqual([3, 2, 4, 1])
    expect(ids(sortRuns(runs, { column: column('return'), descending: true }, name))).toEqual([2, 4, 3, 1])
  })

  it('gives the same order whatever order the runs come in', () => {
    const anyColumn = fc.constantFrom(...builtinColumns)
    fc.assert(
      fc.property(
        fc.shuffledSubarray(runs, { minLength: 4 }),
        anyColumn,
        fc.boolean(),
        (shuffled, chosen, descending) => {
          const sort = { column: chosen, descending }
          expect(ids(sortRuns(shuffled, sort, name))).toEqual(ids(sortRuns(runs, sort, name)))
        },
      ),
    )
  })
})

describe('filterRuns()', () => {
  const runs = [
    aRun({ id: 1, experimentId: 1, state: 'running', tags: ['seen', 'odd'] }),
    aRun({
      id: 2,
      experimentId: 2,
      note: 'leaps at 80',
      specification: { method: 'sac', seed: 3, phase: 'finetune' },
    }),
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
    ['tag:seen', [1]],
    ['tag:see state:training', [1]],
    ['-tag:seen', [2, 12]],
    ['state:running method:sac', []],
    ['state:running state:waiting', [1, 2, 12]],
    ['seed:0', [1]],
    ['leaps', [2]],
    ['experiment:2', [2]],
  ])('keeps for “%s” the runs %j', (filter, expected) => {
    expect(ids(filterRuns(runs, filter, name))).toEqual(expected)
  })

  it('takes a facet in and out, and counts what there is of it', () => {
    expect(toggleFacet('goal', 'tag', 'odd')).toBe('goal tag:odd')
    expect(toggleFacet('goal tag:odd', 'tag', 'odd')).toBe('goal')
    expect(countFacet(runs, 'method').map(({ value, count }) => [value, count])).toEqual([
      ['sqrl', 2],
      ['sac', 1],
    ])
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

describe('columns of settings and metrics', () => {
  const withSetting = (id: number, epsilonSafe: number) =>
    aRun({ id, specification: { settings: { sqrl: { epsilonSafe } } } })

  it('sort and group by the value of a setting', () => {
    const runs = [withSetting(1, 0.2), withSetting(2, 0.1), aRun({ id: 3 })]
    const sort = { column: column('setting:sqrl.epsilonSafe'), descending: false }
    expect(ids(sortRuns(runs, sort, name))).toEqual([2, 1, 3])
    const rows = arrangeRuns(runs, { ...plain, grouping: 'setting:sqrl.epsilonSafe' }, name)
    expect(rows.flatMap((row) => (row.kind === 'group' ? [row.title] : []))).toEqual([
      ...['sqrl.epsilonSafe = 0.1', 'sqrl.epsilonSafe = 0.2', 'without sqrl.epsilonSafe'],
    ])
  })

  it('show the last value of a metric where there is one', () => {
    const loss = column('metric:loss')
    expect([loss.text?.(aRun({ id: 3 })), loss.text?.(aRun({ id: 4 }))]).toEqual(['2', '–'])
  })
})

describe('dependentsOf()', () => {
  it('names the fine-tuning runs that would be left without their pre-training', () => {
    const runs = new Map([aRun({ id: 1 }), aRun({ id: 2, pretrainRunId: 1 })].map((run) => [run.id, run]))
    expect(dependentsOf(runs, new Set([1]))).toEqual([2])
    expect(dependentsOf(runs, new Set([1, 2]))).toEqual([])
  })
})
