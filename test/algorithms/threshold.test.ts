import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methods } from '../../src-main/algorithms/registry.ts'
import { harmlessCount, measureThreshold, thresholdRefusing } from '../../src-main/algorithms/threshold.ts'
import { createStreams } from '../../src-main/random.ts'
import { startLearner } from './start-learner.ts'
import { ends, Toy } from './toys.ts'

describe('thresholdRefusing()', () => {
  const risks = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 })

  it('refuses at most the share, and no smaller value of the list would do', () => {
    fc.assert(
      fc.property(risks, fc.double({ min: 0, max: 0.5, noNaN: true }), (qSafe, share) => {
        const threshold = thresholdRefusing(qSafe, share)
        const refusedBy = (limit: number) => qSafe.filter((risk) => risk > limit).length
        expect(refusedBy(threshold)).toBeLessThanOrEqual(share * qSafe.length)
        for (const smaller of qSafe.filter((risk) => risk < threshold))
          expect(refusedBy(smaller)).toBeGreaterThan(share * qSafe.length)
      }),
    )
  })

  it('says what to do where nothing was harmless', () => {
    expect(() => thresholdRefusing([], 0.1)).toThrow('Pre-train longer')
  })
})

describe('measureThreshold()', () => {
  it('counts what an onlooker counts', async () => {
    const streams = createStreams(4)
    const environment = new Toy(ends, streams.environment)
    const horizon = 2
    /** Q_safe of each action and how its episode ended, noted beside. */
    const episodes: { qSafe: number[]; failed: boolean }[] = [{ qSafe: [], failed: false }]
    const watched = Object.assign(Object.create(environment), {
      reset: (start: 'fixed' | 'random') => environment.reset(start),
      step(action: Float32Array) {
        const step = environment.step(action)
        const last = episodes.at(-1)
        if (last && (step.terminated || step.truncated)) {
          last.failed = step.failure
          episodes.push({ qSafe: [], failed: false })
        }
        return step
      },
    })
    const measured = await measureThreshold({
      environment: watched,
      random: streams.environment,
      randomStartFraction: 0.5,
      falseAlarmRate: 0.2,
      horizon,
      async act() {
        const qSafe = streams.exploration.uniform()
        episodes.at(-1)?.qSafe.push(qSafe)
        const action = Float32Array.of(2 * streams.exploration.uniform() - 1, 0)
        return { action, qSafe, candidates: null, candidateQSafe: null, chosen: -1 }
      },
    })
    episodes.pop()
    const harmless = episodes.flatMap(({ qSafe, failed }) =>
      qSafe.slice(0, harmlessCount(failed, qSafe.length, horizon)),
    )
    const failed = episodes.filter((episode) => episode.failed)
    expect(failed.length).toBeGreaterThan(50)
    expect(measured).toEqual({
      epsilonSafe: thresholdRefusing(harmless, 0.2),
      episodes: episodes.length,
      harmlessActions: harmless.length,
      failures: failed.length,
      failuresForeseen:
        failed.filter(({ qSafe }) => Math.max(...qSafe.slice(-horizon)) > measured.epsilonSafe).length /
        failed.length,
    })
    expect(measured.epsilonSafe).toBeCloseTo(0.8, 1)
  })
})

describe('SQRL calibrate()', () => {
  const held = () => {
    const streams = createStreams(0, 6)
    return { environment: new Toy(ends, streams.environment), streams, randomStartFraction: 0.5 }
  }
  const begin = async (falseAlarmRate: number | null, seed: number) => {
    const sac = { hiddenSizes: [6], batchSize: 4, randomSteps: 10, learningStarts: 12 }
    const sqrl = {
      candidates: 5,
      offlineSteps: 20,
      rolloutEpisodes: 2,
      safetyUpdates: 20,
      safetyBatchSize: 4,
    }
    const settings = { sac, sqrl: { ...sqrl, falseAlarmRate } }
    const pretrained = await startLearner(methods.sqrl, ends, { settings, phase: 'pretrain', steps: 60 })
    await pretrained.advanceTo(60)
    const run = await startLearner(methods.sqrl, ends, { settings, phase: 'finetune', steps: 60, seed })
    run.learner.setNetworks(pretrained.learner.getNetworks())
    return run
  }

  it('leaves a given threshold alone', async () => {
    const { learner } = await begin(null, 1)
    expect(await learner.calibrate?.(held())).toBeNull()
  })

  it('sets the same threshold under every seed, and the mask keeps to it', async () => {
    const runs = [await begin(0.25, 1), await begin(0.25, 2)]
    const measured = await Promise.all(runs.map(({ learner }) => learner.calibrate?.(held())))
    expect(measured[0]).toEqual(measured[1])
    const epsilonSafe = measured[0]?.epsilonSafe ?? Number.NaN
    const [run] = runs
    await run?.advanceTo(60)
    const masked = run?.steps.filter(({ decision }) => decision.candidateQSafe !== null) ?? []
    expect(masked.length).toBe(60)
    const refusing = masked.filter(
      ({ decision }) => Math.min(...(decision.candidateQSafe ?? [])) <= epsilonSafe,
    )
    expect(refusing.length).toBeGreaterThan(0)
    for (const { decision } of refusing) expect(decision.qSafe).toBeLessThanOrEqual(epsilonSafe)
  })
})
