import type { Run } from '../../src-main/contract/index.ts'
import { methodMarks, phaseNames } from '../text/names.ts'
import { stateName } from './derive.ts'

/** What can be filtered by as `name:value`; several of the same name widen, of different names narrow. */
export const facetNames = ['state', 'method', 'phase', 'tag', 'seed', 'experiment'] as const
export type FacetName = (typeof facetNames)[number]

interface Term {
  facet: FacetName | null
  value: string
  isExcluded: boolean
}

/** Reads `sqrl tag:seen -state:failed`. */
function parseFilter(filter: string): Term[] {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '-')
    .map((word) => {
      const isExcluded = word.startsWith('-')
      const text = isExcluded ? word.slice(1) : word
      const facet = facetNames.find((name) => text.startsWith(`${name}:`)) ?? null
      return { facet, value: facet === null ? text : text.slice(facet.length + 1), isExcluded }
    })
}

/** Keeps runs in which every word is found, and of each facet one of the values asked for. */
export function filterRuns(
  runs: Iterable<Run>,
  filter: string,
  experimentName: (id: number) => string,
): Run[] {
  const terms = parseFilter(filter)
  if (terms.length === 0) return [...runs]
  const excluded = terms.filter(({ isExcluded }) => isExcluded)
  const wanted = terms.filter(({ isExcluded }) => !isExcluded)
  const words = wanted.filter(({ facet }) => facet === null)
  const byFacet = [...Map.groupBy(wanted, ({ facet }) => facet)].filter(([facet]) => facet !== null)
  const kept: Run[] = []
  for (const run of runs) {
    const name = experimentName(run.experimentId)
    const matches = (term: Term) => matchesTerm(run, name, term)
    if (!words.every(matches) || excluded.some(matches)) continue
    if (byFacet.every(([, values]) => values.some(matches))) kept.push(run)
  }
  return kept
}

function matchesTerm(run: Run, experimentName: string, { facet, value }: Term): boolean {
  if (facet === null) return searchText(run, experimentName).includes(value)
  return facetValues(run, facet, experimentName).some((text) => {
    // A number is meant whole: seed 1 is not seed 12.
    return /^\d+$/.test(text) ? text === value : text.toLowerCase().startsWith(value)
  })
}

function facetValues(run: Run, facet: FacetName, experimentName: string): string[] {
  const { method, phase, seed } = run.specification
  switch (facet) {
    case 'state':
      return [run.state, stateName(run)]
    case 'method':
      return [method]
    case 'phase':
      return [phase, phaseNames[phase]]
    case 'tag':
      return run.tags
    case 'seed':
      return [String(seed)]
    case 'experiment':
      return [String(run.experimentId), experimentName]
  }
}

const texts = new WeakMap<Run, { experimentName: string; text: string }>()

/** What the words of a filter are looked for in; made once for each state of a run. */
function searchText(run: Run, experimentName: string): string {
  const known = texts.get(run)
  if (known?.experimentName === experimentName) return known.text
  const { method, phase, seed } = run.specification
  const tags = run.tags.join(' ')
  const text =
    `#${run.id} ${experimentName} ${methodMarks[method].label} ${phaseNames[phase]} ${phase} seed ${seed} ${stateName(run)} ${run.state} ${tags} ${run.note}`.toLowerCase()
  texts.set(run, { experimentName, text })
  return text
}

export interface FacetChoice {
  /** As the filter writes it. */
  value: string
  label: string
  count: number
}

/** The values that the runs have, for a menu: the most frequent first. */
export function countFacet(runs: Iterable<Run>, facet: 'state' | 'method' | 'phase' | 'tag'): FacetChoice[] {
  const counts = new Map<string, FacetChoice>()
  for (const run of runs) {
    for (const { value, label } of choicesOf(run, facet)) {
      const choice = counts.get(value) ?? { value, label, count: 0 }
      choice.count++
      counts.set(value, choice)
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label))
}

function choicesOf(run: Run, facet: 'state' | 'method' | 'phase' | 'tag') {
  const { method, phase } = run.specification
  if (facet === 'tag') return run.tags.map((tag) => ({ value: tag, label: tag }))
  if (facet === 'state') return [{ value: run.state, label: stateName(run) }]
  if (facet === 'method') return [{ value: method, label: methodMarks[method].label }]
  return [{ value: phase, label: phaseNames[phase] }]
}

export function hasFacet(filter: string, facet: FacetName, value: string): boolean {
  return wordsOf(filter).includes(`${facet}:${value}`)
}

/** The filter with this value of a facet added, or taken out where it was. */
export function toggleFacet(filter: string, facet: FacetName, value: string): string {
  const word = `${facet}:${value}`
  const words = wordsOf(filter)
  return (words.includes(word) ? words.filter((other) => other !== word) : [...words, word]).join(' ')
}

const wordsOf = (filter: string) => filter.split(/\s+/).filter(Boolean)
