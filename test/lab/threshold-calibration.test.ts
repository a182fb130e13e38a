import { describe, expect, it } from 'vitest'
import type { ThresholdProgress } from '../../src-main/contract/transfer-measurements.ts'
import { countRefusals, probeThresholds } from '../../src-main/lab/threshold-calibration.ts'
import { trainBriefly } from './trained.ts'

const at = (result: ThresholdProgress['result'], epsilonSafe: number) =>
  result?.points.find((point) => point.epsilonSafe === epsilonSafe)

describe('countRefusals()', () => {
  it('counts the last actions of failures, and of the rest those that nothing followed within the horizon', () => {
    const result = countRefusals(
      [
        { outcome: 'failure', qSafe: Float32Array.of(0.3, 0.05, 0.15, 0.45) },
        { outcome: 'failure', qSafe: Float32Array.of(0.08) },
        { outcome: 'success', qSafe: Float32Array.of(0.01, 0.12) },
      ],
      2,
    )
    // Fatal: 0.45 and 0.08. Harmless: 0.3 and 0.05, more than two steps before, and the success.
    expect(result).toMatchObject({ failures: 2, harmlessActions: 4, horizon: 2 })
    expect(at(result, 0.1)).toEqual({ epsilonSafe: 0.1, failuresRefused: 0.5, harmlessRefused: 0.5 })
    expect(at(result, 0.04)).toMatchObject({ failuresRefused: 1, harmlessRefused: 0.75 })
    expect(at(result, 0.5)).toMatchObject({ failuresRefused: 0, harmlessRefused: 0 })
  })
})

describe('probeThresholds()', () => {
  it('probes a trained safety critic: a stricter threshold refuses more of both', {
    timeout: 120_000,
  }, async () => {
    const { specification, networks } = await trainBriefly('sqrl', 300)
    const options = { ...specification, networks, episodes: 60, seed: 0 }
    const reports: ThresholdProgress[] = []
    for await (const report of probeThresholds(options, new AbortController().signal)) reports.push(report)
    const result = reports.at(-1)?.result
    expect(reports[0]).toMatchObject({ total: 60, result: null })
    expect(result?.failures).toBeGreaterThan(0)
    expect(result?.harmlessActions).toBeGreaterThan(50)
    for (const [index, point] of (result?.points ?? []).entries()) {
      const stricter = result?.points[index - 1]
      expect(point.failuresRefused).toBeLessThanOrEqual(stricter?.failuresRefused ?? 1)
      expect(point.harmlessRefused).toBeLessThanOrEqual(stricter?.harmlessRefused ?? 1)
    }
  })
})
