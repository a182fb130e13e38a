import { describe, expect, it } from 'vitest'
import type { Method } from '../../src-main/algorithms/learner.ts'
import { methods } from '../../src-main/algorithms/registry.ts'
import type { StateBundle } from '../../src-main/algorithms/state.ts'
import { methodName } from '../../src-main/contract/transfer.ts'
import { fingerprint, type Started, startLearner } from './start-learner.ts'
import { ends, type ToyRules } from './toys.ts'

const steps = 90
const sac = {
  hiddenSizes: [6],
  batchSize: 4,
  randomSteps: 10,
  learningStarts: 12,
  replayCapacity: 50, // begins to overwrite on the way
}
const sqrl = {
  candidates: 5,
  offlineSteps: 20,
  rolloutEpisodes: 2,
  safetyUpdates: 6,
  safetyBatchSize: 4,
  safetyCapacity: 15,
  safetyOfflineShare: 0.5,
  rolloutRandomStartFraction: 0.5,
  initialMultiplier: 0.1,
  multiplierLearningRate: 1,
}
const cpo = {
  hiddenSizes: [6],
  batchSteps: 8, // cuts fall within batches, and once on the end of one
  valueUpdates: 3,
  valueBatchSize: 4,
}
const training = { randomStartFraction: 0.5 }

/** Settings of a method: of the groups that it knows. */
const settingsOf = (method: Method, changes: Record<string, unknown> = {}) => {
  const groups = { training, sac, cpo, sqrl: { ...sqrl, ...changes } }
  return Object.fromEntries(Object.entries(groups).filter(([name]) => name in method.settings.shape))
}

const start = (
  method: Method,
  phase: 'pretrain' | 'finetune',
  seed = 0,
  changes = {},
  rules: ToyRules = ends,
) => startLearner(method, rules, { settings: settingsOf(method, changes), phase, steps, seed })

const whole = ({ learner }: Started) => ({
  networks: fingerprint(learner.getNetworks()),
  state: fingerprint(learner.getState()),
})

async function pretrainedNetworks(method: Method): Promise<StateBundle> {
  const run = await start(method, 'pretrain', 5)
  await run.advanceTo(60)
  return run.learner.getNetworks()
}

describe.each(methodName.options)('%s', (name) => {
  const method = methods[name]

  it.each(['pretrain', 'finetune'] as const)(
    'saved, loaded and continued equals never stopping (%s)',
    async (phase) => {
      const changes =
        phase === 'finetune'
          ? {
              safetyTraining: 'online',
              multiplierUpdate: 'logarithm',
              multiplierLearningRate: 0.05,
              fallback: 'alongside',
            }
          : {}
      const networks = phase === 'finetune' ? await pretrainedNetworks(method) : null
      const begin = async () => {
        const run = await start(method, phase, 1, changes)
        if (networks) run.learner.setNetworks(networks)
        return run
      }
      const unbroken = await begin()
      await unbroken.advanceTo(steps)

      let broken = await begin()
      const seen = [...broken.steps]
      // Before learning starts, on a round of rollouts, and in the middle of episodes.
      for (const cut of [7, 40, 61, steps]) {
        await broken.advanceTo(cut)
        seen.push(...broken.steps)
        if (cut === steps) break
        const saved = structuredClone({
          networks: broken.learner.getNetworks(),
          state: broken.learner.getState(),
        })
        broken = await start(method, phase, 77, changes) // nothing of another seed may be left
        broken.learner.setNetworks(saved.networks)
        broken.learner.setState(saved.state)
        expect(broken.learner.step).toBe(cut)
        expect(whole(broken)).toEqual({
          networks: fingerprint(saved.networks),
          state: fingerprint(saved.state),
        })
      }
      expect(whole(broken)).toEqual(whole(unbroken))
      const trace = (records: Started['steps']) =>
        records.map(({ kind, stateBefore, decision, step }) => ({ kind, stateBefore, decision, step }))
      expect(trace(seen)).toEqual(trace(unbroken.steps))
      expect(unbroken.updates.length).toBeGreaterThan(name === 'cpo' ? steps / 10 : steps / 2)
      if (name === 'sqrl') expect(unbroken.updates.some((values) => 'safetyLoss' in values)).toBe(true)
    },
  )

  it('repeats itself under the same seed and does something else under another', async () => {
    const run = async (seed: number) => {
      const run = await start(method, 'pretrain', seed)
      const fresh = fingerprint(run.learner.getNetworks())
      await run.advanceTo(30)
      return { fresh, ...whole(run) }
    }
    const [first, again, other] = [await run(3), await run(3), await run(4)]
    expect(again).toEqual(first)
    expect(other.fresh.policy).not.toBe(first.fresh.policy)
    expect(other.networks.policy).not.toBe(first.networks.policy)
  })

  it('refuses the weights of networks of another size', async () => {
    const { learner } = await start(method, 'pretrain')
    const groups = Object.entries(settingsOf(method)).filter(([, group]) => 'hiddenSizes' in group)
    const smaller = Object.fromEntries(groups.map(([name, group]) => [name, { ...group, hiddenSizes: [5] }]))
    const small = await startLearner(method, ends, {
      settings: smaller,
      phase: 'pretrain',
      steps,
    })
    expect(() => learner.setNetworks(small.learner.getNetworks())).toThrow('policy')
  })
})

