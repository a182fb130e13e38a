import * as tf from '@tensorflow/tfjs'
import type { Engine, Program } from '../../engine/engine.ts'
import { createParameterGroup, type ParameterGroup } from '../../engine/parameters.ts'
import { perceptron, perceptronTangent } from '../networks.ts'

/**
 * The policy network on one batch: its heads, how they change along a direction of the weights (J v), and the gradient of whatever has a given gradient
 * with respect to the heads (J'w). Everything else that a natural gradient needs is arithmetic on the heads, so that Fisher-vector products J'(F J v) are
 * exact and need neither a second derivative nor a difference.
 */
export class PolicyPrograms {
  readonly policy: ParameterGroup
  readonly #direction: ParameterGroup
  readonly #heads: Program<'observation', 'heads'>
  readonly #push: Program<'observation', 'change'>
  readonly #pull: Program<'observation' | 'cotangent', 'product'>

  private constructor(
    policy: ParameterGroup,
    direction: ParameterGroup,
    programs: {
      heads: Program<'observation', 'heads'>
      push: Program<'observation', 'change'>
      pull: Program<'observation' | 'cotangent', 'product'>
    },
  ) {
    this.policy = policy
    this.#direction = direction
    this.#heads = programs.heads
    this.#push = programs.push
    this.#pull = programs.pull
  }

  static async create(
    engine: Engine,
    policy: ParameterGroup,
    sizes: { rows: number; observationSize: number; actionSize: number },
  ): Promise<PolicyPrograms> {
    const { rows, observationSize, actionSize } = sizes
    const direction = createParameterGroup('direction', policy.parameters, { trainable: false })
    const observation = [rows, observationSize]
    const heads = [rows, 2 * actionSize]
    return new PolicyPrograms(policy, direction, {
      heads: await compileHeads(engine, policy, sizes),
      push: await engine.compile({
        name: 'change of the policy',
        groups: { policy, direction },
        inputs: { observation },
        outputs: { change: heads },
        differentiate: [],
        body: (parameters, inputs) => ({
          outputs: {
            change: perceptronTangent(
              parameters.policy,
              parameters.direction,
              'policy',
              inputs.observation as tf.Tensor2D,
            ),
          },
        }),
      }),
      pull: await engine.compile({
        name: 'gradient of the policy',
        groups: { policy },
        inputs: { observation, cotangent: heads },
        outputs: { product: [] },
        differentiate: ['policy'],
        body: (parameters, inputs) => {
          const output = perceptron(parameters.policy, 'policy', inputs.observation as tf.Tensor2D)
          const product = tf.sum(tf.mul(output, inputs.cotangent)) as tf.Scalar
          return { loss: product, outputs: { product } }
        },
      }),
    })
  }

  /** The states that the next calls are about. */
  setObservations(observations: Float32Array): void {
    for (const { inputs } of [this.#heads, this.#push, this.#pull]) inputs.observation.set(observations)
  }

  /** rows x 2 actionSize, with the policy's present weights. */
  async heads(): Promise<Float32Array> {
    await this.#heads.run()
    return this.#heads.outputs.heads.slice()
  }

  /** Change of the heads along a direction of the weights; overwritten by the next call. */
  async change(direction: Float64Array): Promise<Float32Array> {
    this.#direction.values.set(direction)
    await this.#push.run()
    return this.#push.outputs.change
  }

  /** Gradient with respect to the weights of what has this one with respect to the heads. */
  async gradient(cotangent: Float32Array): Promise<Float64Array> {
    this.#pull.inputs.cotangent.set(cotangent)
    await this.#pull.run()
    return Float64Array.from(this.policy.gradient ?? [])
  }
}

/** Heads of `rows` states at once. */
export function compileHeads(
  engine: Engine,
  policy: ParameterGroup,
  { rows, observationSize, actionSize }: { rows: number; observationSize: number; actionSize: number },
): Promise<Program<'observation', 'heads'>> {
  return engine.compile({
    name: `${rows} heads`,
    groups: { policy },
    inputs: { observation: [rows, observationSize] },
    outputs: { heads: [rows, 2 * actionSize] },
    differentiate: [],
    body: (parameters, inputs) => ({
      outputs: { heads: perceptron(parameters.policy, 'policy', inputs.observation as tf.Tensor2D) },
    }),
  })
}
