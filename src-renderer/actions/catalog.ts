import { compareActions } from './compare.ts'
import type { ActionDescription, ActionSet, ViewName } from './describe.ts'
import { experimentActions, experimentsActions } from './experiments.ts'
import { failureActions } from './failures.ts'
import { editActions, frameActions } from './frame.ts'
import { placeActions } from './places.ts'
import { replayActions } from './replay.ts'
import { reproductionActions } from './reproduction.ts'
import { runActions } from './run.ts'
import { runsActions } from './runs.ts'
import { settingsActions } from './settings.ts'
import { transferActions } from './transfer.ts'

/** Every set of actions there is, in the order in which palette and cheat sheet list them. */
export const actionSets: readonly ActionSet[] = [
  placeActions,
  frameActions,
  editActions,
  runsActions,
  runActions,
  experimentsActions,
  experimentActions,
  failureActions,
  replayActions,
  compareActions,
  reproductionActions,
  transferActions,
  settingsActions,
]

export interface KnownAction extends ActionDescription {
  readonly id: string
  readonly group: string
  readonly view: ViewName | null
  /** True: its keys count in every view, so no view may use them for something else. */
  readonly everywhere: boolean
}

export const knownActions: readonly KnownAction[] = actionSets.flatMap(({ group, view, actions }) =>
  Object.entries(actions).map(([id, description]) => ({
    ...description,
    id,
    group,
    view,
    everywhere: view === null,
  })),
)
