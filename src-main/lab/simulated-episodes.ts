import type { FreshEpisode } from '../contract/episode-references.ts'
import type { Simulated, SimulationProgress } from '../contract/replays.ts'
import type { VisibleEnvironment } from '../environments/environment.ts'
import { createEnvironment } from '../environments/registry.ts'
import { createStreams, type Random, type Streams } from '../random.ts'
import { type Agent, type Decide, decideLikely, decideMasked, decideUnmaskedAlike } from './agent.ts'
import type { Situation } from './checkpoint-agents.ts'
import { packReplay } from './replay-arrays.ts'
import { motionsOf, type Simulation, simulate } from './simulation.ts'

type Conditions = Pick<FreshEpisode, 'masked' | 'epsilonSafe' | 'actions'>

/** Episodes to be simulated, one for each seed. */
export interface SimulationPlan {
  situation: Situation
  conditions: Conditions
  /** Keeps the streams of one use apart from those of others. */
  round: number
  /** Puts the environment where the simulation begins. */
  begin: (environment: VisibleEnvironment, random: Random, streams: Streams) => void
  /** State before the first, for velocities. */
  before: Float64Array | null
}

/** How an agent acts under these conditions. @throws LabError where the mask is asked for and the agent has none. */
export function decideUnder({ masked, epsilonSafe, actions }: Conditions, agent: Agent): Decide {
  if (masked) return decideMasked(agent, epsilonSafe, actions)
  return actions === 'deterministic' ? decideLikely(agent) : decideUnmaskedAlike(agent)
}

/** Simulates one seed after the other; each gives the same episode whatever came before it. */
export async function simulator({ situation, conditions, round, begin }: SimulationPlan, agent: Agent) {
  const decide = decideUnder(conditions, agent)
  const random = createStreams(0, round).environment
  const environment = await createEnvironment(situation.task, random)
  return {
    environment,
    simulate(seed: number, signal?: AbortSignal): Promise<Simulation> {
      const streams = createStreams(seed, round)
      begin(environment, random, streams)
      return simulate(environment, (observation) => decide(observation, streams.candidates), signal)
    },
  }
}

/** @param withFrames false: outcomes alone, and no arrays. */
export async function* simulateSeeds(
  plan: SimulationPlan,
  seeds: readonly number[],
  agent: Agent,
  ended: AbortSignal,
  withFrames = true,
): AsyncGenerator<SimulationProgress, void, undefined> {
  const { environment, simulate } = await simulator(plan, agent)
  for (const [index, seed] of seeds.entries()) {
    const { frames, outcome, cause, return: total } = await simulate(seed, ended)
    const simulated: Simulated = {
      seed,
      outcome,
      cause,
      return: total,
      length: frames.rewards.length,
      arrays: withFrames
        ? packReplay({ ...frames, ...motionsOf(environment, frames.states, plan.before) })
        : new Uint8Array(0),
    }
    yield { done: index + 1, total: seeds.length, simulated }
  }
}
