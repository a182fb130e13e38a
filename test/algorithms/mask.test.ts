import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Candidates } from '../../src-main/algorithms/action-sampler.ts'
import { type CandidateChoice, selectSafeAction } from '../../src-main/algorithms/mask.ts'
import { createStreams } from '../../src-main/random.ts'
import { at, logDensity } from './reference.ts'

const choices: readonly CandidateChoice[] = ['uniform', 'first', 'logProbability', 'riskiest', 'safest']

function candidatesOf(qSafe: readonly number[], logProbabilities = qSafe.map(() => 0)): Candidates {
  return {
    count: qSafe.length,
    actions: new Float32Array(qSafe.length),
    logProbabilities: Float32Array.from(logProbabilities),
    qSafe: Float32Array.from(qSafe),
  }
}

const candidateLists = fc
  .array(fc.tuple(fc.float({ min: 0, max: 1, noNaN: true }), fc.float({ min: -20, max: 8, noNaN: true })), {
    minLength: 1,
    maxLength: 30,
  })
  .map((list) =>
    candidatesOf(
      list.map(([risk]) => risk),
      list.map(([, logProbability]) => logProbability),
    ),
  )
const thresholds = fc.double({ min: 0, max: 1, noNaN: true })
const seeds = fc.integer({ min: 0, max: 1e6 })

/** How often each candidate is chosen. */
function frequencies(candidates: Candidates, choice: CandidateChoice, draws: number): number[] {
  const random = createStreams(2).candidates
  const counts = new Array<number>(candidates.count).fill(0)
  for (let i = 0; i < draws; i++) {
    const chosen = selectSafeAction(candidates, 0.1, choice, random)
    counts[chosen] = at(counts, chosen) + 1
  }
  return counts
}

/** Pearson's statistic over the outcomes that are possible; the others must not occur. */
function chiSquare(counts: readonly number[], probabilities: readonly number[]): number {
  const draws = counts.reduce((sum, count) => sum + count, 0)
  return counts.reduce((sum, count, i) => {
    const expected = draws * at(probabilities, i)
    if (expected === 0) expect(count).toBe(0)
    return expected === 0 ? sum : sum + (count - expected) ** 2 / expected
  }, 0)
}

describe('selectSafeAction()', () => {
  it.each(choices)(
    'takes a safe candidate if there is one, else the one with the lowest Q_safe (%s)',
    (choice) => {
      fc.assert(
        fc.property(candidateLists, thresholds, seeds, (candidates, epsilonSafe, seed) => {
          const chosen = selectSafeAction(candidates, epsilonSafe, choice, createStreams(seed).candidates)
          const lowest = Math.min(...candidates.qSafe)
          const risk = at(candidates.qSafe, chosen)
          if (lowest <= epsilonSafe) expect(risk).toBeLessThanOrEqual(epsilonSafe)
          else expect(risk).toBe(lowest)
          if (choice === 'safest') expect(risk).toBe(lowest)
          if (choice === 'first' && lowest <= epsilonSafe)
            expect(candidates.qSafe.slice(0, chosen).every((before) => before > epsilonSafe)).toBe(true)
          const allowed = candidates.qSafe.filter((risk) => risk <= epsilonSafe)
          if (choice === 'riskiest' && allowed.length > 0) expect(risk).toBe(Math.max(...allowed))
        }),
        { seed: 1 },
      )
    },
  )

  it.each(choices)('draws one number, whatever it finds (%s)', (choice) => {
    fc.assert(
      fc.property(candidateLists, thresholds, seeds, (candidates, epsilonSafe, seed) => {
        const [used, counted] = [createStreams(seed).candidates, createStreams(seed).candidates]
        selectSafeAction(candidates, epsilonSafe, choice, used)
        counted.uniform()
        expect(used.getState()).toEqual(counted.getState())
      }),
      { seed: 2 },
    )
  })

  it('allows Q_safe = epsilonSafe, and nothing above it', () => {
    const random = createStreams(0).candidates
    const atThreshold = candidatesOf([0.0625, 0.125, 0.25])
    for (let i = 0; i < 20; i++) expect(selectSafeAction(atThreshold, 0.125, 'riskiest', random)).toBe(1)
  })

  // Four of six are safe at 0.1.
  const risks = [0.05, 0.9, 0.02, 0.11, 0, 0.09]
  const logProbabilities = [-1, 3, 0.5, 2, -2.5, 0]

  it('chooses evenly among the safe candidates (uniform)', () => {
    const counts = frequencies(candidatesOf(risks, logProbabilities), 'uniform', 40_000)
    // Three degrees of freedom: 0.9999 of such sums lie below 21.
    expect(chiSquare(counts, [0.25, 0, 0.25, 0, 0.25, 0.25])).toBeLessThan(21)
  })

  it('chooses safe candidates in proportion to pi (logProbability)', () => {
    const weights = risks.map((risk, i) => (risk <= 0.1 ? Math.exp(at(logProbabilities, i)) : 0))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    for (const shift of [0, -300, 80]) {
      const shifted = candidatesOf(
        risks,
        logProbabilities.map((value) => value + shift),
      )
      const counts = frequencies(shifted, 'logProbability', 40_000)
      expect(
        chiSquare(
          counts,
          weights.map((weight) => weight / total),
        ),
      ).toBeLessThan(21)
    }
  })

  it('samples pi cut off where Q_safe exceeds epsilonSafe: Eq. 3 exactly (uniform)', () => {
    // pi: tanh of N(0.3, 0.8). Q_safe rises with the action and meets epsilonSafe at the action 0.2.
    const [mean, deviation, cut] = [0.3, 0.8, 0.2]
    const random = createStreams(3).candidates
    const count = 30
    const bins = 12
    const binOf = (action: number) => Math.min(bins - 1, Math.floor((bins * (action + 1)) / (1 + cut)))
    const counts = new Array<number>(bins).fill(0)
    const noise = new Float32Array(count)
    const draws = 30_000
    let emptyMasks = 0
    for (let draw = 0; draw < draws; draw++) {
      random.fillNormal(noise)
      const actions = noise.map((value) => Math.tanh(mean + deviation * value))
      const qSafe = actions.map((action) => (action <= cut ? 0.05 : 0.5))
      if (qSafe.every((risk) => risk > 0.1)) emptyMasks++
      const logs = noise.map((value) => logDensity(mean + deviation * value, mean, deviation))
      const chosen = selectSafeAction(
        { count, actions, qSafe, logProbabilities: logs },
        0.1,
        'uniform',
        random,
      )
      const bin = binOf(at(actions, chosen))
      counts[bin] = at(counts, bin) + 1
    }
    expect(emptyMasks).toBeLessThan(3)
    // Mass of pi in each bin below the cut, by the midpoint rule in the action.
    const fine = 400
    const mass = Array.from({ length: bins }, (_, bin) => {
      let sum = 0
      for (let i = 0; i < fine; i++) {
        const action = -1 + ((1 + cut) * (bin + (i + 0.5) / fine)) / bins
        sum += Math.exp(logDensity(Math.atanh(action), mean, deviation))
      }
      return sum
    })
    const total = mass.reduce((sum, value) => sum + value, 0)
    // Eleven degrees of freedom: 0.9999 of such sums lie below 38.
    expect(
      chiSquare(
        counts,
        mass.map((value) => value / total),
      ),
    ).toBeLessThan(38)
  })
})
