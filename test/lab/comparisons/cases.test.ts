import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { comparisonView } from '../../../src-main/contract/comparisons.ts'
import { unpackArrays } from '../../../src-main/contract/packed-arrays.ts'
import type { Lab } from '../../../src-main/lab/lab.ts'
import { bootstrapMean } from '../../../src-main/statistics/bootstrap.ts'
import { rateOverSeeds } from '../../../src-main/statistics/proportions.ts'
import { openStore } from '../../../src-main/store/open.ts'
import { batch, episodeRecord, insertRun, temporaryFolder } from '../../store/fixtures.ts'
import { openTestLab } from '../test-lab.ts'

let folder: ReturnType<typeof temporaryFolder>
let otherFolder: ReturnType<typeof temporaryFolder>
let lab: Lab

/** Two runs of each method: 60 episodes of 10 steps; every k-th fails, which is seldomer for sqrl. Evaluation fails always and counts never. */
const runs = [
  { method: 'sqrl', seed: 0, every: 20 },
  { method: 'sqrl', seed: 1, every: 15 },
  { method: 'sac', seed: 0, every: 6 },
  { method: 'sac', seed: 1, every: 5 },
] as const
const length = (every: number) => (every === 5 ? 40 : 60)

beforeEach(async () => {
  folder = temporaryFolder()
  otherFolder = temporaryFolder()
  const store = await openStore(folder.path)
  for (const { method, seed, every } of runs) {
    const runId = insertRun(store, { phase: 'finetune', method, seed })
    const episodes = Array.from({ length: length(every) }, (_, index) =>
      episodeRecord(index, {
        kind: index % 4 === 3 ? 'rollout' : 'training',
        return: index + seed,
        outcome: (index + 1) % every === 0 ? 'failure' : 'timeout',
      }),
    )
    const steps = 10 * length(every)
    episodes.push(episodeRecord(length(every), { kind: 'evaluation', step: steps, outcome: 'failure' }))
    const metrics = Array.from({ length: steps / 100 }, (_, index) => ({
      step: 100 * (index + 1),
      values: { criticLoss: index + seed, stepsPerSecond: index === 0 ? 20 : 5 },
    }))
    store.applyBatch(runId, batch(steps, { episodes, metrics, trainedSeconds: 50 }))
  }
  store.close()
  lab = await openTestLab(folder.path, { train: false })
})

afterEach(async () => {
  await lab.close()
  folder[Symbol.dispose]()
  otherFolder[Symbol.dispose]()
})

async function curves(request: Parameters<Lab['comparisons']['curves']>[0]) {
  const { arrays, ...rest } = await lab.comparisons.curves(request)
  return { ...rest, arrays: unpackArrays(await arrays.arrayBuffer()) }
}

