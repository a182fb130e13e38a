import { describe, expect, it } from 'vitest'
import { ActionSampler } from '../../src-main/algorithms/action-sampler.ts'
import { ensembleCritics } from '../../src-main/algorithms/esac.ts'
import { methods } from '../../src-main/algorithms/registry.ts'
import { ReplayBuffer } from '../../src-main/algorithms/replay-buffer.ts'
import { Sac } from '../../src-main/algorithms/sac.ts'
import { sacSettings } from '../../src-main/algorithms/sac-settings.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { createStreams } from '../../src-main/random.ts'
import { startLearner } from './start-learner.ts'
import { slippery, stakes, walkToHalf } from './toys.ts'

const sac = {
  hiddenSizes: [16, 16],
  batchSize: 16,
  learningRate: 3e-3,
  targetRate: 0.02,
  discount: 0.9,
  randomSteps: 100,
  learningStarts: 100,
}

// A policy that stays broad: the mask always finds a safe action among its candidates.
const broad = { ...sac, targetEntropy: 0.3 }
const sqrl = {
  gammaSafe: 0.1, // the slips of the next steps are the policy's fault, not the action's
  candidates: 30,
  offlineSteps: 100,
  rolloutEpisodes: 3,
  safetyUpdates: 150,
  safetyBatchSize: 16,
  safetyLearningRate: 3e-3,
  safetyTargetRate: 0.02,
  safetyOfflineShare: 0.5,
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe.each(['sac', 'esac', 'wcpg'] as const)('%s', (name) => {
  it.each([0, 1])('learns where to walk (seed %d)', async (seed) => {
    const run = await startLearner(methods[name], walkToHalf, {
      settings: name === 'esac' ? { sac, esac: { ensembleSize: 4 } } : { sac },
      phase: 'pretrain',
      steps: 900,
      seed,
    })
    await run.advanceTo(900)
    expect(run.updates).toHaveLength(900 - 100 + 1)
    const rewards = run.steps.map(({ step }) => step.reward)
    expect(mean(rewards.slice(0, 100))).toBeLessThan(-0.4)
    expect(mean(rewards.slice(-160))).toBeGreaterThan(-0.2)
  })
})

describe('SQRL', () => {
  const settings = { sac: broad, sqrl: { ...sqrl, safetyTerm: false } } // the mask alone

  const run = (method: 'sac' | 'sqrl', phase: 'pretrain' | 'finetune', steps: number, seed: number) =>
    startLearner(methods[method], slippery, {
      settings: method === 'sac' ? { sac: broad } : settings,
      phase,
      steps,
      seed,
    })

  it.each([0, 1])(
    'fails far less than SAC where the best action is a dangerous one (seed %d)',
    async (seed) => {
      // Both start from the same weights: under one seed both pre-train the same policy.
      const pretraining = await run('sqrl', 'pretrain', 500, seed)
      await pretraining.advanceTo(500)
      const finetune = async (method: 'sac' | 'sqrl') => {
        const finetuning = await run(method, 'finetune', 300, seed)
        finetuning.learner.setNetworks(pretraining.learner.getNetworks())
        await finetuning.advanceTo(300)
        expect(finetuning.updates).toHaveLength(300 - 100 + 1)
        return {
          failures: mean(finetuning.steps.map(({ step }) => (step.failure ? 1 : 0))),
          reward: mean(finetuning.steps.map(({ step }) => step.reward)),
        }
      }
      const [plain, masked] = [await finetune('sac'), await finetune('sqrl')]
      expect(plain.failures).toBeGreaterThan(0.4)
      expect(masked.failures).toBeLessThan(plain.failures / 5)
      // Not by hiding at the safe end, where the reward is -2.
      expect(masked.reward).toBeGreaterThan(-1.5)
    },
  )
})

describe('RS', () => {
  it.each([0, 1])(
    'fails less where predicted failure costs, and hardly where the cost is learnt (seed %d)',
    async (seed) => {
      const settings = (rs: object) => ({ sac: broad, sqrl, rs })
      const start = { steps: 500, seed }
      const pretraining = await startLearner(methods.rs, slippery, {
        settings: settings({}),
        phase: 'pretrain',
        ...start,
      })
      await pretraining.advanceTo(500)
      const failureRate = async (rs: object) => {
        const run = await startLearner(methods.rs, slippery, {
          settings: settings(rs),
          phase: 'finetune',
          ...start,
        })
        run.learner.setNetworks(pretraining.learner.getNetworks())
        await run.advanceTo(500)
        return mean(run.steps.slice(-200).map(({ step }) => (step.failure ? 1 : 0)))
      }
      const without = await failureRate({ penalty: 0, penaltySchedule: 'constant' })
      expect(without).toBeGreaterThan(0.4)
      expect(await failureRate({ penalty: 10, penaltySchedule: 'constant' })).toBeLessThan(without - 0.1)
      expect(
        await failureRate({ penalty: 0, penaltySchedule: 'learned', penaltyLearningRate: 0.5 }),
      ).toBeLessThan(0.05)
    },
  )

  it('begins as SAC and takes more and more off, where the penalty rises', async () => {
    const run = await startLearner(methods.rs, slippery, {
      settings: { sac: { ...broad, learningStarts: 1 }, sqrl, rs: { penalty: 8 } },
      phase: 'finetune',
      steps: 40,
    })
    await run.advanceTo(40)
    const penalties = run.updates.flatMap(({ targetPenalty }) => targetPenalty ?? [])
    expect(penalties[0]).toBeCloseTo(8 / 40, 12)
    expect(penalties.at(-1)).toBe(8)
    expect(penalties).toEqual(penalties.toSorted((a, b) => a - b))
  })
})

describe('WCPG', () => {
  it.each([0, 1, 2])(
    'stakes little where it minds the worst returns, and much where it minds the mean (seed %d)',
    async (seed) => {
      const stake = async (level: number) => {
        const wcpg = { lowestRiskLevel: level, highestRiskLevel: level, evaluationRiskLevel: level }
        const run = await startLearner(methods.wcpg, stakes, {
          settings: { sac: { ...sac, initialTemperature: 0.1 }, wcpg },
          phase: 'pretrain',
          steps: 1000,
          seed,
        })
        await run.advanceTo(1000)
        return mean(run.steps.slice(-200).map(({ decision }) => ((decision.action[0] ?? 0) + 1) / 2))
      }
      expect(await stake(0.1)).toBeLessThan(0.25)
      expect(await stake(1)).toBeGreaterThan(0.7)
    },
  )

  it('draws a risk level for each episode and keeps to it', async () => {
    const run = await startLearner(methods.wcpg, walkToHalf, {
      settings: { sac },
      phase: 'pretrain',
      steps: 40,
    })
    await run.advanceTo(42)
    // What the networks saw is not recorded with the environment's own observations.
    expect(run.steps.every(({ step }) => step.observation.length === 2)).toBe(true)
    const { 'training.context': context } = run.learner.getState().values
    await run.advanceTo(46)
    expect(run.learner.getState().values['training.context']).toEqual(context)
    await run.advanceTo(50)
    expect(run.learner.getState().values['training.context']).not.toEqual(context)
  })
})

describe('ESAC', () => {
  /** How often a policy takes the noisy half of the actions, of which its critics have seen ten among two hundred. */
  async function noisyShare(percentile: number, seed: number): Promise<number> {
    const streams = createStreams(seed)
    const learner = await Sac.create({
      engine: compiledEngine,
      observationSize: 1,
      actionSize: 1,
      settings: sacSettings.parse({ ...sac, initialTemperature: 0.05 }),
      weights: streams.weights,
      critics: ensembleCritics(6, percentile),
    })
    const buffer = new ReplayBuffer(200, 1, 1)
    const observation = Float32Array.of(0)
    for (let i = 0; i < 200; i++) {
      const isNoisy = i % 20 === 0
      const action = Float32Array.of(streams.exploration.uniform() * (isNoisy ? 1 : -1))
      const reward = isNoisy ? (-1) ** (i / 20) : 0
      buffer.add({
        observation,
        action,
        reward,
        nextObservation: observation,
        failure: false,
        terminated: true,
        truncated: false,
      })
    }
    for (let i = 0; i < 400; i++) await learner.update(buffer, streams.batches, streams.updates)
    const sampler = await ActionSampler.create({
      engine: compiledEngine,
      observationSize: 1,
      actionSize: 1,
      count: 200,
      policy: learner.policy,
      safetyCritic: null,
    })
    const { actions } = await sampler.draw(observation, streams.exploration)
    return mean(Array.from(actions, (action) => (action > 0 ? 1 : 0)))
  }

  it('keeps from actions of the same mean about which its critics disagree, the lower the percentile', async () => {
    const seeds = [0, 2, 3]
    const shares = async (percentile: number) =>
      Promise.all(seeds.map((seed) => noisyShare(percentile, seed)))
    const [cautious, bold] = [await shares(10), await shares(90)]
    for (const [index, share] of cautious.entries()) expect(share).toBeLessThan(bold[index] ?? 0)
    expect(mean(cautious)).toBeLessThan(mean(bold) - 0.1)
  })
})
