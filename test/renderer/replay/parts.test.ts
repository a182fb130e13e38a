import { describe, expect, it } from 'vitest'
import { drunkSpiderScene } from '../../../src-main/environments/drunk-spider-scene.ts'
import {
  bodyKey,
  geometryKey,
  lookOf,
  noLooks,
  toggleFixedBodies,
  toggleTransparentBodies,
  withLook,
} from '../../../src-renderer/replay/parts.ts'

const scene = drunkSpiderScene({
  map: ['..#'],
  start: [0.5, 0.5],
  goal: [0.5, 1],
  goalRadius: 0.5,
  lava: '#',
})
const [map, spider] = [{ name: 'map' }, { name: 'spider' }]

describe('parts of a scene', () => {
  it('are as visible as their body lets them be', () => {
    const hidden = withLook(noLooks, bodyKey(map), { isVisible: false })
    const looks = withLook(hidden, geometryKey(map, 1), { opacity: 0.5 })
    expect(lookOf(looks, map, 0)).toEqual({ isVisible: false, opacity: 1 })
    expect(lookOf(looks, map, 1)).toEqual({ isVisible: false, opacity: 0.5 })
    expect(lookOf(looks, spider, 0)).toEqual({ isVisible: true, opacity: 1 })
    const both = withLook(looks, bodyKey(map), { isVisible: true, opacity: 0.5 })
    expect(lookOf(both, map, 1)).toEqual({ isVisible: true, opacity: 0.25 })
  })

  it('are forgotten when they are plain again', () => {
    const hidden = withLook(noLooks, bodyKey(map), { isVisible: false })
    expect(withLook(hidden, bodyKey(map), { isVisible: true }).size).toBe(0)
  })

  it('are hidden and shown, made transparent and solid at one stroke', () => {
    const hidden = toggleFixedBodies(noLooks, scene)
    expect(lookOf(hidden, map, 0).isVisible).toBe(false)
    expect(lookOf(hidden, spider, 0).isVisible).toBe(true)
    expect(toggleFixedBodies(hidden, scene).size).toBe(0)
    const transparent = toggleTransparentBodies(noLooks, scene)
    expect(lookOf(transparent, spider, 3).opacity).toBeLessThan(1)
    expect(lookOf(transparent, map, 3).opacity).toBe(1)
    expect(toggleTransparentBodies(transparent, scene).size).toBe(0)
  })
})
