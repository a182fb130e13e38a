import type { KnownAction } from '../actions/catalog.ts'
import type { IconName } from '../components/common/AppIcon.vue'

/** Something the palette can do or go to. */
export interface PaletteEntry {
  /** Unique in the palette. */
  readonly key: string
  readonly section: string
  readonly title: string
  /** What else it is found by, and what tells it from others of the same title. */
  readonly detail: string
  readonly icon: IconName | null
  readonly keys: readonly string[]
  readonly target: { readonly actionId: string } | { readonly path: string }
}

export interface NamedThing {
  readonly id: number
  readonly title: string
  readonly detail: string
}

export function actionEntries(
  actions: readonly KnownAction[],
  keysOf: (id: string) => readonly string[],
): PaletteEntry[] {
  return actions.map(({ id, title, group, icon }) => ({
    key: id,
    section: group,
    title,
    detail: '',
    icon: icon ?? null,
    keys: keysOf(id),
    target: { actionId: id },
  }))
}

export function thingEntries(
  section: string,
  path: string,
  icon: IconName,
  things: readonly NamedThing[],
): PaletteEntry[] {
  return things.map(({ id, title, detail }) => ({
    key: `${path}/${id}`,
    section,
    title,
    detail,
    icon,
    keys: [],
    target: { path: `${path}/${id}` },
  }))
}
