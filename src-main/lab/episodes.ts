import type { z } from 'zod'
import type { Episode, EpisodeFrames, Failure, failureFilter } from '../contract/episodes.ts'
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
    get(id: number): Episode {
      const episode = store.episodes.get(id)
      if (episode === null) throw new LabError('NOT_FOUND', `There is no episode ${id}.`)
      return episode
    },
    frames(id: number): EpisodeFrames {
      const frames = store.frames.get(id)
      if (frames !== null) return frames
      if (store.episodes.get(id) === null) throw new LabError('NOT_FOUND', `There is no episode ${id}.`)
      throw new LabError('NOT_FOUND', `Episode ${id} kept no frames; failures do, up to the run's limit.`)
    },
  }
}

export function failureCases({ store }: LabContext) {
  return {
    /** By run, oldest first; evaluation episodes included, their kind says so. */
    list(filter: z.input<typeof failureFilter>): { total: number; failures: Failure[] } {
      const { runId = null, experimentId = null, limit = 1000, offset = 0 } = filter
      if (runId !== null && store.runs.get(runId) === null) {
        throw new LabError('NOT_FOUND', `There is no run ${runId}.`)
      }
      if (experimentId !== null && store.experiments.get(experimentId) === null) {
        throw new LabError('NOT_FOUND', `There is no experiment ${experimentId}.`)
      }
      const scope = { runId, experimentId }
      return {
        total: store.episodes.countFailures(scope),
        failures: store.episodes.listFailures(scope, limit, offset),
      }
    },
    get(id: number): Failure {
      const failure = store.episodes.getFailure(id)
      if (failure === null) throw new LabError('NOT_FOUND', `There is no failure episode ${id}.`)
      return failure
    },
  }
}
