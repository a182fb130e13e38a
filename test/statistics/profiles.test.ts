import { describe, expect, it } from 'vitest'
import { withoutPause } from '../../src-main/statistics/bootstrap.ts'
import { bootstrappingImprovement, bootstrappingProfile } from '../../src-main/statistics/profiles.ts'

describe('bootstrappingProfile()', () => {
  const thresholds = [0, 0.25, 0.5, 0.75, 1]

  it('draws runs anew within each task', () => {
    // Of two runs one is above 0.5: a resample has none, one or both above it, with chances 1/4, 1/2, 1/4. The other task never moves.
    const { share, low, high } = withoutPause(
      bootstrappingProfile(
        [
          [0.3, 0.9],
          [0.6, 0.6],
        ],
        thresholds,
      ),
    )
    expect(share).toEqual([1, 1, 0.75, 0.25, 0])
    expect(low).toEqual([1, 1, 0.5, 0, 0])
    expect(high).toEqual([1, 1, 1, 0.5, 0])
  })

  it('agrees with the interval of a share where the runs are many', () => {
    const scores = [Array.from({ length: 400 }, (_, index) => (index + 0.5) / 400)]
    const { low, high } = withoutPause(bootstrappingProfile(scores, [0.5]))
    const half = 1.96 * Math.sqrt(0.25 / 400)
    expect(low?.[0]).toBeCloseTo(0.5 - half, 2)
    expect(high?.[0]).toBeCloseTo(0.5 + half, 2)
  })

  it('has no band where no task has two runs, and the same seed gives the same one', () => {
    expect(withoutPause(bootstrappingProfile([[0.3], [0.8]], thresholds)).low).toBeNull()
    const draw = () => withoutPause(bootstrappingProfile([[0.1, 0.5, 0.7, 0.2]], thresholds, { seed: 3 }))
    expect(draw()).toEqual(draw())
  })
})

describe('bootstrappingImprovement()', () => {
  it('is averaged over tasks, as rliable gives it', () => {
    const ours = [
      [0.828, 0.021, 0.789, 1.216, 1.115, 0.228, 0.39],
      [0.351, 1.057, 0.948, 1.061, 0.044, 1.122, 0.549],
      [0.053, 1.187, 0.706, 0.004, 0.949, 0.704, 0.037],
    ]
    const theirs = [
      [0.162, 0.8, 1.275, 0.895, 0.938],
      [0.872, 0.499, 0.891, 0.506, 0.683],
      [0.841, 1.296, 0.846, 0.176, 0.403],
    ]
    const interval = withoutPause(bootstrappingImprovement(ours, theirs))
    expect(interval?.mean).toBeCloseTo(0.44761904761904764, 12)
    expect(interval?.low).toBeLessThan(0.35)
    expect(interval?.high).toBeGreaterThan(0.55)
    expect(interval?.high).toBeLessThan(0.75)
  })

  it('is certain where every run beats every other, and even where all are the same', () => {
    const certain = withoutPause(bootstrappingImprovement([[3, 4]], [[1, 2]]))
    expect(certain).toEqual({ mean: 1, low: 1, high: 1 })
    expect(withoutPause(bootstrappingImprovement([[1, 1]], [[1, 1]]))).toEqual({
      mean: 0.5,
      low: 0.5,
      high: 0.5,
    })
    expect(withoutPause(bootstrappingImprovement([[2]], [[1]]))).toEqual({ mean: 1, low: null, high: null })
    expect(withoutPause(bootstrappingImprovement([[2], []], [[1], [3]]))).toBeNull()
  })
})
