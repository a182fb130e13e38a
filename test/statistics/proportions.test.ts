import { describe, expect, it } from 'vitest'
import { incompleteBeta, inverseIncompleteBeta } from '../../src-main/statistics/incomplete-beta.ts'
import {
  clopperPearsonInterval,
  rateOverSeeds,
  wilsonInterval,
} from '../../src-main/statistics/proportions.ts'

const nothing = { mean: null, low: null, high: null }

describe('incompleteBeta()', () => {
  // scipy.special.betainc(a, b, x)
  it.each([
    [0.3, 2, 5, 0.579825],
    [0.01, 0.5, 0.5, 0.06376856085851985],
    [0.9, 200, 30, 0.9231109018409299],
    [0.5, 1e4, 1e4, 0.5],
    [1e-5, 3, 40000, 0.007926975388422903],
  ])('at %d with a = %d, b = %d is %d', (x, a, b, expected) => {
    expect(incompleteBeta(x, a, b)).toBeCloseTo(expected, 11)
  })

  it('is 0 and 1 at the ends and is undone by its inverse', () => {
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1])
    expect(incompleteBeta(inverseIncompleteBeta(0.025, 7, 994), 7, 994)).toBeCloseTo(0.025, 12)
  })
})

// scipy.stats.binomtest(events, trials).proportion_ci(0.95, 'wilson' and 'exact')
const known = [
  { events: 0, trials: 50, wilson: [0, 0.07134759913335872], exact: [0, 0.07112173646420458] },
  {
    events: 3,
    trials: 50,
    wilson: [0.020614970348973957, 0.1621709168883817],
    exact: [0.01254858783533406, 0.1654819466037729],
  },
  { events: 50, trials: 50, wilson: [0.9286524008666412, 1], exact: [0.9288782635357954, 1] },
  {
    events: 7,
    trials: 1000,
    wilson: [0.0033948684009907646, 0.014378315465766588],
    exact: [0.0028188587596180135, 0.014369194979269567],
  },
] as const

describe.each(known)('$events of $trials', ({ events, trials, wilson, exact }) => {
  it("has Wilson's interval", () => {
    const { mean, low, high } = wilsonInterval({ events, trials })
    expect(mean).toBe(events / trials)
    expect(low).toBeCloseTo(wilson[0], 12)
    expect(high).toBeCloseTo(wilson[1], 12)
  })

  it("has Clopper and Pearson's interval", () => {
    const { low, high } = clopperPearsonInterval({ events, trials })
    expect(low).toBeCloseTo(exact[0], 10)
    expect(high).toBeCloseTo(exact[1], 10)
  })
})

it('no trials have no interval', () => {
  expect(wilsonInterval({ events: 0, trials: 0 })).toEqual(nothing)
  expect(clopperPearsonInterval({ events: 0, trials: 0 })).toEqual(nothing)
})

describe('rateOverSeeds()', () => {
  it('is the mean of the rates of the seeds, whatever their numbers of episodes', () => {
    const counts = [
      { events: 10, trials: 100 },
      { events: 3, trials: 10 },
    ]
    expect(rateOverSeeds(counts).mean).toBeCloseTo(0.2, 12)
  })

  it('is not certain after no failure in five seeds: Wilson says how few episodes there were', () => {
    const counts = Array.from({ length: 5 }, () => ({ events: 0, trials: 10 }))
    expect(rateOverSeeds(counts)).toEqual({
      mean: 0,
      low: 0,
      high: wilsonInterval({ events: 0, trials: 50 }).high,
    })
  })

  it('is as uncertain as its seeds differ: the bootstrap is wider than the pooled counts', () => {
    const counts = [0, 0, 0, 500, 1000].map((events) => ({ events, trials: 1000 }))
    const pooled = wilsonInterval({ events: 1500, trials: 5000 })
    const { low, high } = rateOverSeeds(counts)
    expect(low).toBe(0)
    expect(high).toBeGreaterThan((pooled.high ?? 1) + 0.2)
  })

  it('holds its mean where seeds of very different lengths pull the pooled rate away', () => {
    const counts = [
      { events: 0, trials: 100_000 },
      { events: 1, trials: 1 },
    ]
    const { mean, low, high } = rateOverSeeds(counts)
    expect(mean).toBe(0.5)
    expect(low).toBeLessThanOrEqual(0.5)
    expect(high).toBeGreaterThanOrEqual(0.5)
  })

  it("of one seed has Wilson's interval, of seeds without episodes none", () => {
    expect(rateOverSeeds([{ events: 3, trials: 50 }])).toEqual(wilsonInterval({ events: 3, trials: 50 }))
    expect(rateOverSeeds([{ events: 0, trials: 0 }])).toEqual(nothing)
    expect(rateOverSeeds([])).toEqual(nothing)
  })
})
