import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCsv } from '../../src-main/contract/figures/csv.ts'
import { ticks } from '../../src-main/contract/figures/figure.ts'
import { lookOf } from '../../src-main/contract/figures/group-looks.ts'
import { methodLooks } from '../../src-main/contract/figures/method-looks.ts'
import {
  describeSurvival,
  lastShare,
  survivalColumns,
  survivalFigure,
} from '../../src-main/contract/figures/survival.ts'
import type { RunGroup, ScoreBounds } from '../../src-main/contract/index.ts'
import {
  describeAverage,
  extentInSight,
  toChartData,
  toCsvColumns,
  type UnpackedCurves,
} from '../../src-renderer/compare/curve-data.ts'
import { figureName } from '../../src-renderer/compare/figures.ts'
import { curvesIn, unionOf } from '../../src-renderer/compare/panels.ts'
import { selectedRuns, toggleExperiment, toggleRun } from '../../src-renderer/compare/selection.ts'
import { emptyView, readIds, readView, writeIds, writeView } from '../../src-renderer/compare/view-query.ts'
import { aRun } from './fixtures.ts'

const group = (changes: Partial<RunGroup>): RunGroup => ({
  id: 'a',
  series: changes.id ?? 'a',
  facet: 'f',
  values: {},
  method: 'sqrl',
  experimentId: 1,
  runs: [
    { id: 1, seed: 0, phase: 'finetune', experimentId: 1 },
    { id: 2, seed: 1, phase: 'finetune', experimentId: 1 },
  ],
  ...changes,
})

describe('the address of a comparison', () => {
  const view = fc.record({
    experimentIds: fc.uniqueArray(fc.integer({ min: 1, max: 300 })).map((ids) => ids.sort((a, b) => a - b)),
    runIds: fc.uniqueArray(fc.integer({ min: 1, max: 300 })).map((ids) => ids.sort((a, b) => a - b)),
    phase: fc.constantFrom('finetune', 'pretrain', 'all'),
    groupBy: fc.constantFrom<string[]>(['settings'], ['method', 'sqrl.epsilonSafe']),
    facetBy: fc.constantFrom(null, 'task', 'sqrl.epsilonSafe'),
    sharesY: fc.boolean(),
    x: fc.constantFrom('steps', 'episodes', 'seconds', 'failures'),
    average: fc.constantFrom('mean', 'iqm'),
    figures: fc.constantFrom<string[]>(['return'], ['criticLoss', 'success']),
    window: fc.integer({ min: 1, max: 500 }),
    smoothing: fc.constantFrom(1, 5),
    showsRuns: fc.boolean(),
    showsTails: fc.boolean(),
    zoom: fc.option(fc.record({ from: fc.nat(100), to: fc.nat(10_000) })),
    baseline: fc.constantFrom(null, 'abcdef'),
    until: fc.constantFrom('end', 'common'),
    score: fc.constantFrom('finalReturn', 'failureRate'),
    bounds: fc.constantFrom<ScoreBounds[]>(
      [],
      [
        { task: 'a1', worst: -2.5, best: 40 },
        { task: 'b2', worst: 1, best: 0 },
      ],
    ),
    brushes: fc.array(
      fc.record({
        axis: fc.string({ maxLength: 20 }),
        from: fc.oneof(fc.integer(), fc.string({ maxLength: 20 })),
        // An address knows no sign of zero.
        to: fc.oneof(
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((end) => end + 0),
          fc.string({ maxLength: 20 }),
        ),
      }),
      { maxLength: 3 },
    ),
    section: fc.constantFrom('curves', 'safety', 'profiles'),
  })

  it('holds the whole view, over nothing or over a saved one', () => {
    fc.assert(
      fc.property(view, view, (now, saved) => {
        for (const base of [emptyView, saved]) {
          const query = Object.fromEntries(
            Object.entries(writeView(now, base)).map(([key, value]) => [key, String(value)]),
          )
          expect(readView(query, base)).toEqual(now)
        }
        expect(writeView(saved, saved)).toEqual({})
      }),
    )
  })

  it('falls back part by part where it cannot be read', () => {
    const query = { x: 'miles', zoom: '5', runs: '3-1,nonsense', over: '-2', average: 'iqm' }
    expect(readView(query, emptyView)).toEqual({ ...emptyView, average: 'iqm' })
  })

  it('writes runs in a row as spans', () => {
    expect(writeIds([9, 2, 3, 4, 4])).toBe('2-4,9')
    expect(readIds('2-4,9')).toEqual([2, 3, 4, 9])
  })
})

