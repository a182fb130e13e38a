import type { Random } from '../random.ts'

/** Numbers that the networks get behind the observation: drawn for each episode, and fixed where a policy is evaluated. */
export interface EpisodeContext {
  size: number
  draw(random: Random): number[]
  forEvaluation: readonly number[]
}

/** The observation, and the context behind it. */
export function withContext(observation: Float32Array, context: readonly number[]): Float32Array {
  if (context.length === 0) return observation
  const extended = new Float32Array(observation.length + context.length)
  extended.set(observation)
  extended.set(context, observation.length)
  return extended
}
