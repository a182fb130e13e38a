import { describe, expect, it } from 'vitest'
import { planFilm } from '../../../src-renderer/replay/export/film.ts'

describe('film plan', () => {
  it('goes from the first frame to the last at the speed asked for, and stands there for a second', () => {
    const { positions } = planFilm({ from: 2, to: 6, secondsPerFrame: 1, speed: 2, picturesPerSecond: 4 })
    expect(positions).toEqual([2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6, 6, 6])
  })

  it('is one still second where there is nothing to move through', () => {
    const { positions } = planFilm({ from: 0, to: 0, secondsPerFrame: 0.02, speed: 1, picturesPerSecond: 3 })
    expect(positions).toEqual([0, 0, 0])
  })
})
