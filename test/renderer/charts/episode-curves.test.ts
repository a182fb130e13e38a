import { describe, expect, it } from 'vitest'
import {
  countedEpisodes,
  cumulativeFailureCurves,
  failureRateCurves,
  fewestForRate,
  returnCurves,
} from '../../../src-renderer/charts/episode-curves.ts'
import { anEpisode } from '../fixtures.ts'

const failed = { outcome: 'failure', return: -30 } as const

describe('returnCurves()', () => {
  const chart = returnCurves(
    [
      anEpisode({ step: 10, return: 4 }),
      anEpisode({ step: 10, kind: 'rollout', return: 99 }),
      anEpisode({ step: 20, kind: 'evaluation', return: 99 }),
      anEpisode({ step: 25, ...failed }),
    ],
    'sqrl',
    50,
  )

  it('shows the policy’s own episodes alone', () => {
    expect(chart.x).toEqual([10, 25])
  })

  it('keeps failures apart, and averages both', () => {
    expect(chart.curves.map(({ values }) => values)).toEqual([
      [4, null],
      [null, -30],
      [4, -13],
    ])
  })
})

describe('failureRateCurves()', () => {
  const episodes = Array.from({ length: 30 }, (_, index) =>
    anEpisode({ step: index, ...(index < 15 ? failed : {}) }),
  )
  const [recent, all] = failureRateCurves(episodes, 'sac', 10).curves

  it('says nothing before enough episodes have ended', () => {
    expect(recent?.values.slice(0, fewestForRate - 1)).toEqual(Array(fewestForRate - 1).fill(null))
  })

  it('is a percentage of the window and of all so far', () => {
    expect(recent?.values.at(-1)).toBe(0)
    expect(all?.values.at(-1)).toBe(50)
  })
})

describe('cumulativeFailureCurves()', () => {
  it('counts failures in rollouts but not in evaluation', () => {
    const counted = countedEpisodes([
      anEpisode(failed),
      anEpisode({ ...failed, kind: 'rollout' }),
      anEpisode({ ...failed, kind: 'evaluation' }),
    ])
    expect(cumulativeFailureCurves(counted, 'sqrl').curves[0]?.values).toEqual([1, 2])
  })
})
