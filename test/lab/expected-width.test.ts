import { describe, expect, it } from 'vitest'
import { type EarlierRun, expectWidth } from '../../src-main/lab/expected-width.ts'
import { createStreams } from '../../src-main/random.ts'
import { rateOverSeeds } from '../../src-main/statistics/proportions.ts'

const task = { environment: 'drunk-spider' as const, parameters: {} }
const at = (widths: { points: { seeds: number; width: number }[] }, seeds: number) =>
  widths.points.find((point) => point.seeds === seeds)?.width ?? Number.NaN

describe('expectWidth()', () => {
  it('is the binomial’s widest case where nothing is known, and falls with the root of the seeds', () => {
    const widths = expectWidth('sqrl', 3000, task, [])
    expect(widths).toMatchObject({ runs: 0, failureRate: 0.5, spread: null, episodesPerRun: 100 })
    expect(at(widths, 1)).toBeCloseTo(0.192, 2)
    expect(at(widths, 4)).toBeCloseTo(at(widths, 1) / 2, 2)
  })

  it('foretells the width that the lab gives for seeds that differ as those before', () => {
    const random = createStreams(3).environment
    const draw = (): { events: number; trials: number } => {
      const rate = 0.1 + 0.06 * (random.uniform() - 0.5) * 2
      const trials = 400
      let events = 0
      for (let trial = 0; trial < trials; trial++) if (random.uniform() < rate) events++
      return { events, trials }
    }
    const earlier = Array.from({ length: 60 }, (_, index): EarlierRun => {
      const { events, trials } = draw()
      return { experimentId: Math.floor(index / 10), steps: 4000, episodes: trials, failures: events }
    })
    const widths = expectWidth('sqrl', 4000, task, earlier)
    for (const seeds of [5, 10]) {
      const measured = Array.from({ length: 60 }, () => {
        const { low, high } = rateOverSeeds(Array.from({ length: seeds }, draw), { resamples: 400 })
        return (high ?? 1) - (low ?? 0)
      })
      const mean = measured.reduce((sum, width) => sum + width, 0) / measured.length
      expect(at(widths, seeds) / mean).toBeGreaterThan(0.8)
      expect(at(widths, seeds) / mean).toBeLessThan(1.2)
    }
  })

  it('takes the spread within experiments, not between their targets', () => {
    const run = (experimentId: number, failures: number): EarlierRun => ({
      experimentId,
      steps: 1000,
      episodes: 100,
      failures,
    })
    expect(expectWidth('sac', 1000, task, [run(1, 10), run(1, 10), run(2, 60), run(2, 60)]).spread).toBe(0)
    expect(expectWidth('sac', 1000, task, [run(1, 10), run(2, 60)]).spread).toBeNull()
  })
})
