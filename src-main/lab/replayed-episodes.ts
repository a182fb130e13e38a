import { z } from 'zod'
import type { EpisodeReference, FreshEpisode, ReplayedEpisode } from '../contract/episode-references.ts'
import type { EpisodeFrames, RecordedFrames } from '../contract/episodes.ts'
import type { Run } from '../contract/runs.ts'
import type { RunSpecification, Task } from '../contract/transfer.ts'
import { warningLead } from '../training/episode-recorder.ts'
import { recordedFrames } from '../training/recorded-frames.ts'
import type { CheckpointAgents } from './checkpoint-agents.ts'
import type { LabContext } from './context.ts'
import type { episodeCases } from './episodes.ts'
import type { FreshCases } from './fresh-episodes.ts'
import type { KeptReader } from './kept-episodes.ts'
import { wholeFrames } from './whole-frames.ts'

/** An episode with its frames, wherever it comes from. */
export interface OpenEpisode {
  reference: EpisodeReference
  /** What sentences call it. */
  title: string
  episode: ReplayedEpisode
  frames: EpisodeFrames
  /** As they are kept: what a verification has to find again. */
  recorded: RecordedFrames
  task: Task
  /** Of the run whose policy acted, with the episode's task. */
  specification: RunSpecification
  run: Run | null
  taskOfRunId: number | null
  checkpointId: number | null
  /** Threshold under which its actions were masked; null: they were not. */
  epsilonSafe: number | null
  /** That came in a file with it. */
  marks: { frame: number; lastFrame: number | null; label: string }[]
}

interface OpenerParts {
  context: Pick<LabContext, 'store'>
  agents: CheckpointAgents
  episodes: Pick<ReturnType<typeof episodeCases>, 'get' | 'frames'>
  fresh: Pick<FreshCases, 'play'>
  kept: KeptReader
  getRun: (id: number) => Run
}

export type EpisodeOpener = ReturnType<typeof episodeOpener>

const maskSettings = z.object({ sqrl: z.object({ epsilonSafe: z.number() }) })
const thresholdOf = ({ settings }: RunSpecification): number | null =>
  maskSettings.safeParse(settings).data?.sqrl.epsilonSafe ?? null

export function episodeOpener({ context: { store }, agents, episodes, fresh, kept, getRun }: OpenerParts) {
  /** The last checkpoint that is not later than the step, else the one that the run started from. */
  const checkpointBefore = (run: Run, step: number): number | null => {
    const own = store.checkpoints.listOfRun(run.id).findLast((checkpoint) => checkpoint.step <= step)
    return own?.id ?? store.runs.getPretrainCheckpointId(run.id)
  }

  const openRecorded = async (reference: { episodeId: number }): Promise<OpenEpisode> => {
    const { runId, hasFrames: _, ...episode } = episodes.get(reference.episodeId)
    const recorded = episodes.frames(reference.episodeId)
    const run = getRun(runId)
    const { specification } = run
    return {
      reference: { episodeId: reference.episodeId },
      title: `Episode ${reference.episodeId}`,
      episode,
      frames: await wholeFrames(specification.task, recorded),
      recorded,
      task: specification.task,
      specification,
      run,
      taskOfRunId: run.id,
      checkpointId: checkpointBefore(run, episode.step),
      epsilonSafe: recorded.candidates.length > 0 ? thresholdOf(specification) : null,
      marks: [],
    }
  }

  const played = async (asked: FreshEpisode): Promise<OpenEpisode> => {
    const { checkpoint, run, task } = agents.situation(asked.checkpointId, asked.taskOfRunId)
    const { frames, ...ended } = await fresh.play(asked)
    const epsilonSafe = asked.masked ? (asked.epsilonSafe ?? thresholdOf(run.specification)) : null
    const finalQSafe = frames.qSafe.at(-1) ?? Number.NaN
    const isJudged = !Number.isNaN(finalQSafe)
    return {
      reference: { fresh: asked },
      title: `Fresh episode of seed ${asked.seed}`,
      episode: {
        ...ended,
        id: null,
        index: null,
        kind: 'evaluation',
        step: checkpoint.step,
        length: frames.rewards.length,
        finalQSafe: isJudged ? finalQSafe : null,
        warningLead:
          isJudged && ended.outcome === 'failure'
            ? warningLead(frames.qSafe, epsilonSafe ?? thresholdOf(run.specification) ?? 1)
            : null,
      },
      frames,
      recorded: recordedFrames(frames, 1),
      task,
      specification: { ...run.specification, task },
      run,
      taskOfRunId: asked.taskOfRunId ?? run.id,
      checkpointId: checkpoint.id,
      epsilonSafe,
      marks: [],
    }
  }

  const received = async (keptId: number): Promise<OpenEpisode> => {
    const file = await kept.read(keptId)
    const found = kept.findCheckpoint(file)
    const { specification } = file
    return {
      reference: { keptId },
      title: file.title,
      episode: { ...file.episode, id: null },
      frames: file.frames,
      recorded: recordedFrames(file.frames, 1),
      task: specification.task,
      specification,
      run: found && getRun(found.run.id),
      taskOfRunId: kept.findRunOfTask(file),
      checkpointId: found?.checkpoint.id ?? null,
      epsilonSafe: file.epsilonSafe,
      marks: file.marks,
    }
  }

  return {
    /** Rejects with a LabError where it is not there, or kept no frames. */
    async open(reference: EpisodeReference): Promise<OpenEpisode> {
      if ('fresh' in reference) return played(reference.fresh)
      return 'keptId' in reference ? received(reference.keptId) : openRecorded(reference)
    },
  }
}
