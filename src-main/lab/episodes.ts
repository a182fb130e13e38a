import type { Episode, RecordedFrames } from '../contract/episodes.ts'
import type { EvaluationEpisode } from '../training/messages.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'

export interface EpisodeQuery {
  runId: number
  fromIndex?: number
  limit?: number
}

export function episodeCases({ store }: LabContext) {
  return {
    /** Oldest first. */
    list({ runId, fromIndex = 0, limit = 10_000 }: EpisodeQuery): Episode[] {
      if (store.runs.get(runId) === null) throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
      return store.episodes.listOfRun(runId, fromIndex, limit)
    },
    /** Those that measured the policy while it learnt, in the order of their steps. */
    evaluations(runId: number): EvaluationEpisode[] {
      if (store.runs.get(runId) === null) throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
      return store.evaluations.listOfRun(runId)
    },
    get(id: number): Episode {
      const episode = store.episodes.get(id)
      if (episode === null) throw new LabError('NOT_FOUND', `There is no episode ${id}.`)
      return episode
    },
    frames(id: number): RecordedFrames {
      const frames = store.frames.get(id)
      if (frames !== null) return frames
      if (store.episodes.get(id) === null) throw new LabError('NOT_FOUND', `There is no episode ${id}.`)
      throw new LabError('NOT_FOUND', `Episode ${id} kept no frames; failures do, up to the run's limit.`)
    },
  }
}
