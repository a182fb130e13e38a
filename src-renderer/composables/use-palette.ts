import { computed, shallowRef, watch } from 'vue'
import { useRoute } from 'vue-router'
import { type KnownAction, knownActions } from '../actions/catalog.ts'
import { actionEntries, keptEntries, type PaletteEntry, thingEntries } from '../palette/entries.ts'
import { type Found, search, toSearchable } from '../palette/search.ts'
import { explainRun } from '../palette/things.ts'
import { type Things, useAtHandStore } from '../stores/at-hand.ts'
import { useKeptEpisodesStore } from '../stores/kept-episodes.ts'
import { useKeysStore } from '../stores/keys.ts'
import { useRunsStore } from '../stores/runs.ts'

const storageKey = 'recentActions'
const mostRecent = 5
/** Actions are few and all shown; runs can be ten thousand. */
const mostThings = 30

export interface PaletteSection {
  readonly title: string
  readonly found: readonly Found[]
}

/**
 * What the palette lists. Gathered when it opens and then left alone: what trains meanwhile moves nothing under the cursor.
 */
export function usePalette() {
  const keys = useKeysStore()
  const runs = useRunsStore()
  const kept = useKeptEpisodesStore()
  void kept.list()
  const typed = shallowRef('')

  const here = useRoute().name
  const { last } = useAtHandStore()
  const isNear = ({ view }: KnownAction) => view === null || view === here
  const listed = knownActions.filter(({ id }) => id !== 'palette.open')
  const toEntries = (some: readonly KnownAction[]) =>
    actionEntries(some, keys.activeKeysOf, (action) => (isNear(action) ? '' : whereOf(action, last)))
  // Those of the view at hand first, then what can be done everywhere, then what other views are gone to for.
  const near = toEntries(
    listed.filter(isNear).toSorted((a, b) => Number(b.view === here) - Number(a.view === here)),
  )
  const far = toEntries(listed.filter((action) => !isNear(action)))
  const actions = [...near, ...far]
  const searchable = { near: toSearchable(near), far: toSearchable(far) }
  const snapshot = { runs: runs.runs, experiments: runs.experiments }
  // Read with the first letter, so that opening does not wait for it.
  const things = computed(() => {
    const experiments = [...snapshot.experiments.values()].map(({ id, name }) => ({
      id,
      title: name,
      detail: `Experiment ${id}`,
    }))
    return {
      kept: toSearchable(keptEntries(kept.episodes)),
      experiments: toSearchable(thingEntries('Experiments', '/experiments', 'chart', experiments)),
      runs: toSearchable(
        thingEntries(
          'Runs',
          '/runs',
          'runs',
          [...snapshot.runs.values()].map((run) => explainRun(run, runs.experimentName)),
        ),
      ),
    }
  })

  const sections = computed<PaletteSection[]>(() => {
    if (typed.value.trim() === '') return unasked(actions)
    return [
      { title: 'Actions', found: search(searchable.near, typed.value, near.length) },
      { title: 'Experiments', found: search(things.value.experiments, typed.value, mostThings) },
      { title: 'Runs', found: search(things.value.runs, typed.value, mostThings) },
      { title: 'Shared episodes', found: search(things.value.kept, typed.value, mostThings) },
      { title: 'Actions of other views', found: search(searchable.far, typed.value, far.length) },
    ].filter(({ found }) => found.length > 0)
  })
  const flat = computed(() => sections.value.flatMap(({ found }) => found))

  const activeKey = shallowRef<string | null>(null)
  watch(
    flat,
    (now) => {
      activeKey.value = now[0]?.entry.key ?? null
    },
    { immediate: true },
  )

  function move(by: number): void {
    const index = flat.value.findIndex(({ entry }) => entry.key === activeKey.value)
    const count = flat.value.length
    if (count === 0) return
    // One step goes round; a page stops at the ends.
    const next =
      Math.abs(by) === 1 ? (index + by + count) % count : Math.max(0, Math.min(count - 1, index + by))
    activeKey.value = flat.value[next]?.entry.key ?? null
  }

  const active = computed(() => flat.value.find(({ entry }) => entry.key === activeKey.value)?.entry ?? null)

  return { typed, sections, activeKey, active, move }
}

/** The view that is gone to, and the thing that it will show. */
function whereOf({ view, group }: KnownAction, { run, experiment, episode }: Things): string {
  if (view === 'run') return run === null ? 'Run' : `Run ${run}`
  if (view === 'experiment') return experiment === null ? 'Experiment' : `Experiment ${experiment}`
  if (view === 'replay') return episode === null ? 'Replay' : `Replay of episode ${episode}`
  return group
}

/** Before anything is typed: what was used last, then everything by its view. */
function unasked(actions: readonly PaletteEntry[]): PaletteSection[] {
  const toFound = (entries: readonly PaletteEntry[]) => entries.map((entry) => ({ entry, ranges: [] }))
  const recent = readRecent().flatMap((id) => actions.find(({ key }) => key === id) ?? [])
  const rest = Map.groupBy(
    actions.filter((action) => !recent.includes(action)),
    ({ section }) => section,
  )
  const sections = [...rest].map(([title, entries]) => ({ title, found: toFound(entries) }))
  return recent.length === 0 ? sections : [{ title: 'Used last', found: toFound(recent) }, ...sections]
}

function readRecent(): string[] {
  return (localStorage.getItem(storageKey) ?? '').split(' ').filter(Boolean)
}

export function rememberAction(id: string): void {
  const recent = [id, ...readRecent().filter((other) => other !== id)].slice(0, mostRecent)
  localStorage.setItem(storageKey, recent.join(' '))
}
