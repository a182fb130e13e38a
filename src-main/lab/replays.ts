import { z } from 'zod'
import { type PackableArray, packArrays } from '../contract/packed-arrays.ts'
import type {
  Replay,
  ReplayArrays,
  RolloutScene,
  RolloutSceneQuery,
  Verification,
} from '../contract/replays.ts'
import type { Run } from '../contract/runs.ts'
import type { VisibleEnvironment } from '../environments/environment.ts'
import { type CheckpointAgents, environmentOf } from './checkpoint-agents.ts'
import type { LabContext } from './context.ts'
import type { episodeCases } from './episodes.ts'
import { motionsOf } from './simulation.ts'
import { verifyFrames } from './verification.ts'

const maskSettings = z.object({ sqrl: z.object({ epsilonSafe: z.number() }) })

export interface ReplayParts {
  context: Pick<LabContext, 'store' | 'closing'>
  agents: CheckpointAgents
  episodes: Pick<ReturnType<typeof episodeCases>, 'get' | 'frames'>
  getRun: (id: number) => Run
}

/** Recorded episodes as they are shown. */
export function replayCases({ context: { store }, agents, episodes, getRun }: ReplayParts) {
  /** The last checkpoint that is not later than the step, else the one that the run started from. */
  const checkpointBefore = (run: Run, step: number): number | null => {
    const own = store.checkpoints.listOfRun(run.id).findLast((checkpoint) => checkpoint.step <= step)
    return own?.id ?? store.runs.getPretrainCheckpointId(run.id)
  }

  return {
    async get(episodeId: number): Promise<Replay> {
      const episode = episodes.get(episodeId)
      const run = getRun(episode.runId)
      const frames = episodes.frames(episodeId)
      const environment = await environmentOf(run.specification.task)
      const settings = maskSettings.safeParse(run.specification.settings)
      const masked = frames.candidates.length > 0
      return {
        episode,
        run,
        epsilonSafe: masked && settings.success ? settings.data.sqrl.epsilonSafe : null,
        ...describe(environment),
        checkpointId: checkpointBefore(run, episode.step),
        arrays: packReplay({ ...frames, ...motionsOf(environment, frames.states) }),
      }
    },

    verify(episodeId: number): Promise<Verification> {
      const { runId } = episodes.get(episodeId)
      return verifyFrames(episodeId, getRun(runId).specification, episodes.frames(episodeId))
    },

    async rollOutScene({ checkpointId, taskOfRunId }: RolloutSceneQuery): Promise<RolloutScene> {
      return describe(await environmentOf(agents.situation(checkpointId, taskOfRunId).task))
    },
  }
}

function describe({ scene, stateNames, stateSize, actionSize }: VisibleEnvironment): RolloutScene {
  return { scene, stateNames: [...stateNames], stateSize, actionSize }
}

export function packReplay(arrays: ReplayArrays): Uint8Array<ArrayBuffer> {
  return packArrays({ ...arrays } satisfies Record<string, PackableArray>)
}
