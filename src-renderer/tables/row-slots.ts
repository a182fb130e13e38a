/** A row with the elements that show it. */
export interface Slot<Row> {
  slot: number
  row: Row
}

/**
 * Gives each wanted row a slot, but to no more than `most` new ones at once, those first that `wanted` names first. A row keeps its slot while it stays.
 * One that comes takes over the slot, and so the elements, of one that has left: changing what they say takes a fraction of the time that new ones
 * take. Slots that are still to be taken over follow at the end.
 */
export function fillSlots<Row extends { key: string }>(
  before: ReadonlyMap<string, Slot<Row>>,
  wanted: readonly Row[],
  most: number,
): { slots: Map<string, Slot<Row>>; isComplete: boolean } {
  const keys = new Set(wanted.map(({ key }) => key))
  const left = [...before].filter(([key]) => !keys.has(key))
  let unused = 1 + Math.max(-1, ...[...before.values()].map(({ slot }) => slot))
  const slots = new Map<string, Slot<Row>>()
  let added = 0
  for (const row of wanted) {
    const own = before.get(row.key)?.slot
    if (own !== undefined) slots.set(row.key, { slot: own, row })
    else if (added < most) slots.set(row.key, { slot: left[added++]?.[1].slot ?? unused++, row })
  }
  const isComplete = slots.size === wanted.length
  if (!isComplete) for (const [key, slot] of left.slice(added)) slots.set(key, slot)
  return { slots, isComplete }
}