describe('the choice of runs', () => {
  const run = (
    id: number,
    experimentId: number,
    phase: 'pretrain' | 'finetune',
    pretrainRunId: number | null = null,
  ) => aRun({ id, experimentId, pretrainRunId, specification: { phase } })
  const runs = new Map(
    [run(1, 1, 'pretrain'), run(2, 1, 'finetune', 1), run(3, 1, 'finetune', 1), run(4, 2, 'finetune', 1)].map(
      (one) => [one.id, one],
    ),
  )
  const view = { ...emptyView, experimentIds: [1] }

  it('takes the runs of the phase, and the pre-training that an experiment borrows', () => {
    expect(selectedRuns(view, runs)).toEqual([2, 3])
    expect(selectedRuns({ ...view, experimentIds: [2], phase: 'pretrain' }, runs)).toEqual([1])
  })

  it('keeps the others when one run of an experiment leaves', () => {
    const left = { ...view, ...toggleRun(view, run(2, 1, 'finetune'), runs) }
    expect(left).toMatchObject({ experimentIds: [], runIds: [3] })
    expect(selectedRuns({ ...left, ...toggleExperiment(left, 1, runs) }, runs)).toEqual([2, 3])
  })
})

describe('lookOf()', () => {
  const name = (id: number) => `experiment ${id}`
  const sqrl = group({ id: 'a', values: { method: 'sqrl' } })
  const sac = group({ id: 'b', method: 'sac', values: { method: 'sac' } })
  const other = group({ id: 'c', values: { method: 'sqrl', 'sqrl.epsilonSafe': 0.2 } })

  it('gives methods their colours, others one of their own, and nobody the colour of failure', () => {
    const looks = lookOf([sqrl, sac, other], new Map(), name)
    expect(looks.get('a')).toMatchObject({ label: 'SQRL', colour: 'var(--method-sqrl)' })
    expect(looks.get('b')).toMatchObject({ label: 'SAC', colour: 'var(--method-sac)' })
    expect(looks.get('c')?.label).toBe('SQRL · epsilonSafe 0.2')
    const all = Array.from({ length: 20 }, (_, index) => group({ id: `g${index}` }))
    const marks = [...lookOf(all, new Map(), name).values()].map(
      ({ colour, dash, marker }) => `${colour} ${dash} ${marker}`,
    )
    expect(new Set(marks.slice(0, 9)).size).toBe(9)
    expect(marks.join()).not.toContain('failure')
  })

  it('tells all methods apart by colour, by dash and by marker alone', () => {
    const looks = Object.values(methodLooks)
    for (const part of ['colour', 'dash', 'marker'] as const)
      expect(new Set(looks.map((look) => String(look[part]))).size).toBe(looks.length)
  })

  it('gives a series the same look in every panel, and each panel its name', () => {
    const facets = [
      { id: 'f', values: { noise: 0.1 } },
      { id: 'g', values: { noise: 0.2, environment: 'minitaur' } },
    ]
    const there = group({ id: 'c', series: 'a', facet: 'g', values: { method: 'sqrl' } })
    const looks = lookOf([sqrl, sac, there], new Map(), name, facets)
    expect(looks.get('c')).toEqual({ ...looks.get('a'), panel: 'Minitaur · noise 0.2' })
    expect(looks.get('b')).toMatchObject({ panel: 'noise 0.1', colour: 'var(--method-sac)' })
  })

  it('keeps a look when other groups leave', () => {
    const kept = new Map<string, number>()
    const [, ...more] = ['x', 'c', 'd', 'e'].map((id) => group({ id }))
    const before = lookOf([group({ id: 'x' }), ...more], kept, name)
    const after = lookOf([group({ id: 'x' }), ...more.slice(1)], kept, name)
    expect(after.get('e')).toEqual(before.get('e'))
  })
})

