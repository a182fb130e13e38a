import { describe, expect, it } from 'vitest'
import type { GroupLook } from '../../src-main/contract/figures/group-looks.ts'
import { comparisonStatistics, settingDifferences } from '../../src-main/contract/index.ts'
import {
  bandOf,
  parallelColumns,
  parallelFigure,
  parallelOf,
  runsWithin,
  withBand,
} from '../../src-renderer/compare/parallel.ts'

const runIds = [1, 2, 3, 4]
const differences = settingDifferences.parse({
  runIds,
  rows: [
    { name: 'seed', values: [0, 1, 0, 1] },
    { name: 'noiseKind', values: ['uniform', 'gaussian', 'uniform', 'uniform'] },
    { name: 'sac.learningRate', values: [1e-5, 1e-3, 1e-4, null] },
    { name: 'method', values: ['sqrl', 'sqrl', 'sac', 'sac'] },
    { name: 'goal', values: [[1, 2], [1, 2], [3, 4], null] },
  ],
  groupKeys: [],
  missing: [],
})
const nothing = { mean: null, low: null, high: null }
const noFigures = (value: unknown) =>
  Object.fromEntries(
    [
      'finalReturn',
      'successRate',
      'failureRate',
      'cumulativeFailures',
      'firstFailure',
      'worstReturns',
      'meanReturn',
    ].map((name) => [name, value]),
  )
const survival = { runs: 0, failed: 0, median: null, end: 0, drops: [], censored: [] }
const result = (groupId: string, ids: number[]) => ({
  groupId,
  runs: ids.map((id) => ({
    id,
    seed: 0,
    state: 'finished',
    episodes: 10,
    failures: id,
    figures: { ...noFigures(null), failureRate: id / 10, finalReturn: id === 4 ? null : 10 * id },
    epsilonSafe: null,
    isPareto: false,
  })),
  figures: noFigures(nothing),
  differences: noFigures(null),
  isPareto: false,
  survival: { steps: survival, episodes: survival },
  pretraining: null,
  refusals: [],
  warnings: [],
})
const statistics = comparisonStatistics.parse({
  groups: [],
  facets: [],
  results: [result('a', [1, 2]), result('b', [3, 4])],
  commonStep: 1,
  baseline: null,
  missing: [],
})
const look = (id: string): GroupLook => ({
  id,
  panel: '',
  label: id,
  colour: 'red',
  dash: [],
  marker: 'circle',
})
const parallel = parallelOf(differences, statistics, new Map(['a', 'b'].map((id) => [id, look(id)])))
const axis = (name: string) => {
  const found = parallel.axes.find((one) => one.name === name)
  if (!found) throw new Error(`There is no axis ${name}.`)
  return found
}

describe('parallel coordinates', () => {
  it('have an axis for each setting that differs, the method first and what came of it last', () => {
    expect(parallel.axes.map(({ name }) => name)).toEqual([
      'method',
      'noiseKind',
      'sac.learningRate',
      'goal',
      'failureRate',
      'successRate',
      'finalReturn',
    ])
  })

  it('place numbers by size or by magnitude, words in their order, and nothing where there is no value', () => {
    expect(axis('noiseKind').places).toEqual([1, 0, 1, 1])
    const [low, high, middle, none] = axis('sac.learningRate').places
    expect([low, high, none]).toEqual([0, 1, null])
    expect(middle).toBeCloseTo(0.5)
    expect(axis('failureRate').places.map((place) => place?.toFixed(3))).toEqual([
      '0.000',
      '0.333',
      '0.667',
      '1.000',
    ])
    expect(axis('successRate').places).toEqual([null, null, null, null])
  })

  it('choose the runs inside all ranges, ends included', () => {
    expect(runsWithin(parallel, [])).toBeNull()
    const rate = { axis: 'failureRate', from: 20, to: 30 }
    expect([...(runsWithin(parallel, [rate]) ?? [])]).toEqual([2, 3])
    expect([...(runsWithin(parallel, [rate, { axis: 'method', from: 'sac', to: 'sac' }]) ?? [])]).toEqual([3])
    expect([...(runsWithin(parallel, [{ axis: 'finalReturn', from: 0, to: 100 }]) ?? [])]).toEqual([1, 2, 3])
    // What an axis has not chooses nothing away.
    expect(runsWithin(parallel, [{ axis: 'method', from: 'cpo', to: 'cpo' }])).toBeNull()
  })

  it('come back from the address where they were drawn', () => {
    for (const one of parallel.axes.filter(({ places }) => places.some((place) => place !== null))) {
      const band = { from: one.step, to: 1 }
      const [brush] = withBand([], one, band)
      const back = brush && bandOf(one, [brush])
      expect(back?.from).toBeCloseTo(band.from, 2)
      expect(back?.to).toBe(1)
    }
    const brushes = withBand([{ axis: 'goal', from: '1, 2', to: '1, 2' }], axis('failureRate'), {
      from: 0,
      to: 1,
    })
    expect(brushes).toEqual([{ axis: 'goal', from: '1, 2', to: '1, 2' }])
  })

  it('are exported with every value, and drawn with those outside the ranges faint', () => {
    const within = runsWithin(parallel, [{ axis: 'failureRate', from: 20, to: 30 }])
    const columns = parallelColumns(parallel, within)
    expect(columns.map(({ name }) => name)).toEqual([
      'run',
      'group',
      'seed',
      'method',
      'noiseKind',
      'learningRate',
      'goal',
      'Failure rate (%)',
      'Success at the end (%)',
      'Return at the end',
      'within the ranges',
    ])
    expect(columns.at(-1)?.values).toEqual(['no', 'yes', 'yes', 'no'])
    expect(parallelFigure(parallel, within).lines.map(({ opacity }) => opacity)).toEqual([
      0.12, 0.8, 0.8, 0.12,
    ])
  })
})
