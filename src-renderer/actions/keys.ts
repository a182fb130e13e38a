import { parseKeybinding } from 'tinykeys'
import type { KnownAction } from './catalog.ts'

type Press = ReturnType<typeof parseKeybinding>[number]

const isMac = typeof navigator === 'object' && /Mac|iPod|iPhone|iPad/.test(navigator.platform)

/** The same keys always give the same text, however they were written. */
export function normalizeKeys(keys: string): string {
  return parseKeybinding(keys).map(pressToText).join(' ')
}

function pressToText([required, , key]: Press): string {
  const name = key instanceof RegExp ? key.source : key.length === 1 ? key.toLowerCase() : key
  return [...[...required].sort(), name].join('+')
}

/** True for keys that a user who speaks or dictates could press by accident: a character without Ctrl, Alt or Cmd. */
export function startsWithCharacter(keys: string): boolean {
  const [first] = parseKeybinding(keys)
  if (first === undefined) return false
  const [required, , key] = first
  return typeof key === 'string' && key.length === 1 && required.every((modifier) => modifier === 'Shift')
}

/** True if pressing the one would be, or begin, pressing the other. */
export function collide(a: string, b: string): boolean {
  const [left, right] = [normalizeKeys(a).split(' '), normalizeKeys(b).split(' ')]
  const length = Math.min(left.length, right.length)
  return left.slice(0, length).join(' ') === right.slice(0, length).join(' ')
}

/** The actions that would be done, or kept from being done, by the same keys while `id` can be done. */
export function findConflicts(
  id: string,
  keys: string,
  known: readonly KnownAction[],
  keysOf: (id: string) => readonly string[],
): KnownAction[] {
  const own = known.find((action) => action.id === id)
  if (own === undefined) return []
  const meets = (other: KnownAction) => own.everywhere || other.everywhere || other.group === own.group
  return known.filter(
    (other) => other.id !== id && meets(other) && keysOf(other.id).some((theirs) => collide(keys, theirs)),
  )
}

const macSigns: Record<string, string> = { Control: '⌃', Alt: '⌥', Shift: '⇧', Meta: '⌘' }
const otherSigns: Record<string, string> = { Control: 'Ctrl', Alt: 'Alt', Shift: 'Shift', Meta: 'Win' }
const keySigns: Record<string, string> = {
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  space: 'Space',
  escape: 'Esc',
  delete: 'Del',
  pageup: 'Page up',
  pagedown: 'Page down',
}

/** Each press as the labels of its keys, such as [['Ctrl', 'K']] or [['G'], ['R']]. */
export function keyLabels(keys: string): string[][] {
  const signs = isMac ? macSigns : otherSigns
  return parseKeybinding(keys).map(([required, , key]) => {
    const name = key instanceof RegExp ? key.source : key
    const label = keySigns[name.toLowerCase()] ?? (name.length === 1 ? name.toUpperCase() : name)
    return [...required.map((modifier) => signs[modifier] ?? modifier), label]
  })
}

/** As one line: Ctrl+K, or G then R. */
export function keysAsText(keys: string): string {
  return keyLabels(keys)
    .map((press) => press.join(isMac ? '' : '+'))
    .join(' then ')
}

const modifiers = ['Control', 'Alt', 'Shift', 'Meta'] as const

interface PressedKey {
  readonly key: string
  getModifierState(name: string): boolean
}

/** What was pressed, in tinykeys' syntax; null while only modifiers are down. */
export function pressFromEvent(event: PressedKey): string | null {
  if (modifiers.some((modifier) => modifier === event.key)) return null
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key
  // A sign such as ? names itself; that Shift is needed for it is the keyboard's affair.
  const isSign = event.key.length === 1 && event.key !== ' ' && !/^\p{Letter}$/u.test(event.key)
  const held = modifiers.filter((modifier) => event.getModifierState(modifier))
  const named = held.map((modifier) => (isSign && modifier === 'Shift' ? '[Shift]' : modifier))
  const commandKey = isMac ? 'Meta' : 'Control'
  return [...named.map((modifier) => (modifier === commandKey ? '$mod' : modifier)), key].join('+')
}
