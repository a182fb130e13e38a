import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_CANDIDATES, withFewCandidates } from '../../src-main/training/recorded-candidates.ts'

/** Candidate i is the action (i, -i) with Q_safe i / 1000. */
const decisionOf = (count: number, chosen: number) => ({
  action: Float32Array.of(chosen, -chosen),
  qSafe: chosen / 1000,
  candidates: Float32Array.from(
    { length: 2 * count },
    (_, index) => (index % 2 === 0 ? 1 : -1) * (index >> 1),
  ),
  candidateQSafe: Float32Array.from({ length: count }, (_, index) => index / 1000),
  chosen,
})

describe('withFewCandidates()', () => {
  it('leaves few candidates alone', () => {
    const decision = decisionOf(MOST_CANDIDATES, 7)
    expect(withFewCandidates(decision)).toBe(decision)
    const random = { ...decision, candidates: null, candidateQSafe: null, chosen: -1 }
    expect(withFewCandidates(random)).toBe(random)
  })

  it('keeps the one taken and others evenly out of all, each with its Q_safe', () => {
    fc.assert(
      fc.property(fc.integer({ min: MOST_CANDIDATES + 1, max: 1000 }), fc.nat(), (count, any) => {
        const taken = any % count
        const { candidates, candidateQSafe, chosen, action } = withFewCandidates(decisionOf(count, taken))
        const kept = [...(candidates ?? [])].filter((_, index) => index % 2 === 0)
        expect(kept).toHaveLength(MOST_CANDIDATES)
        expect(kept[chosen]).toBe(taken)
        expect([...action]).toEqual([...(candidates ?? [])].slice(2 * chosen, 2 * chosen + 2))
        for (const [index, row] of kept.entries()) {
          expect(candidateQSafe?.[index]).toBe(Math.fround(row / 1000))
          expect(candidates?.[2 * index + 1]).toBe(-row)
        }
        // No stretch of the candidates is left out, and none is there twice.
        for (const [before, after] of kept.slice(1).map((row, index) => [kept[index] ?? -1, row] as const)) {
          expect(after).toBeGreaterThan(before)
          expect(after - before).toBeLessThan((2 * count) / MOST_CANDIDATES + 1)
        }
      }),
    )
  })
})
