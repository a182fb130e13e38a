import type { Episode } from '../../src-main/contract/index.ts'

/** The episodes that ended nearest to a step, in their order. They come in the order of their steps. */
export function nearestEpisodes(episodes: readonly Episode[], step: number, count: number): Episode[] {
  let from = firstFrom(episodes, step)
  let to = from
  const distance = (index: number) => Math.abs((episodes[index]?.step ?? Number.POSITIVE_INFINITY) - step)
  while (to - from < Math.min(count, episodes.length)) {
    if (from > 0 && (to >= episodes.length || distance(from - 1) <= distance(to))) from--
    else to++
  }
  return episodes.slice(from, to)
}

/** Index of the first episode that ended at the step or later. */
function firstFrom(episodes: readonly Episode[], step: number): number {
  let low = 0
  let high = episodes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((episodes[middle]?.step ?? 0) < step) low = middle + 1
    else high = middle
  }
  return low
}
