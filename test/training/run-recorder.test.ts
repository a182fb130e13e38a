import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../../src-main/algorithms/learner.ts'
import type { RunSpecification } from '../../src-main/contract/transfer.ts'
import type { EpisodeRecord } from '../../src-main/training/messages.ts'
import { RunRecorder } from '../../src-main/training/run-recorder.ts'
import { episode, record, sqrlRun } from './records.ts'

function recorderOf(changes: Partial<RunSpecification> = {}) {
  let step = 0
  const recorder = new RunRecorder(sqrlRun(changes), () => step)
  return {
    recorder,
    play(records: readonly StepRecord[]): void {
      for (const record of records) {
        if (record.kind === 'training') step++
        recorder.onStep(record)
      }
    },
    values: () => recorder.takeMetrics(step).values,
  }
}

const limited = (failureFramesLimit: number | null, seed = 0): Partial<RunSpecification> => ({
  seed,
  recording: { checkpointEvery: 100, metricsEvery: 10, failureFramesLimit },
})

describe('RunRecorder episodes', () => {
  it('counts episodes of both kinds by one index, at the policy step at which each ended', () => {
    const { recorder, play } = recorderOf()
    play(episode('timeout', [0, 0]))
    play(episode('failure', [0, 0.5], { kind: 'rollout' }))
    play(episode('success', [0]))
    expect(
      recorder.takeEpisodes().map(({ index, kind, step, outcome }) => [index, kind, step, outcome]),
    ).toEqual([
      [0, 'training', 2, 'timeout'],
      [1, 'rollout', 2, 'failure'],
      [2, 'training', 3, 'success'],
    ])
    expect(recorder.takeEpisodes()).toEqual([])
    expect([recorder.episodeIndex, recorder.environmentSteps]).toEqual([3, 5])
  })

  it('keeps interleaved episodes of the two kinds apart', () => {
    const { recorder, play } = recorderOf()
    const [policy, rollout] = [
      episode('success', [0, 0, 0], { reward: 1 }),
      episode('failure', [0.5, 0.5], { kind: 'rollout', reward: 10 }),
    ]
    play([policy[0], rollout[0], policy[1], rollout[1], policy[2]].filter((record) => record !== undefined))
    expect(recorder.takeEpisodes().map(({ length, return: sum }) => [length, sum])).toEqual([
      [2, 20],
      [3, 3],
    ])
  })

  it('does not count evaluation', () => {
    const { recorder, play, values } = recorderOf()
    play(episode('failure', [0.5], { kind: 'evaluation' }))
    expect(recorder.takeEpisodes()).toEqual([])
    expect([recorder.environmentSteps, values().cumulativeFailures]).toEqual([0, 0])
  })
})

describe('RunRecorder metrics', () => {
  it('averages what the environment says of the policy’s own steps, and not of rollouts or evaluation', () => {
    const { play, values } = recorderOf()
    const told = (velocityError: number, kind: StepRecord['kind'] = 'training') => {
      const { step, ...rest } = record(null, 0, { kind })
      return { ...rest, step: { ...step, info: { velocityError } } }
    }
    play([told(0.25), told(0.75), told(9, 'rollout'), told(9, 'evaluation')])
    expect(values().velocityError).toBe(0.5)
    play([told(0.125)])
    expect(values().velocityError).toBe(0.125)
    play([record(null, 0)])
    expect(values()).not.toHaveProperty('velocityError')
  })

  it('averages updates and masks since the last point, and leaves out what was not measured', () => {
    const { recorder, play, values } = recorderOf()
    recorder.onUpdate({ policyLoss: 1, policyRisk: Number.NaN })
    recorder.onUpdate({ policyLoss: 3, policyRisk: Number.NaN })
    play([
      record(null, 0.05, { candidateQSafe: [0.05, 0.5, 0.75, 0.0625] }),
      record(null, 0.5, { candidateQSafe: [0.5, 0.75, 0.875, 0.625] }),
    ])
    const first = values()
    expect(first).toMatchObject({
      policyLoss: 2,
      maskAcceptance: 0.25,
      noSafeCandidate: 0.5,
      cumulativeFailures: 0,
    })
    expect(first.chosenQSafe).toBeCloseTo(0.275, 6)
    for (const name of ['policyRisk', 'return', 'failureRate', 'calibrationBrier'])
      expect(first).not.toHaveProperty(name)
    expect(values()).not.toHaveProperty('policyLoss')
  })

  it('takes mask figures from rollouts too, but Q_safe of chosen actions from the policy alone', () => {
    const { play, values } = recorderOf()
    play([record(null, 0.05, { kind: 'rollout', candidateQSafe: [0.05, 0.5] })])
    expect(values()).toMatchObject({ maskAcceptance: 0.5 })
    expect(values()).not.toHaveProperty('chosenQSafe')
  })

  it('takes returns and success from the policy’s last 100 episodes and failures from all episodes', () => {
    const { play, values } = recorderOf()
    for (let i = 0; i < 100; i++) play(episode('failure', [0], { reward: -5 }))
    for (let i = 0; i < 50; i++) play(episode('success', [0, 0], { reward: 2 }))
    for (let i = 0; i < 25; i++) play(episode('timeout', [0], { kind: 'rollout', reward: 1000 }))
    expect(values()).toMatchObject({
      return: (50 * -5 + 50 * 4) / 100,
      episodeLength: 1.5,
      successRate: 0.5,
      failureRateWindow: 0.25,
      failureRate: 100 / 175,
      cumulativeFailures: 100,
    })
  })

  it.each([
    ['pretrain', 'rollout', 'training'],
    ['finetune', 'training', 'rollout'],
  ] as const)('calibrates Q_safe in %s on %s episodes, the masked ones', (phase, judged, other) => {
    const { play, values } = recorderOf({ phase })
    play(episode('timeout', [1, 1], { kind: other }))
    expect(values()).not.toHaveProperty('calibrationBrier')
    play(episode('timeout', [0, 1], { kind: judged }))
    expect(values().calibrationBrier).toBe(0.5)
  })

  it('measures no calibration without a safety critic', () => {
    const { play, values } = recorderOf({ method: 'sac', phase: 'finetune', settings: {} })
    play(episode('failure', [Number.NaN]))
    expect(values()).not.toHaveProperty('calibrationBrier')
    expect(values()).toMatchObject({ cumulativeFailures: 1, failureRate: 1 })
  })
})

