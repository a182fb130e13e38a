import { describe, expect, it } from 'vitest'
import type { Run } from '../../src-main/contract/runs.ts'
import { estimate } from '../../src-main/lab/estimate.ts'
import { specification } from '../store/fixtures.ts'

interface Sketch {
  id: number
  state: Run['state']
  step?: number
  steps?: number
  speed?: number | null
  after?: number
}

function run({ id, state, step = 0, steps = 100, speed = null, after }: Sketch): Run {
  return {
    id,
    experimentId: 1,
    pretrainRunId: after ?? null,
    pretrainCheckpointId: null,
    specification: specification({ steps, phase: after === undefined ? 'pretrain' : 'finetune' }),
    state,
    error: null,
    step,
    environmentSteps: step,
    episodes: 0,
    failures: 0,
    successes: 0,
    recentReturn: null,
    stepsPerSecond: speed,
    trainedSeconds: 0,
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    provenance: null,
    note: '',
    tags: [],
    deletedAt: null,
  }
}

describe('estimate()', () => {
  it('divides what is left by the measured speed', () => {
    const runs = [run({ id: 1, state: 'running', step: 40, speed: 10 })]
    expect(estimate(runs, 1)).toEqual({ progress: 0.4, secondsLeft: { low: 6, high: 6 } })
  })

  it('lets waiting runs take slots as they get free', () => {
    const runs = [
      run({ id: 1, state: 'running', step: 50, speed: 10 }),
      run({ id: 2, state: 'queued' }),
      run({ id: 3, state: 'queued' }),
    ]
    // One slot: 5 + 10 + 10. Two: run 2 at once (10), run 3 after run 1 (5 + 10).
    expect(estimate(runs, 1).secondsLeft).toEqual({ low: 25, high: 25 })
    expect(estimate(runs, 2).secondsLeft).toEqual({ low: 15, high: 15 })
  })

  it('lets fine-tuning wait for its pre-training, whatever slots are free', () => {
    const runs = [
      run({ id: 1, state: 'running', speed: 10 }),
      run({ id: 2, state: 'queued', after: 1, steps: 50 }),
      run({ id: 3, state: 'queued', steps: 30 }),
    ]
    expect(estimate(runs, 4).secondsLeft).toEqual({ low: 15, high: 15 })
    expect(estimate(runs, 1).secondsLeft).toEqual({ low: 18, high: 18 })
  })

  it('takes the speed of runs of the same phase where there are some', () => {
    const runs = [
      run({ id: 1, state: 'finished', step: 100, speed: 10 }),
      run({ id: 2, state: 'finished', step: 100, speed: 50, after: 1 }),
      run({ id: 3, state: 'queued', after: 1 }),
    ]
    expect(estimate(runs, 1)).toEqual({ progress: 2 / 3, secondsLeft: { low: 2, high: 2 } })
  })

  it('leaves out what does not go on by itself', () => {
    const runs = [
      run({ id: 1, state: 'running', step: 50, speed: 5 }),
      run({ id: 2, state: 'paused', step: 10 }),
      run({ id: 3, state: 'queued', after: 2 }),
      run({ id: 4, state: 'failed' }),
    ]
    expect(estimate(runs, 1)).toEqual({ progress: 0.5, secondsLeft: { low: 10, high: 10 } })
    expect(estimate(runs.slice(1), 1)).toEqual({ progress: null, secondsLeft: null })
  })

  it('says nothing of the time while no speed is known', () => {
    const runs = [run({ id: 1, state: 'running' }), run({ id: 2, state: 'queued' })]
    expect(estimate(runs, 2)).toEqual({ progress: 0, secondsLeft: null })
    expect(estimate([], 2)).toEqual({ progress: null, secondsLeft: null })
  })
})
