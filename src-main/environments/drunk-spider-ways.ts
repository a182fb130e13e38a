/** How an episode passes the lava: over the bridge between two lakes, around them, or not at all. */
export type Way = 'bridge' | 'detour' | 'neither'

/**
 * The way of an episode over a map of DrunkSpider. It is told beside the lava, away from the ends of the lakes, where both ways lie apart.
 * @param map one text per row.
 * @param places row and column of each state.
 */
export function wayPastLava(map: readonly string[], places: readonly (readonly [number, number])[]): Way {
  const lavaRows = map.flatMap((row, index) => (row.includes('#') ? [index] : []))
  const inner = lavaRows.length > 2 ? lavaRows.slice(1, -1) : lavaRows
  const beside = places.filter(([row]) => inner.includes(Math.floor(row)))
  if (beside.length === 0) return 'neither'
  return beside.every(([row, column]) => isBetweenLava(map[Math.floor(row)] ?? '', Math.floor(column)))
    ? 'bridge'
    : 'detour'
}

const isBetweenLava = (row: string, column: number): boolean =>
  row[column] !== '#' &&
  row.slice(0, Math.max(0, column)).includes('#') &&
  row.slice(column + 1).includes('#')