/** Indices whose frames are kept when all is recorded, as the store would hold them. */
function keptFrames(records: readonly EpisodeRecord[]): number[] {
  const kept = new Set<number>()
  for (const { index, frames, replacesFramesOf } of records) {
    if (replacesFramesOf !== null) expect(kept.delete(replacesFramesOf)).toBe(true)
    if (frames) kept.add(index)
  }
  return [...kept]
}

describe('RunRecorder reservoir', () => {
  it('keeps the frames of every failure where there is no limit', () => {
    const { recorder, play } = recorderOf(limited(null))
    for (let i = 0; i < 30; i++) play(episode(i % 3 === 0 ? 'failure' : 'success', [0]))
    expect(keptFrames(recorder.takeEpisodes())).toEqual(Array.from({ length: 10 }, (_, i) => 3 * i))
  })

  it('keeps no frames with a limit of 0, and never more than the limit', () => {
    fc.assert(
      fc.property(
        fc.nat(6),
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.nat(1000),
        (limit, fails, seed) => {
          const { recorder, play } = recorderOf(limited(limit, seed))
          for (const failed of fails) play(episode(failed ? 'failure' : 'timeout', [0]))
          const kept = keptFrames(recorder.takeEpisodes())
          expect(kept).toHaveLength(Math.min(limit, fails.filter(Boolean).length))
          expect(kept.every((index) => fails[index])).toBe(true)
        },
      ),
      { seed: 1 },
    )
  })

  it('keeps each failure with the same chance', () => {
    const [limit, failures, runs] = [4, 20, 1500]
    const counts = new Array<number>(failures).fill(0)
    for (let seed = 0; seed < runs; seed++) {
      const { recorder, play } = recorderOf(limited(limit, seed))
      for (let i = 0; i < failures; i++) play(episode('failure', [0]))
      for (const index of keptFrames(recorder.takeEpisodes())) counts[index] = (counts[index] ?? 0) + 1
    }
    const expected = (runs * limit) / failures
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 19 degrees of freedom: 0.9999 of such sums lie below 52; drawing without replacement makes them smaller still.
    expect(chiSquare).toBeLessThan(52)
  })
})

describe('RunRecorder state', () => {
  it('makes another recorder go on as this one', () => {
    const end = fc.constantFrom('failure', 'success', 'timeout', null)
    const kind = fc.constantFrom('training', 'rollout')
    const step = fc
      .tuple(end, fc.constantFrom(0.05, 0.5, Number.NaN), kind, fc.boolean())
      .map(([end, qSafe, kind, masked]) =>
        record(end, qSafe, masked && !Number.isNaN(qSafe) ? { kind, candidateQSafe: [0.05, 0.5] } : { kind }),
      )
    const steps = fc.array(step, { maxLength: 60 })
    const runs = fc.constantFrom(sqrlRun(limited(2)), sqrlRun({ ...limited(null), phase: 'finetune' }))
    fc.assert(
      fc.property(steps, steps, runs, (before, after, specification) => {
        const [unbroken, first] = [recorderOf(specification), recorderOf(specification)]
        for (const { recorder, play } of [unbroken, first]) {
          play(before)
          recorder.onUpdate({ loss: before.length })
          recorder.takeEpisodes()
        }
        const second = recorderOf(specification)
        second.recorder.setState(structuredClone(first.recorder.getState()))
        for (const { recorder, play } of [unbroken, second]) {
          play(after)
          recorder.onUpdate({ loss: after.length })
        }
        // The policy step is the learner's to restore.
        const records = ({ recorder }: typeof unbroken) =>
          recorder.takeEpisodes().map(({ step: _, ...rest }) => rest)
        expect(records(second)).toEqual(records(unbroken))
        expect(second.values()).toEqual(unbroken.values())
        expect(second.recorder.getState()).toEqual(unbroken.recorder.getState())
      }),
      { seed: 2 },
    )
  })
})
