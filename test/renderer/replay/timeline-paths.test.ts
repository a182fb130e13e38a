import { describe, expect, it } from 'vitest'
import { toGridMarks, toMarks } from '../../../src-renderer/replay/length-marks.ts'
import {
  frameAtX,
  linePath,
  type Plane,
  scaleEnd,
  stepArea,
  xOfFrame,
} from '../../../src-renderer/replay/timeline-paths.ts'

const plane: Plane = { left: 100, width: 200, top: 0, height: 50, lastFrame: 4, most: 1 }

describe('timeline paths', () => {
  it('finds the frame under a place and the place of a frame', () => {
    expect(xOfFrame(plane, 2)).toBe(200)
    expect(frameAtX(plane, 200)).toBe(2)
    expect(frameAtX(plane, 90)).toBeLessThan(0)
  })

  it('breaks a line where there is no value', () => {
    expect(linePath([0, 1, null, 0.5], plane)).toBe('M100 50L150 0M250 25')
  })

  it('holds each value until the next frame', () => {
    expect(stepArea([1, 0, null, 0.5], plane)).toBe('M100 50V0H150V50ZM250 50V25H300V50Z')
  })

  it('keeps the spike of a long episode', () => {
    const values = Array.from({ length: 100_000 }, (_, frame) => (frame === 54_321 ? 1 : 0.1))
    const path = linePath(values, { ...plane, lastFrame: 100_000 })
    expect(path.length).toBeLessThan(10_000)
    expect(path).toMatch(/L[\d.]+ 0(L|$)/)
  })

  it('ends a scale at a round value above all values and well above the threshold', () => {
    expect(scaleEnd([0.01, null], 0.05)).toBe(0.2)
    expect(scaleEnd([0.93], 0.05)).toBe(1)
    expect(scaleEnd([null], null)).toBe(1)
  })
})

describe('length marks', () => {
  it('stand at round lengths within the scene', () => {
    expect(toMarks(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(toMarks(-0.31, 0.33)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
    expect(toMarks(3, 3)).toEqual([])
    expect(toGridMarks([-1, -1, 0], [3, 1, 1])).toEqual([
      [-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3],
      [-1, -0.5, 0, 0.5, 1],
    ])
  })
})
