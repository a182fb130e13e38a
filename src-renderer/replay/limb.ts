import type { SceneDescription } from '../../src-main/contract/index.ts'

/** Between two joints of a robot on average, in the scene's unit: what marks on it are measured by; null: there are none. */
export function limbOf({ joints }: Pick<SceneDescription, 'joints'>): number | null {
  if (joints.length === 0) return null
  return joints.reduce((sum, { anchorInParent }) => sum + Math.hypot(...anchorInParent), 0) / joints.length
}
