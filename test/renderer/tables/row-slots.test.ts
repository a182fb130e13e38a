import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillSlots, type Slot } from '../../../src-renderer/tables/row-slots.ts'

interface Row {
  key: string
}
const rows = (...keys: string[]) => keys.map((key): Row => ({ key }))
const slotsOf = (slots: ReadonlyMap<string, Slot<Row>>) => [...slots].map(([key, { slot }]) => [key, slot])
const none = new Map<string, Slot<Row>>()

describe('row slots', () => {
  it('leaves a row where it is and gives its neighbour the elements of one that left', () => {
    const first = fillSlots(none, rows('a', 'b', 'c'), 9).slots
    const { slots } = fillSlots(first, rows('b', 'c', 'd'), 9)
    expect(slotsOf(slots)).toEqual([
      ['b', 1],
      ['c', 2],
      ['d', 0],
    ])
  })

  it('takes in so many at once, the most wanted first, and keeps the other elements for the next time', () => {
    const before = fillSlots(none, rows('a', 'b', 'c'), 9).slots
    const half = fillSlots(before, rows('e', 'f', 'd'), 2)
    expect(half.isComplete).toBe(false)
    expect(slotsOf(half.slots)).toEqual([
      ['e', 0],
      ['f', 1],
      ['c', 2],
    ])
    const whole = fillSlots(half.slots, rows('d', 'e', 'f'), 2)
    expect(whole.isComplete).toBe(true)
    expect(slotsOf(whole.slots)).toEqual([
      ['d', 2],
      ['e', 0],
      ['f', 1],
    ])
  })

  it('never shows two rows in one slot, and all wanted ones after a few times', () => {
    const keys = fc.uniqueArray(fc.integer({ min: 0, max: 40 }).map(String), { maxLength: 12 })
    fc.assert(
      fc.property(
        fc.array(keys, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        (looks, most) => {
          let slots: ReadonlyMap<string, Slot<Row>> = none
          let isComplete = true
          const fill = (look: string[]) => {
            const before = slots
            ;({ slots, isComplete } = fillSlots(before, rows(...look), most))
            expect(new Set([...slots.values()].map(({ slot }) => slot)).size).toBe(slots.size)
            for (const key of look)
              if (before.has(key)) expect(slots.get(key)?.slot).toBe(before.get(key)?.slot)
          }
          for (const look of looks) fill(look)
          const last = looks.at(-1) ?? []
          for (let turn = 0; turn < 12 && !isComplete; turn++) fill(last)
          expect([...slots.keys()].toSorted()).toEqual(last.toSorted())
        },
      ),
    )
  })
})
