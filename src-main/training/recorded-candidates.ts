import type { Decision } from '../algorithms/learner.ts'

/** Candidates of a step that are recorded: more would take up more than all the rest of an episode, and no picture could show them apart. */
export const MOST_CANDIDATES = 50

/** The decision with so many of its candidates, evenly out of all and the one taken among them. */
export function withFewCandidates(decision: Decision): Decision {
  const { candidates, candidateQSafe, chosen, action } = decision
  const count = candidateQSafe?.length ?? 0
  if (!candidates || !candidateQSafe || count <= MOST_CANDIDATES) return decision
  const rows = Array.from({ length: MOST_CANDIDATES }, (_, row) =>
    Math.floor((row * count) / MOST_CANDIDATES),
  )
  const place = chosen < 0 ? -1 : rows.findLastIndex((row) => row <= chosen)
  if (place >= 0) rows[place] = chosen
  const size = action.length
  const kept = new Float32Array(MOST_CANDIDATES * size)
  for (const [index, row] of rows.entries())
    kept.set(candidates.subarray(row * size, (row + 1) * size), index * size)
  return {
    ...decision,
    candidates: kept,
    candidateQSafe: Float32Array.from(rows, (row) => candidateQSafe[row] ?? Number.NaN),
    chosen: place,
  }
}
