import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsInSight } from '../../src-renderer/components/common/columns-in-sight.ts'

const sumOf = (tracks: string) =>
  tracks.split(' ').reduce((sum, track) => sum + Number.parseInt(track, 10), 0)

describe('columnsInSight()', () => {
  it('keeps what stays at the left, and of a thousand columns only those in sight', () => {
    const widths = [56, ...Array<number>(1000).fill(132)]
    const { places, stays, tracks } = columnsInSight(widths, 1, 13_000, 14_000)
    expect(places[0]).toBe(0)
    expect(places).toContain(100)
    expect(places.length).toBeLessThan(20)
    expect(stays).toEqual([0])
    expect(sumOf(tracks)).toBe(56 + 132_000)
  })

  it('leaves out nothing that is in sight, and never changes the width of the table', () => {
    const width = fc.integer({ min: 1, max: 300 })
    fc.assert(
      fc.property(
        fc.array(width, { minLength: 1, maxLength: 80 }),
        fc.nat(3),
        fc.nat(20_000),
        fc.nat(2000),
        (widths, pinned, from, length) => {
          const kept = Math.min(pinned, widths.length)
          const { places, tracks } = columnsInSight(widths, kept, from, from + length)
          expect(sumOf(tracks)).toBe(widths.reduce((a, b) => a + b, 0))
          expect(places).toEqual([...places].sort((a, b) => a - b))
          let start = 0
          widths.forEach((own, place) => {
            if (start < from + length && start + own > from) expect(places).toContain(place)
            start += own
          })
          // Of the rest no column is missing in the middle, since one free stretch stands before them.
          const others = places.filter((place) => place >= kept)
          others.forEach((place, index) => {
            expect(place).toBe((others[0] ?? 0) + index)
          })
        },
      ),
    )
  })
})
