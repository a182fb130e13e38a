import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methods } from '../../src-main/algorithms/registry.ts'
import type { ThresholdProgress } from '../../src-main/contract/transfer-measurements.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { createEnvironment } from '../../src-main/environments/registry.ts'
import { probeThresholds } from '../../src-main/lab/threshold-calibration.ts'
import { tabulateThresholds } from '../../src-main/lab/threshold-table.ts'
import { createStreams, streamRounds } from '../../src-main/random.ts'
import { trainBriefly } from './trained.ts'

describe('tabulateThresholds()', () => {
  it('counts harmless actions, foreseen failures and how far ahead they were foreseen', () => {
    const table = tabulateThresholds(
      [
        { failed: true, qSafe: [0.3, 0.05, 0.15, 0.45] },
        { failed: true, qSafe: [0.08] },
        { failed: false, qSafe: [0.01, 0.12] },
      ],
      0.5,
    )
    // Harmless: 0.3 and 0.05, more than two steps before, and the success.
    expect(table).toMatchObject({ episodes: 3, failures: 2, harmlessActions: 4, horizon: 2 })
    // A threshold of 0.3 refuses none of them and foresees the first failure by its last action; one of 0.05 foresees both, by two steps and by one.
    expect(table.byRate.find(({ askedRate }) => askedRate === 0.2)).toEqual({
      askedRate: 0.2,
      epsilonSafe: 0.3,
      falseAlarmRate: 0,
      failuresForeseen: 0.5,
      stepsAhead: 1,
    })
    expect(table.points[0]).toEqual({
      epsilonSafe: 0.05,
      falseAlarmRate: 0.5,
      failuresForeseen: 1,
      stepsAhead: 1.5,
    })
  })

  it('counts of sought episodes what led to failures alone', () => {
    const held = [{ failed: false, qSafe: [0.01, 0.02] }]
    const sought = [
      { failed: true, qSafe: [0.5, 0.015] },
      { failed: false, qSafe: [0.9] },
    ]
    const table = tabulateThresholds(held, 0.5, sought)
    expect(table).toMatchObject({ episodes: 1, failures: 1, soughtFailures: 1, harmlessActions: 2 })
    expect(table.byRate[0]).toMatchObject({ epsilonSafe: 0.02, failuresForeseen: 1, stepsAhead: 2 })
  })

  it('shows thresholds of any size, each at most as generous as its rate allows', () => {
    const risk = fc.double({ min: -7, max: 0, noNaN: true }).map((exponent) => 10 ** exponent)
    const episode = fc.record({
      failed: fc.boolean(),
      qSafe: fc.array(risk, { minLength: 1, maxLength: 30 }),
    })
    fc.assert(
      fc.property(fc.array(episode, { minLength: 1, maxLength: 20 }), (episodes) => {
        const { byRate, points } = tabulateThresholds(episodes, 0.8)
        for (const { askedRate, falseAlarmRate } of byRate)
          expect(falseAlarmRate).toBeLessThanOrEqual(askedRate)
        for (const [index, { epsilonSafe, falseAlarmRate, failuresForeseen }] of points.entries()) {
          expect(String(epsilonSafe).length).toBeLessThan(11)
          expect(epsilonSafe).toBeGreaterThan(points[index - 1]?.epsilonSafe ?? -1)
          expect(falseAlarmRate).toBeLessThanOrEqual(points[index - 1]?.falseAlarmRate ?? 1)
          expect(failuresForeseen).toBeLessThanOrEqual(points[index - 1]?.failuresForeseen ?? 1)
        }
      }),
    )
  })

  it('has no threshold to show where every action came shortly before a failure', () => {
    expect(tabulateThresholds([{ failed: true, qSafe: [0.2] }], 0.5)).toMatchObject({
      points: [],
      byRate: [],
    })
  })
})

describe('probeThresholds()', () => {
  it('comes to the threshold that fine-tuning measures', { timeout: 120_000 }, async () => {
    const { specification, networks } = await trainBriefly('sqrl', 300)
    const reports: ThresholdProgress[] = []
    for await (const report of probeThresholds({ ...specification, networks }, new AbortController().signal))
      reports.push(report)
    expect(reports[0]).toMatchObject({ table: null })
    const table = reports.at(-1)?.table
    expect(table?.failures).toBeGreaterThan(0)

    const { sqrl, training, ...settings } = specification.settings
    const learner = await methods.sqrl.create({
      engine: compiledEngine,
      streams: createStreams(3, streamRounds.finetune),
      environment: await createEnvironment(specification.task, createStreams(3).environment),
      rolloutEnvironment: await createEnvironment(specification.task, createStreams(3).rolloutEnvironment),
      settings: { ...settings, sqrl: { ...Object(sqrl), falseAlarmRate: 0.1 } },
      phase: 'finetune',
      steps: 100,
      observer: { onStep() {}, onUpdate() {} },
    })
    learner.setNetworks(networks)
    const streams = createStreams(0, streamRounds.heldOut)
    const measured = await learner.calibrate?.({
      environment: await createEnvironment(specification.task, streams.environment),
      streams,
      randomStartFraction: 0.5,
    })
    const probed = table?.byRate.find(({ askedRate }) => askedRate === 0.1)
    expect(training).toMatchObject({ randomStartFraction: 0.5 })
    expect(table).toMatchObject({ episodes: measured?.episodes, harmlessActions: measured?.harmlessActions })
    // To the three digits that are shown.
    expect((probed?.epsilonSafe ?? 0) / (measured?.epsilonSafe ?? 1)).toBeCloseTo(1, 1)
    expect(probed?.epsilonSafe).toBeGreaterThanOrEqual(measured?.epsilonSafe ?? 1)
  })
})
