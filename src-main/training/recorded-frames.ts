import type { EpisodeFrames, RecordedFrames } from '../contract/episodes.ts'

/** Rows of `count` of which every `stateEvery`th is kept, and the last. */
export function keptRows(count: number, stateEvery: number): number[] {
  const rows = Array.from({ length: Math.ceil(count / stateEvery) }, (_, index) => index * stateEvery)
  if (rows.at(-1) !== count - 1) rows.push(count - 1)
  return rows
}

/** What is written of an episode's frames. @param stateEvery frames between two states that are kept; the actions bring the others back. */
export function recordedFrames({ states, ...rest }: EpisodeFrames, stateEvery: number): RecordedFrames {
  if (stateEvery === 1) return { ...rest, stateEvery, keptStates: states }
  const count = rest.rewards.length + 1
  const size = states.length / count
  const rows = keptRows(count, stateEvery)
  const keptStates = new Float64Array(rows.length * size)
  for (const [index, row] of rows.entries())
    keptStates.set(states.subarray(row * size, (row + 1) * size), index * size)
  return { ...rest, stateEvery, keptStates }
}
