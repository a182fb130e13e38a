import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { type ComparisonView, comparisonView } from '../../src-main/contract/index.ts'

/** How each part of a view is written in the address; a part that is as in `base` is left out. */
const parts: {
  [Key in keyof ComparisonView]: {
    name: string
    write: (value: ComparisonView[Key]) => string
    read: (text: string) => unknown
  }
} = {
  experimentIds: { name: 'experiments', write: writeIds, read: readIds },
  runIds: { name: 'runs', write: writeIds, read: readIds },
  phase: { name: 'phase', ...asText() },
  groupBy: { name: 'by', ...asList() },
  facetBy: { name: 'panels', write: (key) => key ?? 'one', read: (text) => (text === 'one' ? null : text) },
  sharesY: { name: 'samey', ...asSwitch() },
  x: { name: 'x', ...asText() },
  average: { name: 'average', ...asText() },
  figures: { name: 'figures', ...asList() },
  window: { name: 'over', write: String, read: Number },
  smoothing: { name: 'smooth', write: String, read: Number },
  showsRuns: { name: 'single', ...asSwitch() },
  showsTails: { name: 'tails', ...asSwitch() },
  zoom: {
    name: 'zoom',
    write: (zoom) => (zoom === null ? 'all' : `${zoom.from}..${zoom.to}`),
    read(text) {
      const [from, to] = text.split('..').map(Number)
      return text === 'all' ? null : { from, to }
    },
  },
  baseline: {
    name: 'baseline',
    write: (id) => id ?? 'first',
    read: (text) => (text === 'first' ? null : text),
  },
  until: { name: 'until', ...asText() },
  score: { name: 'score', ...asText() },
  bounds: {
    name: 'bounds',
    write: (bounds) => bounds.map(({ task, worst, best }) => `${task}:${worst}..${best}`).join(','),
    read: (text) =>
      text
        .split(',')
        .filter(Boolean)
        .map((one) => {
          const [task, ends = ''] = one.split(':')
          const [worst, best] = ends.split('..').map(Number)
          return { task, worst, best }
        }),
  },
  brushes: {
    name: 'ranges',
    write: (brushes) =>
      brushes
        .map(({ axis, from, to }) => [encodeURIComponent(axis), writeEnd(from), writeEnd(to)].join(':'))
        .join(','),
    read: (text) =>
      text
        .split(',')
        .filter(Boolean)
        .map((one) => {
          const [axis = '', from = '', to = ''] = one.split(':')
          return { axis: decode(axis), from: readEnd(from), to: readEnd(to) }
        }),
  },
  section: { name: 'show', ...asText() },
}

const keys = Object.keys(comparisonView.shape).filter((key): key is keyof ComparisonView => key in parts)

export const emptyView: ComparisonView = comparisonView.parse({})

/** What the address says over what `base` says; a part that cannot be read is as in `base`. */
export function readView(query: LocationQuery, base: ComparisonView): ComparisonView {
  const view: Record<string, unknown> = { ...base }
  for (const key of keys) {
    const { name, read } = parts[key]
    const given = query[name]
    const text = Array.isArray(given) ? given[0] : given
    if (typeof text !== 'string') continue
    const parsed = comparisonView.shape[key].safeParse(read(text))
    if (parsed.success) view[key] = parsed.data
  }
  return comparisonView.parse(view)
}

export function writeView(view: ComparisonView, base: ComparisonView): LocationQueryRaw {
  return Object.fromEntries(keys.flatMap((key) => writePart(key, view, base)))
}

function writePart<Key extends keyof ComparisonView>(
  key: Key,
  view: ComparisonView,
  base: ComparisonView,
): [string, string][] {
  if (JSON.stringify(view[key]) === JSON.stringify(base[key])) return []
  return [[parts[key].name, parts[key].write(view[key])]]
}

/** 2-5,9: long selections stay short in an address. */
export function writeIds(ids: readonly number[]): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b)
  const spans: [number, number][] = []
  for (const id of sorted) {
    const last = spans.at(-1)
    if (last && last[1] === id - 1) last[1] = id
    else spans.push([id, id])
  }
  return spans.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',')
}

export function readIds(text: string): number[] {
  return text
    .split(',')
    .filter(Boolean)
    .flatMap((span) => {
      const [from = Number.NaN, to = from] = span.split('-').map(Number)
      if (!(to - from < 10_000)) return [Number.NaN]
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
    })
}

/** Words are told from numbers by a sign before them. */
const writeEnd = (end: number | string) =>
  typeof end === 'number' ? String(end) : `=${encodeURIComponent(end)}`
const readEnd = (text: string) => (text.startsWith('=') ? decode(text.slice(1)) : Number(text || Number.NaN))

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function asText() {
  return { write: String, read: (text: string): unknown => text }
}

function asList() {
  return {
    write: (list: readonly string[]) => list.join(','),
    read: (text: string) => text.split(',').filter(Boolean),
  }
}

function asSwitch() {
  return { write: (on: boolean) => (on ? '1' : '0'), read: (text: string) => text === '1' }
}