describe('curves of groups', () => {
  const curves: UnpackedCurves = {
    groups: [group({})],
    facets: [{ id: 'f', values: {} }],
    differsBetweenFacets: [],
    refusals: [],
    figures: ['failureRate'],
    metricNames: [],
    missing: [],
    end: 30,
    arrays: {
      x: Float64Array.of(0, 10, 20, 30),
      '0/0/mid': Float64Array.of(Number.NaN, 0.1, 1 / 3, 0.5),
      '0/0/low': Float64Array.of(Number.NaN, 0.05, 0.25, Number.NaN),
      '0/0/high': Float64Array.of(Number.NaN, 0.2, 0.4, Number.NaN),
      '0/0/count': Int32Array.of(0, 2, 2, 1),
    },
  }
  const name = figureName('failureRate', 100)
  const looks = lookOf(curves.groups, new Map(), String)

  it('of one panel keep their numbers, and panels that share an axis hold what each of them draws', () => {
    const groups = [group({ id: 'a' }), group({ id: 'b', facet: 'g' })]
    const arrays = {
      ...curves.arrays,
      '0/1/mid': Float64Array.of(1, 2, 3, 4),
      '0/1/count': Int32Array.of(2, 2, 2, 2),
    }
    const both = { ...curves, groups, arrays }
    const own = curvesIn(both, { id: 'g', label: 'noise 0.2' })
    expect(own.groups).toEqual([groups[1]])
    expect(own.arrays['0/0/mid']).toBe(arrays['0/1/mid'])
    expect(own.arrays['0/1/mid']).toBeUndefined()
    const extents = ['f', 'g'].map((id) => {
      const part = curvesIn(both, { id, label: '' })
      const look = lookOf(groups, new Map(), String, [])
      return extentInSight(
        toChartData(part, 'failureRate', figureName('failureRate', 100), look, {
          smoothing: 1,
          showsTails: true,
        }),
        null,
      )
    })
    expect(unionOf(extents)).toEqual({ from: 5, to: 400 })
    expect(unionOf([null])).toBeNull()
  })

  it('speak of a band only where one is drawn', () => {
    const drawn = (low: Float64Array) =>
      toChartData(
        { ...curves, arrays: { ...curves.arrays, '0/0/low': low } },
        'failureRate',
        figureName('failureRate', 100),
        lookOf(curves.groups, new Map(), String),
        { smoothing: 1, showsTails: true },
      )
    const one = group({ runs: group({}).runs.slice(0, 1) })
    const none = drawn(new Float64Array(4).fill(Number.NaN))
    expect(describeAverage(none, [one], 'mean').join(' ')).not.toMatch(/band|[Mm]ean/)
    expect(describeAverage(none, [group({})], 'iqm').join(' ')).toMatch(/^Interquartile mean over 2 seeds\./)
    expect(describeAverage(drawn(Float64Array.of(0, 0, 0, 0)), [group({})], 'mean').join(' ')).toMatch(
      /the band is/,
    )
  })

  it('draw the part that fewer seeds reached apart, or not at all', () => {
    const { curves: drawn } = toChartData(curves, 'failureRate', name, looks, {
      smoothing: 1,
      showsTails: true,
    })
    expect(drawn.map(({ values }) => values)).toEqual([
      [null, 10, (1 / 3) * 100, null],
      [null, null, (1 / 3) * 100, 50],
    ])
    const whole = toChartData(curves, 'failureRate', name, looks, { smoothing: 1, showsTails: false })
    expect(whole.curves).toHaveLength(1)
  })

  it('export exactly the numbers drawn, whatever smooths the line', () => {
    const columns = (smoothing: number) =>
      toCsvColumns(curves, 'failureRate', name, 'Policy steps', looks, { smoothing, showsTails: true })
    const rows = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.split(','))
    const [head, ...body] = rows(toCsv(columns(1)))
    expect(head).toEqual(['Policy steps', 'SQRL: Failure rate (%)', 'SQRL: low', 'SQRL: high', 'SQRL: seeds'])
    expect(body.map((row) => Number(row[1] || Number.NaN))).toEqual([Number.NaN, 10, (1 / 3) * 100, 50])
    expect(body[3]).toEqual(['30', '50', '', '', '1'])
    const smooth = rows(toCsv(columns(5)))
    expect(smooth.map((row) => row[1])).toEqual([head?.[1], ...body.map((row) => row[1])])
    expect(smooth[0]?.[2]).toBe('SQRL: smoothed over 5')
  })
})