describe('comparisons.curves()', () => {
  it('counts failures as a plain recount does, on every axis', async () => {
    const request = { runIds: [1, 2, 3, 4], figures: ['cumulativeFailures'], groupBy: ['run'] }
    const bySteps = await curves({ ...request, points: 61 })
    expect(bySteps.end).toBe(600)
    for (const [g, { every }] of runs.entries()) {
      const values = [...(bySteps.arrays[`0/${g}/mid`] ?? [])]
      for (const [place, step] of (bySteps.arrays.x ?? []).entries()) {
        const past = step <= 10 * length(every) ? Math.floor(step / 10 / every) : Number.NaN
        expect(values[place]).toBe(past)
      }
    }
    const byEpisodes = await curves({ ...request, x: 'episodes' })
    expect([...(byEpisodes.arrays.x ?? [])]).toEqual(Array.from({ length: 61 }, (_, index) => index))
    expect(byEpisodes.arrays['0/2/mid']?.[12]).toBe(2)
    const byFailures = await curves({ ...request, x: 'failures' })
    expect([...(byFailures.arrays['0/2/mid'] ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it('says how many runs stand behind each point, and ends a curve with its longest run', async () => {
    const { groups, arrays } = await curves({ runIds: [3, 4], figures: ['failureRate'], points: 61 })
    expect(groups).toHaveLength(1)
    const [mid, count] = [arrays['0/0/mid'] ?? [], arrays['0/0/count'] ?? []]
    // From the 20th episode on; run 4 ends at step 400, run 3 at 600.
    expect([mid[19], count[19]]).toEqual([Number.NaN, 0])
    expect(mid[20]).toBeCloseTo((3 / 20 + 4 / 20) / 2)
    expect([...count].slice(38)).toEqual([2, 2, 2, ...Array.from({ length: 20 }, () => 1)])
    expect(mid[60]).toBeCloseTo(10 / 60)
    expect(arrays['0/0/low']?.[60]).toBeNaN()
  })

  it('averages the last episodes of the policy alone', async () => {
    const { arrays } = await curves({
      runIds: [1],
      figures: ['return'],
      window: 3,
      points: 61,
      withRuns: true,
    })
    // Episodes 56, 57 and 58 (59 is a rollout) end at steps 570, 580 and 590.
    expect(arrays['0/0/mid']?.[60]).toBeCloseTo((56 + 57 + 58) / 3)
    expect(arrays['0/0/0/x']).toHaveLength(45)
  })

  it('lays seconds along the recorded speeds', async () => {
    const { arrays, end } = await curves({
      runIds: [1],
      figures: ['criticLoss'],
      x: 'seconds',
      withRuns: true,
    })
    expect(end).toBe(50)
    // 100 steps at 20 and five times 100 at 5 per second take 105 s by their speeds and 50 s by the clock.
    const at = [...(arrays['0/0/0/x'] ?? [])]
    expect(at[0]).toBeCloseTo((5 / 105) * 50)
    expect(at[3]).toBeCloseTo((65 / 105) * 50)
    expect(at.at(-1)).toBeCloseTo(50)
  })

  it('shows a zoomed part on a grid of its own, and names runs that are gone', async () => {
    const { arrays, missing, metricNames } = await curves({
      runIds: [1, 77],
      figures: ['return'],
      range: { from: 100, to: 200 },
      points: 11,
    })
    expect([...(arrays.x ?? [])]).toEqual([100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200])
    expect(missing).toEqual([77])
    expect(metricNames).toEqual(['criticLoss', 'stepsPerSecond'])
  })
})

describe('comparisons.statistics()', () => {
  it('gives figures over seeds, and differences to the baseline with their direction', async () => {
    const { results, baseline, groups } = await lab.comparisons.statistics({
      runIds: [1, 2, 3, 4],
      groupBy: ['method'],
      until: 'common',
    })
    const [sqrl, sac] = results
    expect(baseline).toBe(groups[0]?.id)
    expect(sqrl?.figures.failureRate).toEqual(
      rateOverSeeds([
        { events: 2, trials: 40 },
        { events: 2, trials: 40 },
      ]),
    )
    expect(sqrl?.figures.cumulativeFailures).toEqual(bootstrapMean([2, 2]))
    expect(sqrl?.runs.map(({ figures }) => figures.firstFailure)).toEqual([200, 150])
    expect(sac?.differences.failureRate).toMatchObject({ pairs: 2, improvement: 0, verdict: 'worse' })
    expect(sac?.differences.failureRate?.mean).toBeCloseTo((6 / 40 + 8 / 40) / 2 - 2 / 40)
    expect(sqrl?.differences.failureRate).toBeNull()
    expect(sqrl?.warnings.join(' ')).toContain('2 seeds are too few')
    expect(sqrl?.isPareto).toBe(true)
  })

  it('weighs a difference in standard deviations of what was resampled', async () => {
    const paired = await lab.comparisons.statistics({
      runIds: [1, 2, 3, 4],
      groupBy: ['method'],
      until: 'common',
    })
    // Seed by seed sac fails 6 - 2 and 8 - 2 times more often: 5 in deviations of the square root of 2.
    expect(paired.results[1]?.differences.cumulativeFailures).toMatchObject({ pairs: 2 })
    expect(paired.results[1]?.differences.cumulativeFailures?.effectSize).toBeCloseTo(5 / Math.SQRT2)
    const single = await lab.comparisons.statistics({ runIds: [1, 3], groupBy: ['method'] })
    expect(single.results[1]?.differences.cumulativeFailures?.effectSize).toBeNull()
  })

  it('follows runs until their first failure, and knows the height of the whole curve', async () => {
    const { results } = await lab.comparisons.statistics({ runIds: [1, 2, 3, 4], groupBy: ['method'] })
    const [sqrl] = results
    expect(sqrl?.survival.steps).toMatchObject({ runs: 2, failed: 2, median: 150, end: 200, censored: [] })
    expect(sqrl?.survival.steps.drops.map(({ at, share, atRisk }) => [at, share, atRisk])).toEqual([
      [150, 0.5, 2],
      [200, 0, 1],
    ])
    expect(sqrl?.survival.episodes.median).toBe(15)
    // The policy's episodes are 0, 1, 2, 4, 5, 6, ..., 58; each returns its place, one step of ten per place.
    expect(sqrl?.runs[0]?.figures.meanReturn).toBeCloseTo(29)
  })

  it('refuses to average runs that end at different steps, until they are cut where all have got to', async () => {
    const request = { runIds: [1, 2, 3, 4], groupBy: ['method'] }
    const { results, commonStep } = await lab.comparisons.statistics(request)
    expect(commonStep).toBe(400)
    expect(results[1]?.figures.finalReturn).toEqual({ mean: null, low: null, high: null })
    expect(results[1]?.differences.finalReturn).toBeNull()
    expect(results[1]?.runs.map(({ figures }) => figures.cumulativeFailures)).toEqual([10, 8])
    expect(results[1]?.refusals).toEqual([
      'Not averaged: its runs end at different steps, 400 to 600. Compare at the step that all have reached, or leave the shorter runs out.',
    ])
    const cut = await lab.comparisons.statistics({ ...request, until: 'common' })
    expect(cut.results.flatMap(({ refusals }) => refusals)).toEqual([])
    expect(cut.results[1]?.runs.map(({ failures }) => failures)).toEqual([6, 8])
    const apart = await lab.comparisons.statistics({ ...request, runIds: [1, 4] })
    expect(apart.results[1]?.figures.cumulativeFailures.mean).toBe(8)
    expect(apart.results[1]?.differences.cumulativeFailures).toBeNull()
    expect(apart.results[1]?.refusals[0]).toContain('its runs end at step 400, those of the baseline at 600')
  })

  it('refuses to count runs of one seed as independent, and says what tells them apart', async () => {
    const { results } = await lab.comparisons.statistics({ runIds: [1, 2, 3], groupBy: ['phase'] })
    expect(results[0]?.figures.failureRate.mean).toBeNull()
    expect(results[0]?.survival.steps.runs).toBe(0)
    expect(results[0]?.refusals).toEqual([
      'Not averaged: 3 runs have only 2 different seeds, so they are not independent. Group them also by what tells them apart: method.',
    ])
  })

  it('averages no tasks together, and lays them out in panels with a baseline each', async () => {
    const store = await openStore(otherFolder.path)
    for (const noise of [0, 0.2])
      for (const method of ['sqrl', 'sac'] as const)
        for (const seed of [0, 1]) {
          const task = { environment: 'drunk-spider' as const, parameters: { noise } }
          const runId = insertRun(store, { phase: 'finetune', method, seed: seed + 10 * noise, task })
          const episodes = Array.from({ length: 30 }, (_, index) =>
            episodeRecord(index, { return: 100 * noise + seed }),
          )
          store.applyBatch(runId, batch(300, { episodes }))
        }
    store.close()
    const other = await openTestLab(otherFolder.path, { train: false })
    try {
      const request = { runIds: [1, 2, 3, 4, 5, 6, 7, 8], groupBy: ['method'] }
      const mixed = await other.comparisons.statistics(request)
      expect(mixed.results.map(({ figures }) => figures.finalReturn.mean)).toEqual([null, null])
      expect(mixed.results[0]?.refusals).toEqual([
        'Not averaged: its runs are of 2 different tasks, whose figures do not add up. Show a panel for each task, or group them also by noise.',
      ])
      const drawn = await other.comparisons.curves({ ...request, figures: ['return'], points: 5 })
      expect(drawn.refusals).toMatchObject([{ areTasksMixed: true }, { areTasksMixed: true }])
      const mid = unpackArrays(await drawn.arrays.arrayBuffer())['0/0/mid'] ?? []
      expect([...mid].every(Number.isNaN)).toBe(true)

      const { groups, results, facets, baseline } = await other.comparisons.statistics({
        ...request,
        facetBy: 'task',
      })
      expect(facets.map(({ values }) => values)).toEqual([{ noise: 0 }, { noise: 0.2 }])
      expect(results.map(({ figures }) => figures.finalReturn.mean)).toEqual([0.5, 0.5, 20.5, 20.5])
      expect(groups.map(({ series }) => series === baseline)).toEqual([true, false, true, false])
      expect(results.map(({ differences }) => differences.finalReturn?.mean ?? null)).toEqual([
        null,
        0,
        null,
        0,
      ])
    } finally {
      await other.close()
    }
  })

  it('tells which settings differ', () => {
    const { rows } = lab.comparisons.differences({ runIds: [1, 2, 3] })
    expect(rows.map(({ name }) => name)).toEqual(['experiment', 'seed', 'method'])
    expect(rows[1]?.values).toEqual([0, 1, 0])
  })
})

describe('saved comparisons', () => {
  it('are kept, renamed, changed and deleted', () => {
    const view = comparisonView.parse({ runIds: [1, 2], x: 'failures', zoom: { from: 1, to: 3 } })
    const { id } = lab.comparisons.save('  SQRL alone ', view)
    expect(lab.comparisons.get(id)).toMatchObject({ name: 'SQRL alone', view })
    lab.comparisons.update(id, { name: 'renamed' })
    expect(lab.comparisons.update(id, { view: { ...view, x: 'steps' } })).toMatchObject({
      name: 'renamed',
      view: { x: 'steps', runIds: [1, 2] },
    })
    expect(lab.comparisons.list()).toHaveLength(1)
    lab.comparisons.delete(id)
    expect(() => lab.comparisons.get(id)).toThrow(`There is no saved comparison ${id}.`)
    expect(() => lab.comparisons.delete(id)).toThrow('There is no saved comparison')
  })
})
