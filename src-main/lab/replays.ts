import type { EpisodeReference } from '../contract/episode-references.ts'
import type { Replay, RolloutScene, RolloutSceneQuery, Verification } from '../contract/replays.ts'
import type { VisibleEnvironment } from '../environments/environment.ts'
import { type CheckpointAgents, environmentOf } from './checkpoint-agents.ts'
import type { LabContext } from './context.ts'
import { packReplay } from './replay-arrays.ts'
import type { EpisodeOpener } from './replayed-episodes.ts'
import { measuresOf, motionsOf } from './simulation.ts'
import { verifyFrames } from './verification.ts'

export interface ReplayParts {
  context: Pick<LabContext, 'closing'>
  agents: CheckpointAgents
  opener: EpisodeOpener
}

/** Episodes as they are shown. */
export function replayCases({ agents, opener }: ReplayParts) {
  return {
    async get(reference: EpisodeReference): Promise<Replay> {
      const { frames, recorded: _r, task, title: _, ...shown } = await opener.open(reference)
      const environment = await environmentOf(task)
      return {
        ...shown,
        ...describe(environment),
        arrays: packReplay({
          ...frames,
          ...motionsOf(environment, frames.states),
          measures: measuresOf(environment, frames.states),
        }),
      }
    },

    async verify(reference: EpisodeReference): Promise<Verification> {
      const { episode, task, recorded } = await opener.open(reference)
      return verifyFrames(episode.id, task, recorded)
    },

    async rollOutScene({ checkpointId, taskOfRunId }: RolloutSceneQuery): Promise<RolloutScene> {
      return describe(await environmentOf(agents.situation(checkpointId, taskOfRunId).task))
    },
  }
}

function describe(environment: VisibleEnvironment): RolloutScene {
  const { scene, stateNames, actionNames, failureTests, stateSize, actionSize } = environment
  return {
    scene,
    stateNames: [...stateNames],
    actionNames: [...actionNames],
    failureTests: [...failureTests],
    stateSize,
    actionSize,
  }
}
