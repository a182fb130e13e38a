import { describe, expect, it } from 'vitest'
import { contourOf } from '../../../src-renderer/replay/contour.ts'
import { riskColour } from '../../../src-renderer/replay/risk-colours.ts'

const columns = 21
const rows = 17

function fieldOf(value: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: columns * rows }, (_, index) =>
    value(index % columns, Math.floor(index / columns)),
  )
}

describe('contour', () => {
  it('is a closed line at the distance where the field has the level', () => {
    const distance = (x: number, y: number) => Math.hypot(x - 10, y - 8)
    const stretches = contourOf(fieldOf(distance), columns, rows, 5.3)
    const ends = new Map<string, number>()
    for (const [x, y, toX, toY] of stretches)
      for (const [endX, endY] of [
        [x, y],
        [toX, toY],
      ] as const) {
        expect(distance(endX, endY)).toBeCloseTo(5.3, 0)
        const key = `${endX.toFixed(4)} ${endY.toFixed(4)}`
        ends.set(key, (ends.get(key) ?? 0) + 1)
      }
    expect(stretches.length).toBeGreaterThan(20)
    expect([...ends.values()].every((count) => count === 2)).toBe(true)
  })

  it('stops where there are no values', () => {
    const half = fieldOf((x, y) => (x > 10 ? Number.NaN : y))
    const stretches = contourOf(half, columns, rows, 3.5)
    expect(stretches).toHaveLength(10)
    expect(stretches.every(([, y, , toY]) => y === 3.5 && toY === 3.5)).toBe(true)
    expect(contourOf(half, columns, rows, 99)).toEqual([])
  })
})

describe('risk colours', () => {
  it('get darker in even steps', () => {
    const luminance = (risk: number) => {
      const [red, green, blue] = riskColour(risk).map((value) => (value / 255) ** 2.2) as [
        number,
        number,
        number,
      ]
      // CIE lightness, which OKLab's follows closely.
      return 116 * Math.cbrt(0.2126 * red + 0.7152 * green + 0.0722 * blue) - 16
    }
    const steps = Array.from(
      { length: 10 },
      (_, index) => luminance(index / 10) - luminance((index + 1) / 10),
    )
    expect(Math.min(...steps)).toBeGreaterThan(4)
    expect(Math.max(...steps)).toBeLessThan(10)
    expect(riskColour(-1)).toEqual(riskColour(0))
  })
})
