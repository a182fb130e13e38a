import type { StateArray } from '../algorithms/state.ts'

export interface NetworkSizes {
  observationSize: number
  actionSize: number
}

/**
 * How large the observations and actions are that networks were made for. Checkpoints keep them as plain numbers: policy and critics together tell.
 * Null where they do not.
 */
export function networkSizes(
  arrays: Readonly<Record<string, StateArray>>,
  hiddenSizes: readonly number[],
): NetworkSizes | null {
  const { policy, critics } = arrays
  const [first] = hiddenSizes
  const last = hiddenSizes.at(-1)
  if (policy === undefined || critics === undefined || first === undefined || last === undefined) return null
  // Biases of the hidden layers and the weights between them.
  const inner = hiddenSizes.reduce((sum, size, index) => sum + size * (1 + (hiddenSizes[index - 1] ?? 0)), 0)
  // observation x first + 2 action x (last + 1): a mean and a deviation of each action.
  const ofPolicy = policy.length - inner
  // (observation + action) x first, of each of the two critics.
  const ofCritic = critics.length / 2 - inner - last - 1
  const actionSize = (ofPolicy - ofCritic) / (2 * (last + 1) - first)
  const observationSize = ofCritic / first - actionSize
  const areSizes = [actionSize, observationSize].every((size) => Number.isInteger(size) && size > 0)
  return areSizes ? { observationSize, actionSize } : null
}
