import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../../src-main/algorithms/learner.ts'
import { methods } from '../../src-main/algorithms/registry.ts'
import { at, expectClose } from './reference.ts'
import { fingerprint, type Started, startLearner } from './start-learner.ts'
import { ends } from './toys.ts'

const settings = (sqrl: Record<string, unknown> = {}) => ({
  sac: { hiddenSizes: [8], batchSize: 4, randomSteps: 10, learningStarts: 10, updatesPerStep: 1 },
  sqrl: {
    candidates: 6,
    offlineSteps: 25,
    rolloutEpisodes: 3,
    safetyUpdates: 40,
    safetyBatchSize: 8,
    safetyLearningRate: 0.02,
    epsilonSafe: 0.45, // near the middle of what an untrained critic says, so that masks are neither empty nor full
    ...sqrl,
  },
})

const pretrain = (sqrl?: Record<string, unknown>) =>
  startLearner(methods.sqrl, ends, { settings: settings(sqrl), phase: 'pretrain', steps: 75 })

async function finetune(
  sqrl?: Record<string, unknown>,
): Promise<Started & { before: Record<string, string> }> {
  const first = await pretrain()
  await first.advanceTo(50)
  const run = await startLearner(methods.sqrl, ends, {
    settings: settings(sqrl),
    phase: 'finetune',
    steps: 60,
  })
  run.learner.setNetworks(first.learner.getNetworks())
  const before = fingerprint(run.learner.getNetworks())
  await run.advanceTo(60)
  return { ...run, before }
}

const safetyUpdates = ({ updates }: Started) => updates.filter((values) => 'safetyLoss' in values).length
const policyUpdates = ({ updates }: Started) => updates.filter((values) => 'policyLoss' in values)
const ofKind = ({ steps }: Started, kind: StepRecord['kind']) =>
  steps.filter((record) => record.kind === kind)

/** What the record of a masked step says of Eq. 3: the action is the chosen candidate, and the mask allows it. */
function expectMasked({ decision }: StepRecord, epsilonSafe: number): void {
  const { candidates, candidateQSafe, chosen, action, qSafe } = decision
  if (!candidates || !candidateQSafe) throw new Error('A masked step was not chosen among candidates.')
  expect(candidateQSafe).toHaveLength(6)
  expect([...action]).toEqual([...candidates.subarray(2 * chosen, 2 * chosen + 2)])
  expect(qSafe).toBe(at(candidateQSafe, chosen))
  const lowest = Math.min(...candidateQSafe)
  if (lowest <= epsilonSafe) expect(qSafe).toBeLessThanOrEqual(epsilonSafe)
  else expect(qSafe).toBe(lowest)
}

describe('pre-training (Algorithm 1)', () => {
  it('acts without the mask, and after every n_off steps rolls out k masked episodes and then trains Q_safe', async () => {
    const run = await pretrain()
    await run.advanceTo(24)
    expect(ofKind(run, 'rollout')).toEqual([])
    expect(safetyUpdates(run)).toBe(0)
    await run.advanceTo(75)
    const training = ofKind(run, 'training')
    expect(training).toHaveLength(75)
    for (const { decision } of training) expect(decision.candidates).toBeNull()
    const rollouts = ofKind(run, 'rollout')
    expect(rollouts.filter(({ step }) => step.terminated || step.truncated)).toHaveLength(3 * 3)
    expect(rollouts.at(-1)?.step).toSatisfy(
      ({ terminated, truncated }: StepRecord['step']) => terminated || truncated,
    )
    expect(safetyUpdates(run)).toBe(3 * 40)
    expect(policyUpdates(run)).toHaveLength(75 - 10 + 1)
    // Uniformly random actions first; nothing judges them.
    expect(training.map(({ decision }) => Number.isNaN(decision.qSafe)).indexOf(false)).toBe(10)
  })

  it('rolls out the riskiest of the safe actions', async () => {
    const run = await pretrain()
    await run.advanceTo(75)
    const rollouts = ofKind(run, 'rollout')
    let choices = 0
    for (const record of rollouts) {
      expectMasked(record, 0.45)
      const safe = record.decision.candidateQSafe?.filter((risk) => risk <= 0.45) ?? []
      if (safe.length > 1) choices++
      if (safe.length > 0) expect(record.decision.qSafe).toBe(Math.max(...safe))
    }
    expect(choices).toBeGreaterThan(5)
  })

  it('explores through the mask if told to, after the random steps', async () => {
    const run = await pretrain({ exploration: 'masked' })
    await run.advanceTo(40)
    for (const [step, record] of ofKind(run, 'training').entries())
      if (step < 10) expect(record.decision.candidates).toBeNull()
      else expectMasked(record, 0.45)
  })

  it('carries no safety term, whatever nu starts at', async () => {
    const [without, withTerm] = [await pretrain(), await pretrain({ initialMultiplier: 100 })]
    for (const run of [without, withTerm]) await run.advanceTo(30)
    const [plain, strict] = [without, withTerm].map(({ learner }) => fingerprint(learner.getNetworks()))
    expect(strict?.policy).toBe(plain?.policy)
    expect(withTerm.updates.at(-1)?.safetyMultiplier).toBe(100)
  })
})

