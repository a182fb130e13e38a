import type { IconName } from '../components/common/AppIcon.vue'

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
}

/** The actions of one view, or of the frame around all of them. */
export interface ActionSet<Id extends string = string> {
  readonly group: string
  /** True: its keys count in every view, so no view may use them for something else. */
  readonly everywhere: boolean
  readonly actions: Readonly<Record<Id, ActionDescription>>
}

/** Ids are of the form `runs.pause` and never change: chosen keys are kept under them. */
export function describeActions<Id extends string>(
  group: string,
  actions: Readonly<Record<Id, ActionDescription>>,
  { everywhere = false } = {},
): ActionSet<Id> {
  return { group, everywhere, actions }
}
