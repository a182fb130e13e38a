import type { BranchRequest } from '../../src-main/contract/index.ts'
import type { Push } from './push.ts'

/** Under which conditions an episode goes on from a frame. */
export interface BranchConditions {
  checkpointId: number
  masked: boolean
  epsilonSafe: number | undefined
  count: number
  noise: BranchRequest['noise']
  push: Push
  /** For the list of results. */
  text: string
}
