import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src-main/contract/index.ts'
import { foldLog } from '../../../src-renderer/runs/log.ts'
import { nearestEpisodes } from '../../../src-renderer/runs/nearest.ts'
import { anEpisode } from '../fixtures.ts'

describe('nearestEpisodes()', () => {
  const episodes = [10, 20, 30, 40, 100, 110].map((step, index) => anEpisode({ id: index, index, step }))
  const around = (step: number, count: number) => nearestEpisodes(episodes, step, count).map((e) => e.step)

  it('gives those that ended nearest, in their order, at the ends too', () => {
    expect(around(38, 3)).toEqual([20, 30, 40])
    expect(around(0, 2)).toEqual([10, 20])
    expect(around(999, 2)).toEqual([100, 110])
    expect(around(30, 99)).toHaveLength(6)
    expect(nearestEpisodes([], 5, 3)).toEqual([])
  })
})

describe('foldLog()', () => {
  const event = (id: number, kind: RunEvent['kind'], step: number): RunEvent => ({
    id,
    kind,
    step,
    at: id,
    text: kind,
  })

  it('makes one line of checkpoints that follow one another, the newest first', () => {
    const log = [
      event(1, 'running', 0),
      ...[100, 200, 300].map((step, index) => event(2 + index, 'checkpoint', step)),
      event(5, 'paused', 350),
      event(6, 'checkpoint', 400),
    ]
    expect(foldLog(log).map(({ text, step }) => [text, step])).toEqual([
      ['checkpoint', 400],
      ['paused', 350],
      ['3 checkpoints were written.', 300],
      ['running', 0],
    ])
  })
})