describe('common random numbers', () => {
  const sacPart = ({ learner }: Started) => {
    const { policy, critics, targetCritics, logAlpha } = fingerprint(learner.getNetworks())
    return { policy, critics, targetCritics, logAlpha }
  }
  const taken = ({ steps }: Started) =>
    steps
      .filter(({ kind }) => kind === 'training')
      .map(({ stateBefore, decision, step }) => ({ stateBefore, action: decision.action, step }))

  it('make SQRL pre-train the policy that SAC pre-trains, bit by bit: rollouts and Q_safe disturb nothing', async () => {
    const [sacRun, sqrlRun] = [
      await start(methods.sac, 'pretrain', 2),
      await start(methods.sqrl, 'pretrain', 2),
    ]
    await sacRun.advanceTo(steps)
    await sqrlRun.advanceTo(steps)
    expect(sqrlRun.steps.some(({ kind }) => kind === 'rollout')).toBe(true)
    expect(taken(sqrlRun)).toEqual(taken(sacRun))
    expect(sacPart(sqrlRun)).toEqual(sacPart(sacRun))
  })

  it('make SQRL without mask and safety term fine-tune as SAC does, bit by bit', async () => {
    const networks = await pretrainedNetworks(methods.sqrl)
    const sacRun = await start(methods.sac, 'finetune', 2)
    const sqrlRun = await start(methods.sqrl, 'finetune', 2, {
      mask: false,
      safetyTerm: false,
      safetyTraining: 'online',
    })
    for (const run of [sacRun, sqrlRun]) {
      run.learner.setNetworks(networks)
      await run.advanceTo(steps)
    }
    expect(sacRun.updates.length).toBe(steps - sac.learningStarts + 1)
    expect(taken(sqrlRun)).toEqual(taken(sacRun))
    expect(sacPart(sqrlRun)).toEqual(sacPart(sacRun))
  })

  it('make SQRL act and learn as SAC until the mask refuses, where the first safe candidate is taken', async () => {
    const networks = await pretrainedNetworks(methods.sqrl)
    const tune = async (epsilonSafe: number) => {
      const run = await start(methods.sqrl, 'finetune', 2, {
        candidateChoice: 'first',
        safetyTerm: false,
        epsilonSafe,
      })
      run.learner.setNetworks(networks)
      await run.advanceTo(steps)
      return run
    }
    const sacRun = await start(methods.sac, 'finetune', 2)
    sacRun.learner.setNetworks(networks)
    await sacRun.advanceTo(steps)
    const free = await tune(1)
    expect(taken(free)).toEqual(taken(sacRun))
    expect(sacPart(free)).toEqual(sacPart(sacRun))

    const masked = await tune(0.4)
    const refusal = masked.steps.findIndex(({ decision }) => decision.chosen > 0)
    expect(refusal).toBeGreaterThanOrEqual(0)
    expect(taken(masked).slice(0, refusal)).toEqual(taken(sacRun).slice(0, refusal))
    expect(taken(masked)).not.toEqual(taken(sacRun))
  })

  it('give the same environment noise with and without the mask', async () => {
    // The position is noise alone, and nothing ends an episode but time.
    const windy: ToyRules = {
      maximumSteps: 6,
      actionSize: 2,
      move: (_, action, random) => ({ position: random.normal(), reward: action[0] ?? 0, end: null }),
    }
    const networks = await pretrainedNetworks(methods.sqrl)
    const runs = [true, false].map((mask) =>
      start(methods.sqrl, 'finetune', 2, { mask, epsilonSafe: 0.4 }, windy),
    )
    const [masked, free] = await Promise.all(runs)
    for (const run of [masked, free]) {
      run?.learner.setNetworks(networks)
      await run?.advanceTo(40)
    }
    const winds = (run: Started | undefined) => run?.steps.map(({ stateBefore }) => [...stateBefore])
    expect(winds(masked)).toEqual(winds(free))
    const actions = (run: Started | undefined) => run?.steps.map(({ decision }) => [...decision.action])
    expect(actions(masked)).not.toEqual(actions(free))
  })
})
