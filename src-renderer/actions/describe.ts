import type { IconName } from '../icons/name.ts'

/** The views that have actions of their own; the routes have the same names. */
export type ViewName =
  | 'runs'
  | 'run'
  | 'experiments'
  | 'experiment'
  | 'failures'
  | 'replay'
  | 'compare'
  | 'reproduction'
  | 'transfer'
  | 'settings'

/** What palette, cheat sheet and settings show of an action, whether its view is on the screen or not. */
export interface ActionDescription {
  readonly title: string
  /** In tinykeys' syntax: `p`, `Shift+ArrowLeft`, `$mod+k`, `g r` for one key after the other. Users can choose others. */
  readonly keys?: readonly string[]
  readonly icon?: IconName
  /** True: holding the key down does it again and again. */
  readonly repeats?: boolean
  /** True: the keys count even while the user types in a field. */
  readonly inFields?: boolean
  /** What to choose or to do first, as a sentence; shown where its view is there and it cannot be done. */
  readonly needs?: string
}

/** The actions of one view, or of the frame around all of them. */
export interface ActionSet<Id extends string = string> {
  readonly group: string
  /** Where they can be done; null: in every view. */
  readonly view: ViewName | null
  readonly actions: Readonly<Record<Id, ActionDescription>>
}

/** Ids are of the form `runs.pause` and never change: chosen keys are kept under them. */
export function describeActions<Id extends string>(
  group: string,
  view: ViewName | null,
  actions: Readonly<Record<Id, ActionDescription>>,
): ActionSet<Id> {
  return { group, view, actions }
}
