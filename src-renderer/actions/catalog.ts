import type { ActionDescription, ActionSet } from './describe.ts'
import { failureActions } from './failures.ts'
import { frameActions } from './frame.ts'
import { placeActions } from './places.ts'
import { replayActions } from './replay.ts'
import { editActions, runsActions } from './runs.ts'

/** Every set of actions there is, in the order in which palette and cheat sheet list them. */
export const actionSets: readonly ActionSet[] = [
  placeActions,
  frameActions,
  runsActions,
  editActions,
  failureActions,
  replayActions,
]

export interface KnownAction extends ActionDescription {
  readonly id: string
  readonly group: string
  readonly everywhere: boolean
}

export const knownActions: readonly KnownAction[] = actionSets.flatMap(({ group, everywhere, actions }) =>
  Object.entries(actions).map(([id, description]) => ({ ...description, id, group, everywhere })),
)
