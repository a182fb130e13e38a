import type * as tf from '@tensorflow/tfjs'
import type { Engine, Program } from '../engine/engine.ts'
import type { ParameterGroup } from '../engine/parameters.ts'
import { perceptron } from './networks.ts'
import { qSafeOf } from './safety-critic.ts'
import { meanAction } from './squashed-gaussian.ts'

/** A program that gives the policy's action without noise and its Q_safe at `batch` states at once. */
export function compileLikelyActions(
  engine: Engine,
  policy: ParameterGroup,
  safetyCritic: ParameterGroup,
  sizes: { batch: number; observationSize: number; actionSize: number },
): Promise<Program<'observation', 'action' | 'qSafe'>> {
  const { batch, observationSize, actionSize } = sizes
  return engine.compile({
    name: `${batch} likely actions`,
    groups: { policy, safetyCritic },
    inputs: { observation: [batch, observationSize] },
    outputs: { action: [batch, actionSize], qSafe: [batch] },
    differentiate: [],
    body: (parameters, inputs) => {
      const observation = inputs.observation as tf.Tensor2D
      const action = meanAction(perceptron(parameters.policy, 'policy', observation)) as tf.Tensor2D
      return { outputs: { action, qSafe: qSafeOf(parameters.safetyCritic, observation, action) } }
    },
  })
}
