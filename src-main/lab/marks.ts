import type { EpisodeMark, NewEpisodeMark } from '../contract/replays.ts'
import type { LabContext } from './context.ts'
import { LabError } from './errors.ts'

/** Moments and stretches of episodes that users have marked. */
export function markCases({ store }: Pick<LabContext, 'store'>) {
  const missing = (id: number) =>
    new LabError('NOT_FOUND', `There is no mark ${id}; it may have been removed.`)
  const episodeLength = (id: number): number => {
    const episode = store.episodes.get(id)
    if (episode === null) throw new LabError('NOT_FOUND', `There is no episode ${id}.`)
    return episode.length
  }
  return {
    list(episodeId: number): EpisodeMark[] {
      episodeLength(episodeId)
      return store.marks.listOfEpisode(episodeId)
    },
    add(mark: NewEpisodeMark): EpisodeMark {
      const length = episodeLength(mark.episodeId)
      if (mark.frame > length)
        throw new LabError(
          'INVALID',
          `Episode ${mark.episodeId} has frames 0 to ${length}; there is no frame ${mark.frame} to mark.`,
        )
      const { frame, lastFrame = null } = mark
      if (lastFrame !== null && (lastFrame <= frame || lastFrame > length))
        throw new LabError(
          'INVALID',
          `A stretch that begins at frame ${frame} of episode ${mark.episodeId} ends between frames ${frame + 1} and ${length}, not at ${lastFrame}.`,
        )
      return store.marks.insert(mark)
    },
    rename(id: number, label: string): EpisodeMark {
      const mark = store.marks.rename(id, label)
      if (mark === null) throw missing(id)
      return mark
    },
    remove(id: number): void {
      if (!store.marks.delete(id)) throw missing(id)
    },
  }
}
