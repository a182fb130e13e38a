import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { type KnownAction, knownActions } from '../actions/catalog.ts'
import { collide, findConflicts, startsWithCharacter } from '../actions/keys.ts'

const storageKey = 'keys'
const letterStorageKey = 'characterKeys'

/** Which keys do what: the actions' own, or those that the user chose in their place. Kept on this machine. */
export const useKeysStore = defineStore('keys', () => {
  const chosen = shallowRef<Readonly<Record<string, readonly string[]>>>(readChosen())
  /** False: no key without Ctrl, Alt or Cmd does anything, for people who dictate. */
  const hasCharacterKeys = ref(localStorage.getItem(letterStorageKey) !== 'off')

  watch(chosen, (now) => localStorage.setItem(storageKey, JSON.stringify(now)))
  watch(hasCharacterKeys, (now) => localStorage.setItem(letterStorageKey, now ? 'on' : 'off'))
  // Another window of the same lab has changed them.
  window.addEventListener('storage', ({ key }) => {
    if (key === storageKey) chosen.value = readChosen()
    if (key === letterStorageKey) hasCharacterKeys.value = localStorage.getItem(letterStorageKey) !== 'off'
  })

  const own = new Map(knownActions.map(({ id, keys }) => [id, keys ?? []]))

  /** What is set for the action, whether it counts at present or not. */
  const keysOf = (id: string): readonly string[] => chosen.value[id] ?? own.get(id) ?? []

  const activeKeys = computed(() => {
    const counts = (keys: string) => hasCharacterKeys.value || !startsWithCharacter(keys)
    return new Map(knownActions.map(({ id }) => [id, keysOf(id).filter(counts)]))
  })

  /** What does the action now. */
  const activeKeysOf = (id: string): readonly string[] => activeKeys.value.get(id) ?? []

  const isChosen = (id: string): boolean => id in chosen.value

  const conflictsOf = (id: string, keys: string): KnownAction[] =>
    findConflicts(id, keys, knownActions, keysOf)

  function setKeys(id: string, keys: readonly string[]): void {
    chosen.value = { ...chosen.value, [id]: keys }
  }

  /** Back to the action's own keys. */
  function resetKeys(id: string): void {
    const { [id]: _, ...rest } = chosen.value
    chosen.value = rest
  }

  function resetAll(): void {
    chosen.value = {}
  }

  return {
    hasCharacterKeys,
    chosen,
    activeKeys,
    keysOf,
    activeKeysOf,
    isChosen,
    conflictsOf,
    conflictsBetween: collide,
    setKeys,
    resetKeys,
    resetAll,
  }
})

/** What another version or a hand has written there is left out where it is no list of keys. */
function readChosen(): Record<string, string[]> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return {}
    const entries = Object.entries(stored).filter(
      (entry): entry is [string, string[]] =>
        Array.isArray(entry[1]) && entry[1].every((keys) => typeof keys === 'string' && keys !== ''),
    )
    return Object.fromEntries(entries)
  } catch {
    return {}
  }
}
