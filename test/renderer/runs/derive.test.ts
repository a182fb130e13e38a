import { describe, expect, it } from 'vitest'
import {
  canDo,
  explainState,
  failureRateOf,
  progressOf,
  secondsLeftOf,
  timeLeftOf,
} from '../../../src-renderer/runs/derive.ts'
import { aRun } from '../fixtures.ts'

describe('secondsLeftOf()', () => {
  it('divides what is left by the present speed', () => {
    expect(secondsLeftOf(aRun({ state: 'running', step: 400, stepsPerSecond: 30 }))).toBe(20)
  })

  it('is unknown while nothing trains the run', () => {
    expect(secondsLeftOf(aRun({ state: 'paused', step: 400, stepsPerSecond: 30 }))).toBeNull()
    expect(secondsLeftOf(aRun({ state: 'running', stepsPerSecond: 0 }))).toBeNull()
  })
})

describe('timeLeftOf()', () => {
  it('goes from the fastest to the slowest pace, and is one figure before there is a spread', () => {
    const training = { state: 'running', step: 400, stepsPerSecond: 30 } as const
    expect(timeLeftOf(aRun({ ...training, pace: { low: 20, high: 60 } }))).toEqual({ low: 10, high: 30 })
    expect(timeLeftOf(aRun(training))).toEqual({ low: 20, high: 20 })
    expect(timeLeftOf(aRun({ state: 'paused' }))).toBeNull()
  })
})

describe('progressOf()', () => {
  it('never exceeds the whole', () => {
    expect(progressOf(aRun({ step: 1200 }))).toBe(1)
  })
})

describe('failureRateOf()', () => {
  it('is unknown before the first episode', () => {
    expect(failureRateOf(aRun())).toBeNull()
    expect(failureRateOf(aRun({ episodes: 8, failures: 2 }))).toBe(0.25)
  })
})

describe('canDo()', () => {
  it('offers only what the lab would do', () => {
    expect(canDo(aRun({ state: 'running' }), 'pause')).toBe(true)
    expect(canDo(aRun({ state: 'finished' }), 'resume')).toBe(false)
    expect(canDo(aRun({ state: 'stopping' }), 'stop')).toBe(false)
  })
})

describe('explainState()', () => {
  const waiting = aRun({ id: 2, pretrainRunId: 1 })

  it('names the pre-training run that a run waits for', () => {
    expect(explainState(waiting, aRun({ state: 'running' }))).toBe('Waits for its pre-training, run 1.')
    expect(explainState(waiting, aRun({ state: 'paused' }))).toContain('which is paused')
  })

  it('waits for a slot once the pre-training is done', () => {
    expect(explainState(waiting, aRun({ state: 'finished' }))).toBe('Waits for a free slot.')
  })

  it('gives the reason of a training that gave up', () => {
    expect(explainState(aRun({ state: 'failed', error: 'The loss was not finite.' }), undefined)).toBe(
      'The loss was not finite.',
    )
  })
})
