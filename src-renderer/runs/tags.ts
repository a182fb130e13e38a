import type { Run } from '../../src-main/contract/index.ts'

/** Words as typed; null where one of them cannot be a tag. */
export function parseTags(text: string): string[] | null {
  const words = text.split(/[\s,]+/).filter(Boolean)
  if (words.some((word) => word.length > 40 || word.includes(':'))) return null
  return [...new Set(words)]
}

/** All tags that these runs have, in the order of the alphabet. */
export function tagsOf(runs: Iterable<Run>): string[] {
  const tags = new Set<string>()
  for (const run of runs) for (const tag of run.tags) tags.add(tag)
  return [...tags].sort((a, b) => a.localeCompare(b))
}
