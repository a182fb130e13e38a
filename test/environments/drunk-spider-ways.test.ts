import { describe, expect, it } from 'vitest'
import { drunkSpiderParameters } from '../../src-main/environments/drunk-spider.ts'
import { wayPastLava } from '../../src-main/environments/drunk-spider-ways.ts'

const { map } = drunkSpiderParameters.parse({})
const way = (...places: [number, number][]) => wayPastLava(map, places)

describe('the way of a walk', () => {
  it('is the bridge where every place beside the lava lies between the lakes', () => {
    expect(way([0.5, 3.5], [1.5, 3.5], [2.5, 3.4], [3.5, 3.6], [4.5, 3.1], [6.5, 3.5])).toBe('bridge')
  })

  it('is the detour where any of them lies outside', () => {
    expect(way([0.5, 3.5], [1.5, 2], [2.5, 1], [3.5, 1.2], [4.5, 0.5], [6.5, 3.5])).toBe('detour')
    expect(way([0.5, 3.5], [3.5, 5.5], [5.5, 6.2], [7.2, 4])).toBe('detour')
    expect(way([1.5, 3.5], [3.5, 3.5], [3.5, 5.5])).toBe('detour')
  })

  it('is neither for one that never comes past', () => {
    expect(way([0.5, 3.5], [1.5, 3.5], [2.5, 2.2])).toBe('neither')
    expect(way()).toBe('neither')
  })

  it('is told on other maps by their own lakes', () => {
    const wide = ['......', '#....#', '#....#', '#....#', '......']
    expect(wayPastLava(wide, [[2.5, 4.5]])).toBe('bridge')
    expect(wayPastLava(['...', '.#.', '...'], [[1.5, 0.5]])).toBe('detour')
  })
})
