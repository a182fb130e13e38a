import { describe, expect, it } from 'vitest'
import { methods } from '../../src-main/algorithms/registry.ts'
import { startLearner } from './start-learner.ts'
import { slippery, walkToHalf } from './toys.ts'

const sac = {
  hiddenSizes: [16, 16],
  batchSize: 16,
  learningRate: 3e-3,
  targetRate: 0.02,
  discount: 0.9,
  randomSteps: 100,
  learningStarts: 100,
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

describe('SAC', () => {
  it.each([0, 1])('learns where to walk (seed %d)', async (seed) => {
    const run = await startLearner(methods.sac, walkToHalf, {
      settings: { sac },
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
  // A policy that stays broad: the mask always finds a safe action among its candidates.
  const broad = { ...sac, targetEntropy: 0.3 }
  const settings = {
    sac: broad,
    sqrl: {
      gammaSafe: 0.1, // the slips of the next steps are the policy's fault, not the action's
      candidates: 30,
      offlineSteps: 100,
      rolloutEpisodes: 3,
      safetyUpdates: 150,
      safetyBatchSize: 16,
      safetyLearningRate: 3e-3,
      safetyTargetRate: 0.02,
      safetyOfflineShare: 0.5,
      safetyTerm: false, // the mask alone
    },
  }

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
