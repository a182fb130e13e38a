import * as tf from '@tensorflow/tfjs'
import type { Engine, Program } from '../engine/engine.ts'
import type { ParameterGroup } from '../engine/parameters.ts'
import type { Random } from '../random.ts'
import { perceptron } from './networks.ts'
import { qSafeOf } from './safety-critic.ts'
import { sampleSquashedGaussian } from './squashed-gaussian.ts'

/** Actions drawn from pi(.|s) at one state. The arrays are overwritten by the next draw. */
export interface Candidates {
  count: number
  /** count x actionSize. */
  actions: Float32Array
  /** log pi(a|s) of each. */
  logProbabilities: Float32Array
  /** Q_safe of each; NaN where there is no safety critic. */
  qSafe: Float32Array
}

/** One after the other, in arrays of their own. */
export function joinCandidates(first: Candidates, second: Candidates): Candidates {
  return {
    count: first.count + second.count,
    actions: join(first.actions, second.actions),
    logProbabilities: join(first.logProbabilities, second.logProbabilities),
    qSafe: join(first.qSafe, second.qSafe),
  }
}

function join(first: Float32Array, second: Float32Array): Float32Array {
  const joined = new Float32Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}

type SamplerProgram = Program<'observation' | 'noise', 'actions' | 'logProbabilities' | 'qSafe'>

/** Draws actions from the policy and looks their Q_safe up, in one pass. */
export class ActionSampler {
  readonly count: number
  readonly actionSize: number
  readonly #program: SamplerProgram

  private constructor(program: SamplerProgram, count: number, actionSize: number) {
    this.#program = program
    this.count = count
    this.actionSize = actionSize
  }

  static async create(options: {
    engine: Engine
    observationSize: number
    actionSize: number
    count: number
    policy: ParameterGroup
    safetyCritic: ParameterGroup | null
  }): Promise<ActionSampler> {
    const { engine, observationSize, actionSize, count, policy, safetyCritic } = options
    const groups: Record<string, ParameterGroup> = { policy }
    if (safetyCritic) groups.safetyCritic = safetyCritic
    const program = await engine.compile({
      name: `${count} actions`,
      groups,
      inputs: { observation: [1, observationSize], noise: [count, actionSize] },
      outputs: { actions: [count, actionSize], logProbabilities: [count], qSafe: [count] },
      differentiate: [],
      body: (parameters, inputs) => {
        const observation = inputs.observation as tf.Tensor2D
        const head = perceptron(parameters.policy ?? {}, 'policy', observation)
        const { action, logProbability } = sampleSquashedGaussian(head, inputs.noise as tf.Tensor2D)
        const network = parameters.safetyCritic
        const qSafe = network
          ? qSafeOf(network, tf.tile(observation, [count, 1]), action)
          : tf.mul(logProbability, Number.NaN)
        return { outputs: { actions: action, logProbabilities: logProbability, qSafe } }
      },
    })
    return new ActionSampler(program, count, actionSize)
  }

  /** @param first where the first action's noise comes from, if not from `random` like that of all; `mean`: it has none. The others are the same either way. */
  async draw(
    observation: Float32Array,
    random: Random,
    first: Random | 'mean' | null = null,
  ): Promise<Candidates> {
    const { noise } = this.#program.inputs
    this.#program.inputs.observation.set(observation)
    random.fillNormal(noise)
    if (first === 'mean') noise.fill(0, 0, this.actionSize)
    else first?.fillNormal(noise.subarray(0, this.actionSize))
    await this.#program.run()
    return { count: this.count, ...this.#program.outputs }
  }

  dispose(): Promise<void> {
    return this.#program.dispose()
  }
}
