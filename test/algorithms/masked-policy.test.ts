import { describe, expect, it } from 'vitest'
import { ActionSampler } from '../../src-main/algorithms/action-sampler.ts'
import { MaskedPolicy } from '../../src-main/algorithms/masked-policy.ts'
import { initializePerceptron, perceptronShapes } from '../../src-main/algorithms/networks.ts'
import { pretrainedCopy } from '../../src-main/algorithms/pretrained-policy.ts'
import { groupState } from '../../src-main/algorithms/state.ts'
import { compiledEngine } from '../../src-main/engine/compiled/compiled-engine.ts'
import { createParameterGroup } from '../../src-main/engine/parameters.ts'
import { Agent, decideMasked } from '../../src-main/lab/agent.ts'
import { createStreams } from '../../src-main/random.ts'
import { at, copyOf, expectClose, forward, sampleAction, sigmoid } from './reference.ts'

const COUNT = 4
const observation = Float32Array.of(0.3, -0.8, 0.5)
const draws = () => createStreams(25).candidates

async function networks() {
  const group = (name: string, prefix: string, inputs: number, outputs: number, seed: number) => {
    const shapes = perceptronShapes(prefix, inputs, [8], outputs)
    const made = createParameterGroup(name, shapes, { trainable: false })
    initializePerceptron(made, createStreams(seed).weights)
    return made
  }
  const policy = group('policy', 'policy', 3, 4, 1)
  const pretrained = pretrainedCopy(policy)
  pretrained.values.set(group('other', 'policy', 3, 4, 2).values)
  const safetyCritic = group('safetyCritic', 'safety', 5, 1, 3)
  const sampler = (of: typeof policy) =>
    ActionSampler.create({
      engine: compiledEngine,
      observationSize: 3,
      actionSize: 2,
      count: COUNT,
      policy: of,
      safetyCritic,
    })
  return { policy, pretrained, safetyCritic, sampler }
}

describe('MaskedPolicy with the pre-trained policy alongside', () => {
  it('chooses among candidates of both, the policy’s own first', async () => {
    const { policy, pretrained, safetyCritic, sampler } = await networks()
    const fallback = { source: await sampler(pretrained), isAlongside: true }
    const masked = new MaskedPolicy(await sampler(policy), fallback)
    const exploration = createStreams(22).exploration
    // Everything is safe: only where they stand beside each other from the start can one of the other policy be the safest.
    const how = { epsilonSafe: 1, choice: 'safest', random: draws(), exploration } as const
    const { action, qSafe, candidates, candidateQSafe, chosen } = await masked.decide(observation, how)

    const random = draws()
    const expected = [policy, pretrained].flatMap((from) => {
      const noise = new Float32Array(2 * COUNT)
      random.fillNormal(noise)
      const head = forward(copyOf(from), 'policy', observation)
      return Array.from(
        { length: COUNT },
        (_, index) => sampleAction(head, noise.subarray(2 * index, 2 * index + 2)).action,
      )
    })
    const risks = expected.map((candidate) =>
      sigmoid(at(forward(copyOf(safetyCritic), 'safety', [...observation, ...candidate]), 0)),
    )
    expectClose(candidates ?? [], expected.flat(), 1e-5)
    expectClose(candidateQSafe ?? [], risks, 1e-5)
    expect(chosen).toBe(risks.indexOf(Math.min(...risks)))
    expect(chosen).toBeGreaterThanOrEqual(COUNT)
    expect([...action]).toEqual([...(candidates ?? []).slice(2 * chosen, 2 * chosen + 2)])
    expect(qSafe).toBe(at(candidateQSafe ?? [], chosen))
  })

  it('decides in a replay as in the training', async () => {
    const { policy, pretrained, safetyCritic, sampler } = await networks()
    const fallback = { source: await sampler(pretrained), isAlongside: true }
    const masked = new MaskedPolicy(await sampler(policy), fallback)
    const bundles = [policy, pretrained, safetyCritic].map((group) => groupState(group).arrays)
    const agent = new Agent({
      settings: {
        sac: { hiddenSizes: [8], discount: 0.99 },
        sqrl: { epsilonSafe: 0.5, candidates: COUNT, candidateChoice: 'uniform', fallback: 'alongside' },
      },
      networks: { values: {}, arrays: Object.assign({}, ...bundles) },
      sizes: { observationSize: 3, actionSize: 2 },
    })
    const [training, replay, exploration] = [draws(), draws(), createStreams(22).exploration]
    const decide = decideMasked(agent)
    for (let step = 0; step < 20; step++) {
      const seen = observation.map((value) => value + step / 10)
      const how = { epsilonSafe: 0.5, choice: 'uniform', random: training, exploration } as const
      const { action, candidateQSafe, chosen } = await masked.decide(seen, how)
      expect(await decide(seen, replay)).toMatchObject({ action, candidateQSafe, chosen })
    }
    await agent.dispose()
  })
})
