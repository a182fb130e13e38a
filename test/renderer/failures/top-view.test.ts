import { describe, expect, it } from 'vitest'
import type { Geometry, SceneDescription } from '../../../src-main/contract/index.ts'
import { fitInto, type Point, topView } from '../../../src-renderer/failures/top-view.ts'

const part = (changes: Partial<Geometry>): Geometry => ({
  kind: 'box',
  size: [2, 1, 0.5],
  position: [0, 0, 0],
  rotation: [1, 0, 0, 0],
  material: 'ground',
  colour: null,
  collides: true,
  ...changes,
})

const scene = (geometries: Geometry[]): SceneDescription => ({
  lengthUnit: 'm',
  secondsPerFrame: 1,
  low: [0, 0, 0],
  high: [10, 20, 1],
  bodies: [
    { name: 'world', massKilograms: null, geometries },
    { name: 'robot', massKilograms: 2, geometries: [part({ material: 'agent' })] },
  ],
  mainBody: 'robot',
  joints: [],
  actionArrow: null,
  field: null,
  largestPush: null,
})

function extent(points: readonly Point[]) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  return { x: [Math.min(...xs), Math.max(...xs)], y: [Math.min(...ys), Math.max(...ys)] }
}

function area(points: readonly Point[]): number {
  const sum = points.reduce((total, [x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length] ?? [0, 0]
    return total + x * nextY - nextX * y
  }, 0)
  return sum / 2
}

describe('topView()', () => {
  it('shows what stands still, the lowest first', () => {
    const outlines = topView(
      scene([part({ position: [0, 0, 3], material: 'structure' }), part({ material: 'hazard' })]),
    )
    expect(outlines.map(({ material }) => material)).toEqual(['hazard', 'structure'])
  })

  it('turns a box as its rotation says', () => {
    const quarter = Math.SQRT1_2
    const flat = topView(scene([part({ position: [5, 5, 0], rotation: [quarter, 0, 0, quarter] })]))
    expect(extent(flat[0]?.points ?? []).x.map(Math.round)).toEqual([4, 6])
    expect(extent(flat[0]?.points ?? []).y.map(Math.round)).toEqual([3, 7])
    // On its side about x, the height of 0.5 is seen instead of the depth of 1.
    const tipped = topView(scene([part({ rotation: [quarter, quarter, 0, 0] })]))
    expect(area(tipped[0]?.points ?? [])).toBeCloseTo(4 * 1, 6)
  })

  it('has the area of each kind of geometry as it is seen from above', () => {
    const areaOf = (changes: Partial<Geometry>) => area(topView(scene([part(changes)]))[0]?.points ?? [])
    expect(areaOf({})).toBeCloseTo(8, 6)
    expect(areaOf({ kind: 'plane', size: [3, 2, 0] })).toBeCloseTo(24, 6)
    for (const kind of ['sphere', 'cylinder', 'capsule'] as const)
      expect(areaOf({ kind, size: [2, 1, 0] }) / (Math.PI * 4)).toBeGreaterThan(0.97)
    expect(areaOf({ kind: 'ellipsoid', size: [2, 1, 9] }) / (Math.PI * 2)).toBeGreaterThan(0.97)
  })
})

describe('fitInto()', () => {
  it('keeps the proportions, stands in the middle and has y upwards', () => {
    const map = fitInto(scene([]), 120, 104, 2)
    expect(map([0, 0])).toEqual([35, 102])
    expect(map([10, 20])).toEqual([85, 2])
  })
})
