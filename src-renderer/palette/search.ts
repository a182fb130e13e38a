import uFuzzy from '@leeoniya/ufuzzy'
import type { PaletteEntry } from './entries.ts'

/** One slip of the finger in a word is forgiven; words may come in any order. */
const fuzzy = new uFuzzy({ intraMode: 1 })
const rankedUpTo = 2000

export interface Found {
  readonly entry: PaletteEntry
  /** Pairs of start and end in the title that match what was typed. */
  readonly ranges: readonly number[]
}

export interface Searchable {
  readonly entries: readonly PaletteEntry[]
  readonly texts: string[]
}

export function toSearchable(entries: readonly PaletteEntry[]): Searchable {
  return { entries, texts: entries.map(({ title, section, detail }) => `${title} ${section} ${detail}`) }
}

/** The best `limit` entries, best first. */
export function search({ entries, texts }: Searchable, typed: string, limit: number): Found[] {
  const needle = typed.trim()
  if (needle === '') return entries.slice(0, limit).map((entry) => ({ entry, ranges: [] }))
  const [indexes, info, order] = fuzzy.search(texts, needle, 3, rankedUpTo)
  const ranked =
    info !== null && order !== null
      ? order.map((place) => ({ index: info.idx[place] ?? -1, ranges: info.ranges[place] ?? [] }))
      : (indexes ?? []).map((index) => ({ index, ranges: [] }))
  return ranked.slice(0, limit).flatMap(({ index, ranges }) => {
    const entry = entries[index]
    return entry === undefined ? [] : [{ entry, ranges: within(ranges, entry.title.length) }]
  })
}

/** What lies in the title; section and detail come after it. */
function within(ranges: readonly number[], length: number): number[] {
  const kept: number[] = []
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const [start = 0, end = 0] = [ranges[i], ranges[i + 1]]
    if (start < length) kept.push(start, Math.min(end, length))
  }
  return kept
}

/** A title cut where matches begin and end. */
export function cut(title: string, ranges: readonly number[]): { text: string; isMatch: boolean }[] {
  const parts: { text: string; isMatch: boolean }[] = []
  let from = 0
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const [start = 0, end = 0] = [ranges[i], ranges[i + 1]]
    if (start > from) parts.push({ text: title.slice(from, start), isMatch: false })
    parts.push({ text: title.slice(start, end), isMatch: true })
    from = end
  }
  if (from < title.length) parts.push({ text: title.slice(from), isMatch: false })
  return parts
}
