import { describe, expect, it } from 'vitest'
import { drawingForce, toBody, toWorld } from '../../../src-renderer/replay/let-go/grab.ts'

describe('grab', () => {
  it('finds the held point again wherever the body goes', () => {
    const quarter = Math.SQRT1_2
    const pose = Float32Array.of(1, 2, 3, quarter, 0, 0, quarter)
    const [x, y, z] = toWorld(pose, [1, 0, 0])
    expect([x, y, z].map((value) => Number(value.toFixed(5)))).toEqual([1, 3, 3])
    expect(toBody(pose, [x, y, z]).map((value) => Number(value.toFixed(5)))).toEqual([1, 0, 0])
  })

  it('draws towards the pointer, brakes what comes too fast, and knows a limit', () => {
    expect(drawingForce([0, 0, 0], [0, 0, 0], 0.01, [0.5, 0, 0], 2)).toEqual([60, 0, 0])
    expect(drawingForce([0, 0, 0], [-0.1, 0, 0], 0.01, [0, 0, 0], 1)[0]).toBeLessThan(0)
    expect(Math.hypot(...drawingForce([0, 0, 0], [0, 0, 0], 0.01, [90, 40, 3], 2))).toBeCloseTo(160)
  })
})
