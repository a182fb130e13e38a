import type { Vector } from '../../src-main/contract/index.ts'
import type { FrameSource } from './source.ts'

/** The actions of one frame as directions in the scene, by what became of them. */
export interface ActionArrows {
  chosen: Vector[]
  allowed: Vector[]
  masked: Vector[]
}

/**
 * @param matrix the scene's 3 x actionSize matrix.
 * @param epsilonSafe candidates with a higher Q_safe are masked; null: none are.
 */
export function toArrows(
  source: FrameSource,
  frame: number,
  matrix: readonly (readonly number[])[],
  epsilonSafe: number | null,
): ActionArrows {
  const action = source.action(frame)
  const arrows: ActionArrows = { chosen: [], allowed: [], masked: [] }
  if (action === null) return arrows
  arrows.chosen.push(toDirection(matrix, action))
  const candidates = source.candidates(frame)
  if (candidates === null) return arrows
  const actionSize = candidates.actions.length / candidates.count
  for (let index = 0; index < candidates.count; index++) {
    if (index === candidates.chosen) continue
    const candidate = candidates.actions.subarray(index * actionSize, (index + 1) * actionSize)
    const isMasked = epsilonSafe !== null && (candidates.qSafe[index] ?? 0) > epsilonSafe
    arrows[isMasked ? 'masked' : 'allowed'].push(toDirection(matrix, candidate))
  }
  return arrows
}

function toDirection(matrix: readonly (readonly number[])[], action: Float32Array): Vector {
  const along = (row: readonly number[] | undefined) =>
    action.reduce((sum, value, index) => sum + (row?.[index] ?? 0) * value, 0)
  return [along(matrix[0]), along(matrix[1]), along(matrix[2])]
}
