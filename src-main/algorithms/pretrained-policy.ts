import { createParameterGroup, type ParameterGroup } from '../engine/parameters.ts'
import { groupState, restoreGroup, type StateBundle } from './state.ts'

/** Its name in the networks of a checkpoint. */
export const PRETRAINED_POLICY = 'pretrainedPolicy'

/** A group of the policy's shape for a policy as it was pre-trained. */
export const pretrainedCopy = ({ parameters }: ParameterGroup): ParameterGroup =>
  createParameterGroup(PRETRAINED_POLICY, parameters, { trainable: false })

/** @param pretrained null where the policy stands alone. */
export const pretrainedState = (pretrained: ParameterGroup | null): StateBundle =>
  pretrained === null ? { values: {}, arrays: {} } : groupState(pretrained)

/**
 * The networks of a pre-training have it as their policy; those of a fine-tuning that goes on keep it apart.
 * @param policy as it was just put back from the same networks.
 */
export function restorePretrained(
  pretrained: ParameterGroup | null,
  networks: StateBundle,
  policy: ParameterGroup,
): void {
  if (pretrained === null) return
  if (PRETRAINED_POLICY in networks.arrays) restoreGroup(pretrained, networks)
  else pretrained.values.set(policy.values)
}
