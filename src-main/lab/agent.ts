import { z } from 'zod'
import { ActionSampler, type Candidates } from '../algorithms/action-sampler.ts'
import { withContext } from '../algorithms/episode-context.ts'
import type { Decision } from '../algorithms/learner.ts'
import { compileLikelyActions } from '../algorithms/likely-actions.ts'
import { type CandidateChoice, selectSafeAction } from '../algorithms/mask.ts'
import { type CandidateSource, MaskedPolicy } from '../algorithms/masked-policy.ts'
import { perceptronShapes } from '../algorithms/networks.ts'
import { PRETRAINED_POLICY } from '../algorithms/pretrained-policy.ts'
import { compileQSafe } from '../algorithms/safety-critic.ts'
import { restoreGroup } from '../algorithms/state.ts'
import { evaluationContext } from '../algorithms/wcpg.ts'
import type { ActionChoice } from '../contract/episode-references.ts'
import { compiledEngine } from '../engine/compiled/compiled-engine.ts'
import { createParameterGroup, type ParameterGroup } from '../engine/parameters.ts'
import type { Environment } from '../environments/environment.ts'
import type { Random } from '../random.ts'
import type { ArrayBundle } from '../training/messages.ts'
import { LabError } from './errors.ts'
import { networkSettingsOf } from './network-settings.ts'

const settingsSchema = z.object({
  sqrl: z
    .object({
      epsilonSafe: z.number(),
      candidates: z.int(),
      candidateChoice: z.enum(['uniform', 'first', 'logProbability', 'safest']),
      fallback: z.enum(['safest', 'pretrained', 'alongside']).default('safest'),
    })
    .optional(),
})

/** States judged in one pass: few milliseconds of work with the paper's networks, so that the lab answers others in between. */
const BATCH = 512

export interface AgentOptions {
  /** Settings of the run that the networks come from. */
  settings: Readonly<Record<string, unknown>>
  networks: ArrayBundle
  sizes: Pick<Environment, 'observationSize' | 'actionSize'>
}

/** The mask as a run's settings have it. */
export interface MaskSettings {
  epsilonSafe: number
  candidates: number
  candidateChoice: CandidateChoice
  /** Whether candidates of the policy as it was pre-trained stand beside those of the policy at every step. */
  fallback: 'safest' | 'pretrained' | 'alongside'
}

export type Decide = (observation: Float32Array, random: Random) => Promise<Decision>

interface Disposable {
  dispose(): Promise<void>
}

