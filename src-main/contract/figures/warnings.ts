import type { ComparisonStatistics } from '../index.ts'
import { fullLabel, type GroupLook } from './group-looks.ts'

/** What weighs on the groups in words, the same sentence once for all groups that it is about. */
export function warningsOf(
  { results }: ComparisonStatistics,
  looks: ReadonlyMap<string, GroupLook>,
): string[] {
  const all = results.flatMap(({ groupId, refusals, warnings }) =>
    [...refusals, ...warnings].map((text) => ({ text, label: fullLabel(looks.get(groupId), groupId) })),
  )
  return sayOfGroups(all, results.length)
}

/** Of more groups than these the rest is counted: a sentence is for the reader. */
const MOST_NAMED = 3

/** What holds for several of `count` groups is said once. */
export function sayOfGroups(all: readonly { label: string; text: string }[], count: number): string[] {
  return [...Map.groupBy(all, ({ text }) => text)].map(([text, about]) => {
    const isEach = about.length > 1 && about.length === count
    const names = about.slice(0, about.length > MOST_NAMED + 1 ? MOST_NAMED : about.length)
    const more = about.length - names.length
    const some = `${names.map(({ label }) => label).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
    return `${isEach ? 'Each group' : some}: ${text}`
  })
}
