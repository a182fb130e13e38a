import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layOutPanes, paneAt } from '../../../src-renderer/replay/panes.ts'

describe('panes', () => {
  it('stand beside each other on a wide picture and above each other on a high one', () => {
    expect(layOutPanes(2, 2).map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [0.5, 0],
    ])
    expect(layOutPanes(2, 0.8).map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [0, 0.5],
    ])
  })

  it('fill the picture in rows, none over another, however many', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (count, aspect) => {
          const panes = layOutPanes(count, aspect)
          expect(panes).toHaveLength(count)
          for (const [index, { x, y, width, height }] of panes.entries()) {
            expect(x + width).toBeLessThanOrEqual(1 + 1e-9)
            expect(y + height).toBeLessThanOrEqual(1 + 1e-9)
            expect(paneAt(panes, x + width / 2, y + height / 2)).toBe(index)
          }
        },
      ),
    )
  })

  it('gives the first one where the pointer is in none', () => {
    expect(paneAt(layOutPanes(3, 1), 0.9, 0.9)).toBe(0)
  })
})
