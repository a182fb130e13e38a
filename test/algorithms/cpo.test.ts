import { describe, expect, it } from 'vitest'
import { methods } from '../../src-main/algorithms/registry.ts'
import { createStreams } from '../../src-main/random.ts'
import { at, mean } from './reference.ts'
import { fingerprint, type Started, startLearner } from './start-learner.ts'
import { ends, slippery, type ToyRules, walkToHalf } from './toys.ts'

const settings = (cpo: Record<string, unknown> = {}) => ({
  cpo: {
    hiddenSizes: [16, 16],
    batchSteps: 200,
    trustRegion: 0.03,
    damping: 0.01,
    discount: 0.9,
    valueUpdates: 40,
    valueBatchSize: 50,
    valueLearningRate: 5e-3,
    ...cpo,
  },
})

async function train(
  rules: ToyRules,
  options: { steps: number; seed?: number; cpo?: Record<string, unknown>; from?: Started },
): Promise<Started> {
  const { steps, seed = 0, cpo, from } = options
  const phase = from ? 'finetune' : 'pretrain'
  const run = await startLearner(methods.cpo, rules, { settings: settings(cpo), phase, steps, seed })
  if (from) run.learner.setNetworks(from.learner.getNetworks())
  await run.advanceTo(steps)
  return run
}

const metric = ({ updates }: Started, name: string) => updates.map((values) => values[name] ?? Number.NaN)

describe('advance()', () => {
  it('learns once from every full batch, in pre-training as in fine-tuning', async () => {
    const pretrained = await train(ends, { steps: 450 })
    expect(pretrained.updates).toHaveLength(2)
    expect(pretrained.steps).toHaveLength(450)
    for (const { decision, kind } of pretrained.steps) {
      expect(kind).toBe('training')
      expect(decision.candidates).toBeNull()
      expect(decision.action.every((number) => Math.abs(number) < 1)).toBe(true)
    }
    const tuned = await train(ends, { steps: 200, from: pretrained })
    expect(tuned.updates).toHaveLength(1)
    expect(fingerprint(tuned.learner.getNetworks())).not.toEqual(
      fingerprint(pretrained.learner.getNetworks()),
    )
  })

  it('measures the discounted failure cost of the episodes that ended in the batch', async () => {
    const run = await train(ends, { steps: 200, cpo: { costDiscount: 0.5 } })
    const costs: number[] = []
    let length = 0
    for (const { step } of run.steps) {
      if (step.terminated || step.truncated) costs.push(step.failure ? 0.5 ** length : 0)
      length = step.terminated || step.truncated ? 0 : length + 1
    }
    expect(mean(costs)).toBeGreaterThan(0)
    expect(metric(run, 'expectedCost')[0]).toBeCloseTo(mean(costs), 9)
  })

  it('says of every update what it did', async () => {
    const run = await train(ends, { steps: 200 })
    for (const value of Object.values(run.updates[0] ?? {})) expect(value).toSatisfy(Number.isFinite)
    expect(Object.keys(run.updates[0] ?? {})).toContain('returnValueLoss')
  })
})

describe('rehearse()', () => {
  it('makes batches smaller with as much work for each step', async () => {
    const short = methods.cpo.rehearse(settings({ batchSteps: 1000, valueUpdates: 80 }))
    expect(short.cpo).toMatchObject({ batchSteps: 100, valueUpdates: 8, hiddenSizes: [16, 16] })
    const run = await startLearner(methods.cpo, ends, { settings: short, phase: 'pretrain', steps: 100 })
    await run.advanceTo(100)
    expect(run.updates).toHaveLength(1)
  })
})

describe('decideToEvaluate()', () => {
  it('takes the middle of the policy and changes nothing', async () => {
    const { learner } = await train(ends, { steps: 210 })
    const before = fingerprint(learner.getState())
    const decide = async () => [
      ...(await learner.decideToEvaluate(Float32Array.of(0.1, 0.5), createStreams(4).evaluation)).action,
    ]
    expect(await decide()).toEqual(await decide())
    expect(fingerprint(learner.getState())).toEqual(before)
  })
})

describe('on toys', () => {
  it.each([0, 1])('learns where to walk (seed %d)', async (seed) => {
    const run = await train(walkToHalf, { steps: 4000, seed })
    const rewards = run.steps.map(({ step }) => step.reward)
    expect(mean(rewards.slice(0, 200))).toBeLessThan(-0.35)
    expect(mean(rewards.slice(-400))).toBeGreaterThan(-0.2)
  })

  // What the toy rewards most is what makes it fail.
  const limit = 0.2
  /**
   * Each update trusts its own batch's estimate of J_C, of some 45 episodes, and a lucky one gives leave to go further: the cost hovers around its limit,
   * over four seeds at 0.21 to 0.24 with these batches and closer with larger ones.
   */
  const hover = 0.06
  const slip = (seed: number, epsilonSafe: number, steps: number, from?: Started) =>
    train(slippery, { steps, seed, cpo: { batchSteps: 400, epsilonSafe }, ...(from ? { from } : {}) })
  const costAtEnd = (run: Started) => mean(metric(run, 'expectedCost').slice(-15))

  it.each([0, 1])(
    'keeps the failure cost at its limit where the return would break it (seed %d)',
    async (seed) => {
      const [bound, free] = [await slip(seed, limit, 10_000), await slip(seed, 1, 10_000)]
      expect(costAtEnd(free)).toBeGreaterThan(0.9)
      expect(costAtEnd(bound)).toBeLessThan(limit + hover)
      // Bound by its limit, not by fear: hiding at the safe end gives -2 a step.
      expect(mean(bound.steps.slice(-800).map(({ step }) => step.reward))).toBeGreaterThan(-1.3)
      expect(Math.max(...metric(bound, 'costMultiplier').slice(-10))).toBeGreaterThan(0)
      for (const run of [bound, free]) {
        expect(Math.max(...metric(run, 'kl'))).toBeLessThanOrEqual(0.03)
        expect(mean(metric(run, 'acceptedShare'))).toBeGreaterThan(0.7)
      }
    },
  )

  it.each([0, 1])(
    'goes back below a limit that its start breaks by more than a step can mend (seed %d)',
    async (seed) => {
      const free = await slip(seed, 1, 2000)
      const recovered = await slip(seed, limit, 10_000, free)
      expect(at(metric(recovered, 'expectedCost'), 0)).toBeGreaterThan(0.9)
      expect(at(metric(recovered, 'recoveryShare'), 0)).toBe(1)
      expect(costAtEnd(recovered)).toBeLessThan(limit + hover)
    },
  )
})
