import type { FreshEpisode } from '../contract/episode-references.ts'
import type { RolloutRequest, SimulationProgress } from '../contract/replays.ts'
import { streamRounds } from '../random.ts'
import type { CheckpointAgents } from './checkpoint-agents.ts'
import type { LabContext } from './context.ts'
import { watching } from './feed.ts'
import { type SimulationPlan, simulateSeeds, simulator } from './simulated-episodes.ts'
import type { Simulation } from './simulation.ts'

/** Episodes that stay in memory, so that looking at one from all sides does not play it anew each time. */
const mostKept = 12

type Conditions = Omit<FreshEpisode, 'seed'>

interface FreshParts {
  context: Pick<LabContext, 'closing'>
  agents: CheckpointAgents
}

export type FreshCases = ReturnType<typeof freshCases>

/** Episodes that a checkpoint plays when they are asked for. Nothing of them is stored. */
export function freshCases({ context: { closing }, agents }: FreshParts) {
  /** Least recently used first. */
  const kept = new Map<string, Promise<Simulation>>()

  const planOf = (conditions: Conditions): SimulationPlan => ({
    situation: agents.situation(conditions.checkpointId, conditions.taskOfRunId),
    conditions,
    round: streamRounds.fresh,
    before: null,
    begin(environment, random, streams) {
      random.setState(streams.environment.getState())
      environment.reset(conditions.start)
    },
  })

  const play = async (fresh: FreshEpisode): Promise<Simulation> => {
    const plan = planOf(fresh)
    using lease = await agents.acquire(plan.situation)
    const { simulate } = await simulator(plan, lease.agent)
    return simulate(fresh.seed, closing)
  }

  return {
    /** The whole episode. @throws LabError where the checkpoint is not there, does not fit the task, or has no mask that is asked for. */
    async play(fresh: FreshEpisode): Promise<Simulation> {
      const { checkpoint } = agents.situation(fresh.checkpointId, fresh.taskOfRunId)
      // A run that is stopped just after a checkpoint writes it anew, under the same id.
      const { checkpointId, masked, epsilonSafe, actions, taskOfRunId, start, seed } = fresh
      const key = JSON.stringify([
        checkpointId,
        checkpoint.createdAt,
        masked,
        epsilonSafe,
        actions,
        taskOfRunId,
        start,
        seed,
      ])
      const playing = kept.get(key) ?? play(fresh)
      kept.delete(key)
      kept.set(key, playing)
      for (const old of [...kept.keys()].slice(0, -mostKept)) kept.delete(old)
      try {
        return await playing
      } catch (error) {
        kept.delete(key)
        throw error
      }
    },

    /** One episode for each seed, as each ends; they stop when the caller leaves. */
    rollOut(
      { seeds, frames, ...conditions }: RolloutRequest,
      signal?: AbortSignal,
    ): AsyncGenerator<SimulationProgress, void, undefined> {
      const plan = planOf(conditions)
      return watching([signal, closing], async function* (ended) {
        using lease = await agents.acquire(plan.situation)
        try {
          yield* simulateSeeds(plan, seeds, lease.agent, ended, frames)
        } catch (error) {
          if (!ended.aborted) throw error
        }
      })
    },
  }
}
