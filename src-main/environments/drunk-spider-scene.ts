import {
  type Body,
  type Geometry,
  POSE_SIZE,
  type Quaternion,
  type SceneDescription,
  VELOCITY_SIZE,
  type Vector,
} from '../contract/scenes.ts'
import type { Motion } from './environment.ts'

/** The map lies in the plane z = 0: x is the column, y counts rows from the bottom, so that row 0 is at the top as in the text. */
interface Layout {
  map: readonly string[]
  start: readonly [number, number]
  goal: readonly [number, number]
  goalRadius: number
  lava: string
}

const UPRIGHT: Quaternion = [1, 0, 0, 0]
const FLOOR_DEPTH = 0.5
const LAVA_SURFACE = -0.12
/** Height of the spider's middle above the floor. */
const STANCE = 0.22
const LEG_PAIRS = [-1.05, -0.35, 0.35, 1.05] as const

export function drunkSpiderScene(layout: Layout): SceneDescription {
  const rows = layout.map.length
  const columns = layout.map[0]?.length ?? 0
  return {
    lengthUnit: 'cells',
    secondsPerFrame: 1,
    low: [0, 0, -FLOOR_DEPTH],
    high: [columns, rows, 1],
    bodies: [
      { name: 'map', massKilograms: null, geometries: [...floor(layout), ...places(layout)] },
      { name: 'spider', massKilograms: 1, geometries: spider() },
    ],
    joints: [],
    mainBody: 'spider',
    actionArrow: [
      [0, 1],
      [-1, 0],
      [0, 0],
    ],
    field: { low: [0, 0], high: [columns, rows], z: 0 },
    // It walks at the speed that it chooses anew in every step, so no push would outlast one.
    largestPush: null,
  }
}

/** The spider looks where it last went; before its first step, towards `facing`. */
export function drunkSpiderMotion(
  rows: number,
  [row, column]: readonly [number, number],
  previous: readonly [number, number] | null,
  facing: readonly [number, number],
): Motion {
  const [rowsPerFrame, columnsPerFrame] = previous ? [row - previous[0], column - previous[1]] : [0, 0]
  const stands = Math.hypot(rowsPerFrame, columnsPerFrame) < 1e-9
  const heading = stands
    ? Math.atan2(row - facing[0], facing[1] - column)
    : Math.atan2(-rowsPerFrame, columnsPerFrame)
  const poses = new Float32Array(POSE_SIZE)
  poses.set([column, rows - row, STANCE, ...aboutZ(heading)])
  const velocities = new Float32Array(VELOCITY_SIZE)
  velocities.set([columnsPerFrame, -rowsPerFrame])
  return { poses, velocities }
}

function aboutZ(angle: number): Quaternion {
  return [Math.cos(angle / 2), 0, 0, Math.sin(angle / 2)]
}

/** One box for each unbroken stretch of a row that is all lava or all free. */
function floor({ map, lava }: Layout): Geometry[] {
  return map.flatMap((text, row) => {
    const stretches = text.match(/(.)\1*/g) ?? []
    let column = 0
    return stretches.map((stretch): Geometry => {
      const isLava = stretch.startsWith(lava)
      const top = isLava ? LAVA_SURFACE : 0
      const geometry = box(
        [column + stretch.length / 2, map.length - row - 0.5, (top - FLOOR_DEPTH) / 2],
        [stretch.length / 2, 0.5, (top + FLOOR_DEPTH) / 2],
        isLava ? 'hazard' : 'ground',
      )
      column += stretch.length
      return geometry
    })
  })
}

function places({ map, start, goal, goalRadius }: Layout): Geometry[] {
  const disc = ([row, column]: readonly [number, number], radius: number, material: 'goal' | 'start') => ({
    kind: 'cylinder' as const,
    size: [radius, 0.005, 0] satisfies Vector,
    position: [column, map.length - row, 0.005] satisfies Vector,
    rotation: UPRIGHT,
    material,
    colour: null,
    collides: false,
  })
  return [disc(goal, goalRadius, 'goal'), disc(start, 0.12, 'start')]
}

function box(position: Vector, size: Vector, material: Geometry['material']): Geometry {
  return { kind: 'box', size, position, rotation: UPRIGHT, material, colour: null, collides: true }
}

/** Looks along x. */
function spider(): Body['geometries'] {
  const part = (
    kind: Geometry['kind'],
    size: Vector,
    position: Vector,
    material: Geometry['material'],
    rotation: Quaternion = UPRIGHT,
    collides = false,
  ): Geometry => ({ kind, size, position, rotation, material, colour: null, collides })
  const legs = [-1, 1].flatMap((side) => LEG_PAIRS.flatMap((angle) => leg(side, angle)))
  return [
    part('ellipsoid', [0.17, 0.13, 0.11], [-0.13, 0, 0.03], 'agent', UPRIGHT, true),
    part('sphere', [0.1, 0, 0], [0.09, 0, 0.01], 'agent', UPRIGHT, true),
    part('sphere', [0.022, 0, 0], [0.175, 0.035, 0.05], 'agentAccent'),
    part('sphere', [0.022, 0, 0], [0.175, -0.035, 0.05], 'agentAccent'),
    ...legs,
  ]

  /** From the body up to a knee and down to the floor; `angle` from straight sideways, forward positive. */
  function leg(side: number, angle: number): Geometry[] {
    const outwards: Vector = [Math.sin(angle), side * Math.cos(angle), 0]
    const at = (distance: number, height: number): Vector => [
      0.02 + outwards[0] * distance,
      outwards[1] * distance,
      height,
    ]
    const [hip, knee, foot] = [at(0.07, 0.02), at(0.24, 0.15), at(0.38, -STANCE + 0.015)]
    return [limb(hip, knee, 0.018), limb(knee, foot, 0.013)]
  }

  function limb(from: Vector, to: Vector, radius: number): Geometry {
    const along: Vector = [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
    const length = Math.hypot(...along)
    const middle: Vector = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2]
    return part('capsule', [radius, length / 2, 0], middle, 'agent', turningZTo(along, length), true)
  }
}

/** The shortest turn that brings the z axis onto `along`. */
function turningZTo(along: Vector, length: number): Quaternion {
  const [x, y, z] = [along[0] / length, along[1] / length, along[2] / length]
  const w = 1 + z
  if (w < 1e-9) return [0, 1, 0, 0]
  const norm = Math.hypot(w, x, y)
  return [w / norm, -y / norm, x / norm, 0]
}
