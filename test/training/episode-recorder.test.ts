import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../../src-main/algorithms/learner.ts'
import { EpisodeRecorder, warningLead } from '../../src-main/training/episode-recorder.ts'
import { episode, record } from './records.ts'

/** Feeds the steps and returns what the last one gave. */
const feed = (recorder: EpisodeRecorder, steps: readonly StepRecord[]) =>
  steps.reduce<ReturnType<EpisodeRecorder['add']>>((_, step) => recorder.add(step), null)

const ended = (steps: readonly StepRecord[]) => feed(new EpisodeRecorder('training', 0.1), steps)

describe('warningLead()', () => {
  it.each([
    ['no warning', [0, 0.05, 0.1], 0],
    ['a warning in the last frame alone', [0, 0, 0.2], 1],
    ['an unbroken warning', [0, 0.2, 0.3, 0.4], 3],
    ['a warning that was taken back', [0.9, 0.9, 0.1, 0.4, 0.5], 2],
    ['a warning from the start', [0.9, 0.9], 2],
    ['a warning taken back in the last frame', [0.9, 0.9, 0.05], 0],
    ['frames that nothing judged', [Number.NaN, 0.9, 0.9], 2],
  ])(
    'counts the frames from the beginning of the last unbroken stretch above epsilonSafe: %s',
    (_, qSafe, lead) => {
      // 0.1 itself is not above 0.1, also not after rounding to float32, whose 0.1 is a little larger.
      expect(
        warningLead(
          Float32Array.from(qSafe, (risk) => (risk === 0.1 ? 0.09999 : risk)),
          0.1,
        ),
      ).toBe(lead)
    },
  )
})

describe('EpisodeRecorder', () => {
  it('sums an episode up when it ends, and not before', () => {
    const recorder = new EpisodeRecorder('rollout', 0.1)
    const steps = episode('success', [0.25, 0.5, 0.75], { reward: -2 })
    expect(feed(recorder, steps.slice(0, 2))).toBeNull()
    expect(feed(recorder, steps.slice(2))).toMatchObject({
      kind: 'rollout',
      return: -6,
      length: 3,
      outcome: 'success',
      cause: null,
      finalQSafe: 0.75,
      warningLead: null,
      frames: null,
    })
    expect(feed(recorder, episode('timeout', [0.5]))).toMatchObject({
      length: 1,
      return: -1,
      outcome: 'timeout',
    })
  })

  it('keeps the frames of a failure, with its cause and warning', () => {
    const end = ended([
      record(null, 0.05, { candidateQSafe: [0.9, 0.05] }),
      record(null, 0.2, { candidateQSafe: [0.2, 0.3] }),
      record('failure', 0.5, { candidateQSafe: [0.75, 0.5], reward: -30 }),
    ])
    expect(end).toMatchObject({
      outcome: 'failure',
      cause: 'slipped',
      finalQSafe: 0.5,
      warningLead: 2,
      return: -32,
    })
    const floats = (...values: number[]) => Float32Array.from(values)
    expect(end?.frames).toMatchObject({
      actions: floats(0.05, -0.05, 0.2, -0.2, 0.5, -0.5),
      rewards: Float64Array.of(-1, -1, -30),
      qSafe: floats(0.05, 0.2, 0.5),
      candidates: floats(0.9, -0.9, 0.05, -0.05, 0.2, -0.2, 0.3, -0.3, 0.75, -0.75, 0.5, -0.5),
      candidateQSafe: floats(0.9, 0.05, 0.2, 0.3, 0.75, 0.5),
      chosen: Int32Array.of(1, 0, 1),
    })
    // The state before each action, and the one in which it ended.
    expect(end?.frames?.keptStates).toHaveLength(4 * 6)
    expect(end?.frames?.keptStates.subarray(0, 2)).toEqual(Float64Array.of(0.1, 0.05))
  })

  it('drops the candidates of an episode that began without any', () => {
    const end = ended([record(null, Number.NaN), record('failure', 0.5, { candidateQSafe: [0.5, 0.75] })])
    expect(end?.frames).toMatchObject({ candidates: new Float32Array(0), chosen: Int32Array.of(-1, -1) })
    expect(end?.frames?.qSafe).toEqual(Float32Array.of(Number.NaN, 0.5))
  })

  it('says nothing of warnings where there is no safety critic', () => {
    expect(ended(episode('failure', [Number.NaN]))).toMatchObject({ finalQSafe: null, warningLead: null })
  })

  it('goes on in the middle of an episode from a saved state', () => {
    const risks = fc.array(fc.constantFrom(0.05, 0.25, Number.NaN), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(risks, fc.nat(12), fc.boolean(), (risks, cut, withCandidates) => {
        const steps = episode('failure', risks, withCandidates ? { candidateQSafe: [0.05, 0.25] } : {})
        const first = new EpisodeRecorder('training', 0.1)
        const before = feed(first, steps.slice(0, cut))
        const second = new EpisodeRecorder('training', 0.1)
        second.setState(structuredClone(first.getState()))
        const after = feed(second, steps.slice(cut))
        expect(before ?? after).toEqual(ended(steps))
      }),
      { seed: 1 },
    )
  })

  it('refuses a state that misses a frame', () => {
    const recorder = new EpisodeRecorder('training', 0.1)
    recorder.add(record(null, 0.5))
    const state = recorder.getState()
    expect(() => new EpisodeRecorder('training', 0.1).setState({ ...state, arrays: {} })).toThrow('frame 0')
  })
})
