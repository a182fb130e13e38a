import type {
  Geometry,
  Material,
  Quaternion,
  SceneDescription,
  Vector,
} from '../../src-main/contract/index.ts'

export type Point = readonly [x: number, y: number]

/** A geometry as it is seen from above: a convex polygon in the scene's x and y. */
export interface Outline {
  material: Material
  colour: Geometry['colour']
  points: readonly Point[]
}

/** Points on a circle; small pictures need no more. */
const CORNERS = 20

/** What stands still in a scene, the lowest first, so that what lies above is drawn over it. */
export function topView(scene: SceneDescription): Outline[] {
  const geometries = scene.bodies
    .filter(({ massKilograms }) => massKilograms === null)
    .flatMap((body) => body.geometries)
  return geometries
    .map((geometry) => ({ geometry, corners: cornersOf(geometry).map((corner) => place(corner, geometry)) }))
    .sort((a, b) => topOf(a.corners) - topOf(b.corners))
    .map(({ geometry: { material, colour }, corners }) => ({
      material,
      colour,
      points: convexHull(corners.map(([x, y]) => [x, y])),
    }))
}

/** Maps the scene's floor into a picture, as large as it fits, y upwards. */
export function fitInto({ low, high }: SceneDescription, width: number, height: number, margin: number) {
  const scale = Math.min(
    (width - 2 * margin) / (high[0] - low[0]),
    (height - 2 * margin) / (high[1] - low[1]),
  )
  const left = width / 2 - (scale * (low[0] + high[0])) / 2
  const bottom = height / 2 + (scale * (low[1] + high[1])) / 2
  return ([x, y]: Point): Point => [left + scale * x, bottom - scale * y]
}

/** Points whose hull is the geometry's, in its own frame. */
function cornersOf({ kind, size: [a, b, c] }: Geometry): Vector[] {
  const signs = [-1, 1]
  switch (kind) {
    case 'box':
      return signs.flatMap((x) => signs.flatMap((y) => signs.map((z): Vector => [x * a, y * b, z * c])))
    case 'plane':
      return signs.flatMap((x) => signs.map((y): Vector => [x * a, y * b, 0]))
    case 'cylinder':
      return signs.flatMap((z) => circle(a).map(([x, y]): Vector => [x, y, z * b]))
    case 'sphere':
      return ball(a, a, a)
    case 'ellipsoid':
      return ball(a, b, c)
    case 'capsule':
      return signs.flatMap((end) => ball(a, a, a).map(([x, y, z]): Vector => [x, y, z + end * b]))
  }
}

function circle(radius: number): Point[] {
  return Array.from({ length: CORNERS }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / CORNERS
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
}

function ball(a: number, b: number, c: number): Vector[] {
  return Array.from({ length: CORNERS / 2 + 1 }, (_, i) => (2 * Math.PI * i) / CORNERS).flatMap((polar) =>
    circle(Math.sin(polar)).map(([x, y]): Vector => [a * x, b * y, c * Math.cos(polar)]),
  )
}

function place(point: Vector, { position, rotation }: Geometry): Vector {
  const [x, y, z] = rotate(point, rotation)
  return [x + position[0], y + position[1], z + position[2]]
}

/** v + 2 w (u x v) + 2 u x (u x v), with q = (w, u). */
function rotate(v: Vector, [w, ...u]: Quaternion): Vector {
  const once = cross(u, v)
  const twice = cross(u, once)
  return [
    v[0] + 2 * (w * once[0] + twice[0]),
    v[1] + 2 * (w * once[1] + twice[1]),
    v[2] + 2 * (w * once[2] + twice[2]),
  ]
}

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

const topOf = (corners: readonly Vector[]): number => Math.max(...corners.map(([, , z]) => z))

/** Andrew's monotone chain, counterclockwise. */
function convexHull(points: Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = []
    for (const point of ordered) {
      while (turnsRight(chain.at(-2), chain.at(-1), point)) chain.pop()
      chain.push(point)
    }
    return chain.slice(0, -1)
  }
  return [...half(sorted), ...half(sorted.toReversed())]
}

function turnsRight(a: Point | undefined, b: Point | undefined, c: Point): boolean {
  if (a === undefined || b === undefined) return false
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) <= 0
}