describe('fine-tuning (Algorithm 2)', () => {
  it('starts from the pre-trained networks and takes every step through the mask', async () => {
    const run = await finetune()
    expect(ofKind(run, 'training')).toHaveLength(60)
    expect(ofKind(run, 'rollout')).toEqual([])
    for (const record of run.steps) expectMasked(record, 0.45)
    const refused = run.steps.filter(({ decision }) => decision.candidateQSafe?.some((risk) => risk > 0.45))
    expect(refused.length).toBeGreaterThan(0)
  })

  it('lets the policy as it was pre-trained act where nothing is safe, if that is the fallback', async () => {
    // Nothing is safe at 0, so that the fallback always acts; without updates it is the policy itself.
    const actions = async (sqrl: Record<string, unknown>, rate: number) => {
      const first = await pretrain()
      await first.advanceTo(50)
      const { sac, ...rest } = settings({ epsilonSafe: 0, safetyTerm: false, ...sqrl })
      const run = await startLearner(methods.sqrl, ends, {
        settings: { sac: { ...sac, learningRate: rate }, ...rest },
        phase: 'finetune',
        steps: 60,
      })
      run.learner.setNetworks(first.learner.getNetworks())
      await run.advanceTo(60)
      return run.steps.map(({ decision }) => [...decision.action])
    }
    const [unchanged, changed] = [
      await actions({ fallback: 'pretrained' }, 1e-12),
      await actions({ fallback: 'pretrained' }, 0.03),
    ]
    expect(changed).toEqual(unchanged)
    expect(await actions({ fallback: 'safest' }, 0.03)).not.toEqual(
      await actions({ fallback: 'safest' }, 1e-12),
    )
  })

  it('draws as many candidates of the pre-trained policy at every step, if that stands alongside', async () => {
    const { steps } = await finetune({ fallback: 'alongside', candidateChoice: 'safest' })
    const halves = steps.map(({ decision: { candidateQSafe, qSafe, chosen } }) => {
      expect(candidateQSafe).toHaveLength(12)
      expect(qSafe).toBe(Math.min(...(candidateQSafe ?? [])))
      return chosen < 6 ? 'own' : 'pretrained'
    })
    expect(new Set(halves)).toEqual(new Set(['own', 'pretrained']))
  })

  it('keeps Q_safe frozen unless it is to learn online', async () => {
    const frozen = await finetune()
    expect(safetyUpdates(frozen)).toBe(0)
    const { safetyCritic, targetSafetyCritic, policy } = fingerprint(frozen.learner.getNetworks())
    expect({ safetyCritic, targetSafetyCritic }).toEqual({
      safetyCritic: frozen.before.safetyCritic,
      targetSafetyCritic: frozen.before.targetSafetyCritic,
    })
    expect(policy).not.toBe(frozen.before.policy)

    const online = await finetune({ safetyTraining: 'online' })
    // As many updates a step as pre-training has on average: 40 in 25 steps.
    expect(safetyUpdates(online)).toBe(96)
    expect(fingerprint(online.learner.getNetworks()).safetyCritic).not.toBe(online.before.safetyCritic)
  })

  it('moves nu by the risk of each batch, with the step that the rate says', async () => {
    const run = await finetune({ initialMultiplier: 2, multiplierLearningRate: 0.5 })
    const updates = policyUpdates(run)
    let nu = 2
    const expected = updates.map(({ policyRisk = Number.NaN }) => {
      nu = Math.max(0, nu + 0.5 * (policyRisk - 0.45))
      return nu
    })
    expectClose(
      updates.map(({ safetyMultiplier = Number.NaN }) => safetyMultiplier),
      expected,
      1e-9,
    )
    expect(new Set(expected).size).toBeGreaterThan(20)
  })

  it('leaves nu alone without the safety term, and the policy untouched by it', async () => {
    const [plain, strict] = [
      await finetune({ safetyTerm: false }),
      await finetune({ safetyTerm: false, initialMultiplier: 50 }),
    ]
    expect(strict.updates.at(-1)?.safetyMultiplier).toBe(50)
    const [first, second] = [plain, strict].map(({ learner }) => fingerprint(learner.getNetworks()))
    expect(second).toEqual(first)
    const withTerm = await finetune({ initialMultiplier: 50 })
    expect(fingerprint(withTerm.learner.getNetworks()).policy).not.toBe(first?.policy)
  })
})

describe.each(['sqrl', 'sac'] as const)('%s with kept transitions', (name) => {
  it('begins fine-tuning with the latest of the pre-training, and learns from them at once', async () => {
    const { sac, sqrl } = settings()
    const start = (phase: 'pretrain' | 'finetune', changes: Record<string, unknown> = {}) =>
      startLearner(methods[name], ends, {
        settings: { sac: { ...sac, ...changes }, ...(name === 'sqrl' ? { sqrl } : {}) },
        phase,
        steps: 40,
      })
    const first = await start('pretrain')
    await first.advanceTo(40)
    const pretrained = first.learner.getState()
    const run = await start('finetune', { keptTransitions: 15, learningStarts: 1 })
    run.learner.setNetworks(first.learner.getNetworks())
    run.learner.keepTransitions?.(pretrained)
    const rewards = (state: typeof pretrained) => Array.from(state.arrays['offline.rewards'] ?? [])
    expect(rewards(run.learner.getState())).toEqual(rewards(pretrained).slice(-15))
    await run.advanceTo(40)
    expect(policyUpdates(run)).toHaveLength(40)
    expect(rewards(run.learner.getState()).slice(15)).toEqual(
      ofKind(run, 'training').map(({ step }) => Math.fround(step.reward)),
    )
    // By default nothing is kept, whatever is offered.
    const letter = await start('finetune')
    letter.learner.keepTransitions?.(pretrained)
    expect(rewards(letter.learner.getState())).toEqual([])
  })
})