/** The networks of a checkpoint, ready to act and to judge. Programs are compiled when first asked for; one call at a time uses their memory. */
export class Agent {
  readonly observationSize: number
  readonly actionSize: number
  /** Null: the run has no safety critic and so no mask. */
  readonly mask: MaskSettings | null
  /** What its policy is told behind each observation. */
  readonly #context: readonly number[]
  readonly #policy: ParameterGroup
  /** What acts where the mask finds no safe action of the policy; null where nothing does. */
  readonly #fallback: ParameterGroup | null
  readonly #safetyCritic: ParameterGroup | null
  readonly #programs = new Map<string, Promise<Disposable>>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ settings, networks, sizes: { observationSize, actionSize } }: AgentOptions) {
    const { sqrl } = settingsSchema.parse(settings)
    const { hiddenSizes } = networkSettingsOf(settings)
    const group = (name: string, prefix: string, inputs: number, outputs: number) => {
      const shapes = perceptronShapes(prefix, inputs, hiddenSizes, outputs)
      const created = createParameterGroup(name, shapes, { trainable: false })
      restoreGroup(created, networks)
      return created
    }
    const hasCritic = 'safetyCritic' in networks.arrays
    this.observationSize = observationSize
    this.actionSize = actionSize
    this.mask = hasCritic && sqrl ? sqrl : null
    this.#context = evaluationContext(settings)
    this.#policy = group('policy', 'policy', observationSize + this.#context.length, 2 * actionSize)
    this.#fallback =
      PRETRAINED_POLICY in networks.arrays
        ? group(PRETRAINED_POLICY, 'policy', observationSize, 2 * actionSize)
        : null
    this.#safetyCritic = hasCritic ? group('safetyCritic', 'safety', observationSize + actionSize, 1) : null
  }

  /** Actions drawn from the policy, the first as `first` says, and the Q_safe of each; the arrays are the caller's own. */
  draw(
    observation: Float32Array,
    random: Random,
    count: number,
    first: Random | 'mean' | null = null,
  ): Promise<Candidates> {
    return this.#draw(this.#policy, observation, random, count, first)
  }

  /** The policy under its mask. @throws LabError where it has none. */
  masked(): { policy: MaskedPolicy; mask: MaskSettings } {
    const { mask } = this
    if (!mask)
      throw new LabError(
        'INVALID',
        'This run has no safety critic and so no mask. Choose a run of sqrl, or leave the mask off.',
      )
    const source = (policy: ParameterGroup): CandidateSource => ({
      actionSize: this.actionSize,
      draw: (observation, random, first) => this.#draw(policy, observation, random, mask.candidates, first),
    })
    const fallback = this.#fallback && {
      source: source(this.#fallback),
      isAlongside: mask.fallback === 'alongside',
    }
    return { policy: new MaskedPolicy(source(this.#policy), fallback), mask }
  }

  async #draw(
    policy: ParameterGroup,
    observation: Float32Array,
    random: Random,
    count: number,
    first: Random | 'mean' | null,
  ): Promise<Candidates> {
    const sampler = await this.#program(`${policy.name} ${count}`, () =>
      ActionSampler.create({
        engine: compiledEngine,
        observationSize: this.observationSize + this.#context.length,
        actionSize: this.actionSize,
        count,
        policy,
        safetyCritic: this.#safetyCritic,
      }),
    )
    return this.#alone(async () => {
      const drawn = await sampler.draw(withContext(observation, this.#context), random, first)
      return {
        count,
        actions: drawn.actions.slice(),
        logProbabilities: drawn.logProbabilities.slice(),
        qSafe: drawn.qSafe.slice(),
      }
    })
  }

  /** Q_safe of one action; NaN without a safety critic. */
  async judge(observation: Float32Array, action: Float32Array): Promise<number> {
    const network = this.#safetyCritic
    if (!network) return Number.NaN
    const program = await this.#program('judge', () =>
      compileQSafe(compiledEngine, network, this.observationSize, this.actionSize),
    )
    return this.#alone(async () => {
      program.inputs.observation.set(observation)
      program.inputs.action.set(action)
      await program.run()
      return program.outputs.qSafe[0] ?? Number.NaN
    })
  }

  /**
   * The policy's action without noise and its Q_safe at many states.
   * @param observations count x observationSize.
   * @throws LabError without a safety critic.
   */
  async judgeLikelyActions(
    observations: Float32Array,
  ): Promise<{ actions: Float32Array; qSafe: Float32Array }> {
    const critic = this.#safetyCritic
    if (!critic)
      throw new LabError(
        'INVALID',
        'This run has no safety critic, so there is no Q_safe. Choose a run of sqrl.',
      )
    const { observationSize, actionSize } = this
    const program = await this.#program('likely actions', () =>
      compileLikelyActions(compiledEngine, this.#policy, critic, {
        batch: BATCH,
        observationSize,
        actionSize,
      }),
    )
    const count = observations.length / observationSize
    const actions = new Float32Array(count * actionSize)
    const qSafe = new Float32Array(count)
    for (let from = 0; from < count; from += BATCH) {
      const to = Math.min(count, from + BATCH)
      await this.#alone(async () => {
        program.inputs.observation.set(observations.subarray(from * observationSize, to * observationSize))
        await program.run()
        actions.set(program.outputs.action.subarray(0, (to - from) * actionSize), from * actionSize)
        qSafe.set(program.outputs.qSafe.subarray(0, to - from), from)
      })
    }
    return { actions, qSafe }
  }

  /** Frees the compiled programs, once nothing uses them. */
  async dispose(): Promise<void> {
    const programs = [...this.#programs.values()]
    this.#programs.clear()
    await this.#alone(async () => {
      for (const program of await Promise.allSettled(programs))
        if (program.status === 'fulfilled') await program.value.dispose()
    })
  }

  #program<P extends Disposable>(name: string, compile: () => Promise<P>): Promise<P> {
    const known = this.#programs.get(name) as Promise<P> | undefined
    if (known) return known
    const compiling = compile()
    this.#programs.set(name, compiling)
    return compiling
  }

  /** A program's inputs and outputs are one memory for all who run it. */
  #alone<T>(use: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(use)
    this.#turn = result.catch(() => {})
    return result
  }
}

/** Draws as many candidates as the mask and takes a safe one. @throws LabError where the agent has no mask. */
export function decideMasked(agent: Agent, epsilonSafe?: number, actions: ActionChoice = 'sampled'): Decide {
  const { policy, mask } = agent.masked()
  const threshold = epsilonSafe ?? mask.epsilonSafe
  if (actions === 'deterministic')
    return (observation, random) => policy.decideToEvaluate(observation, threshold, random)
  const how = { epsilonSafe: threshold, choice: mask.candidateChoice, exploration: null }
  return (observation, random) => policy.decide(observation, { ...how, random })
}

/** The policy's mean. */
export function decideLikely(agent: Agent): Decide {
  return async (observation, random) => decision(await agent.draw(observation, random, 1, 'mean'), 0, agent)
}

/** One action from the policy. */
export function decideUnmasked(agent: Agent): Decide {
  return async (observation, random) => decision(await agent.draw(observation, random, 1), 0, agent)
}

/**
 * One action from the policy, by the very numbers that a masked decision draws: where the mask would drop nothing (and chooses uniformly), both take the
 * same action, and two episodes differ by the mask alone.
 */
export function decideUnmaskedAlike(agent: Agent): Decide {
  const { mask } = agent
  if (!mask) return decideUnmasked(agent)
  return async (observation, random) => {
    const drawn = await agent.draw(observation, random, mask.candidates)
    return decision(drawn, selectSafeAction(drawn, Number.POSITIVE_INFINITY, 'uniform', random), agent)
  }
}

function decision({ actions, qSafe }: Candidates, index: number, { actionSize }: Agent): Decision {
  return {
    action: actions.slice(index * actionSize, (index + 1) * actionSize),
    qSafe: qSafe[index] ?? Number.NaN,
    candidates: null,
    candidateQSafe: null,
    chosen: -1,
  }
}
