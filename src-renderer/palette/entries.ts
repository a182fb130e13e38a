import type { KeptEpisode } from '../../src-main/contract/index.ts'
import type { KnownAction } from '../actions/catalog.ts'
import type { IconName } from '../icons/name.ts'
import { keptLink } from '../replay/references.ts'

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

/** `whereOf`: where an action is done that has to be gone to. */
export function actionEntries(
  actions: readonly KnownAction[],
  keysOf: (id: string) => readonly string[],
  whereOf: (action: KnownAction) => string,
): PaletteEntry[] {
  return actions.map((action) => ({
    key: action.id,
    section: action.group,
    title: action.title,
    detail: whereOf(action),
    icon: action.icon ?? null,
    keys: keysOf(action.id),
    target: { actionId: action.id },
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

/** Episodes that came in files. */
export function keptEntries(episodes: readonly KeptEpisode[]): PaletteEntry[] {
  return episodes.map(({ id, name }) => ({
    key: keptLink(id),
    section: 'Shared episodes',
    title: name,
    detail: `Shared episode ${id}`,
    icon: 'play',
    keys: [],
    target: { path: keptLink(id) },
  }))
}