describe('training without a failure', () => {
  const look = {
    id: 'a',
    panel: '',
    label: 'SQRL',
    colour: 'var(--method-sqrl)',
    dash: [],
    marker: 'circle' as const,
  }
  const survival = {
    runs: 4,
    failed: 1,
    median: null,
    end: 900,
    drops: [{ at: 400, atRisk: 3, failures: 1, share: 2 / 3, low: 0.1, high: 0.9 }],
    censored: [300, 900, 900],
  }
  const groups = [{ look, survival }]

  it('is drawn as stairs to the end, with a cross where a run ended unfailed', () => {
    const { lines, points } = survivalFigure(groups, 'steps')
    expect(lines[0]?.x).toEqual([0, 400, 400, 900])
    expect(lines[0]?.y).toEqual([100, 100, (2 / 3) * 100, (2 / 3) * 100])
    expect(points.map(({ x, y }) => [x, y])).toEqual([
      [300, 100],
      [900, (2 / 3) * 100],
    ])
  })

  it('draws the intervals of a few groups, and of many only that of the one pointed at', () => {
    const many = ['a', 'b', 'c', 'd'].map((id) => ({ look: { ...look, id }, survival }))
    const bands = (focus: string | null, count: number) =>
      survivalFigure(many.slice(0, count), 'steps', focus).lines.flatMap(({ key, low }) => (low ? [key] : []))
    expect([bands(null, 3), bands(null, 4), bands('c', 4)]).toEqual([['a', 'b', 'c'], [], ['c']])
  })

  it('is told in words, and exported with every number drawn', () => {
    expect(describeSurvival(groups, 'steps')).toBe(
      'Training without a failure. SQRL: 1 of 4 runs fail, fewer than half by the end.',
    )
    expect(lastShare(survival)).toBe('66.67 [10, 90]')
    const rows = toCsv(survivalColumns(groups, 'steps')).trim().split('\n')
    expect(rows.slice(1)).toEqual([
      'SQRL,0,4,0,0,100,100,100',
      'SQRL,300,4,0,1,100,100,100',
      `SQRL,400,3,1,0,${(2 / 3) * 100},10,90`,
      `SQRL,900,2,0,2,${(2 / 3) * 100},10,90`,
    ])
  })
})

describe('ticks()', () => {
  it('are round, inside, and neither few nor many', () => {
    expect(ticks({ from: 0, to: 1 }, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (from, size) => {
          const found = ticks({ from, to: from + size }, 5)
          expect(found.length).toBeGreaterThanOrEqual(2)
          expect(found.length).toBeLessThanOrEqual(7)
        },
      ),
    )
  })
})
