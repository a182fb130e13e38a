import { type Body, POSE_SIZE, type SceneDescription, type Vector } from '../../../src-main/contract/index.ts'
import { toGridMarks } from '../length-marks.ts'
import { mainMovingBody, movingBodies } from '../moving-bodies.ts'
import { overlaySizes } from '../overlay-sizes.ts'
import { lookOf, noLooks, type PartLooks } from '../parts.ts'
import type { CameraMode } from '../scene/cameras.ts'
import type { FieldShown } from '../scene/field.ts'
import { extentOf } from '../scene/layer.ts'
import type { Colour, SceneLook } from '../scene/look.ts'
import type { Moment } from '../scene/replay-scene.ts'
import { Brush, type Projection } from './brush.ts'
import { drawContour, toHeatMap } from './flat-field.ts'
import { drawOverlays } from './flat-overlays.ts'
import { isInside, type Outline, outlineOf, type Placed } from './outline.ts'

/** Pixels of a pane of the canvas. */
export interface Area {
  left: number
  top: number
  width: number
  height: number
}

interface Part extends Outline {
  colour: Colour
  alpha: number
  isSign: boolean
}

const atOrigin: Placed = { position: [0, 0, 0], rotation: [1, 0, 0, 0] }

/** One episode, seen from straight above. */
export class FlatScene {
  mode: CameraMode = 'top'
  readonly #description: SceneDescription
  readonly #look: SceneLook
  readonly #extent: number
  readonly #sizes
  readonly #moving: Body[]
  readonly #mainBody: number | null
  #looks: PartLooks = noLooks
  #floor: Part[] = []
  #signs: Part[] = []
  #moment: Moment | null = null
  #field: { shown: FieldShown; picture: OffscreenCanvas } | null = null
  #area: Area = { left: 0, top: 0, width: 1, height: 1 }

  constructor(description: SceneDescription, look: SceneLook) {
    this.#description = description
    this.#look = look
    this.#extent = extentOf(description)
    this.#sizes = overlaySizes(description, this.#extent)
    this.#moving = movingBodies(description)
    this.#mainBody = mainMovingBody(description)
    this.#layFloor()
  }

  set area(area: Area) {
    this.#area = area
  }

  show(moment: Moment): void {
    this.#moment = moment
    const { looks = noLooks } = moment
    if (looks === this.#looks) return
    this.#looks = looks
    this.#layFloor()
  }

  showField(shown: FieldShown | null): void {
    this.#field = shown && { shown, picture: toHeatMap(shown) }
  }

  draw(context: CanvasRenderingContext2D): void {
    const { left, top, width, height } = this.#area
    context.save()
    context.beginPath()
    context.rect(left, top, width, height)
    context.clip()
    const brush = new Brush(context, this.#projection())
    for (const part of this.#floor) brush.area(part.points, part.colour, part.alpha)
    this.#drawField(brush)
    this.#drawGrid(brush)
    for (const part of this.#signs) brush.area(part.points, part.colour, part.alpha)
    if (this.#moment !== null) this.#drawMoment(brush, this.#moment)
    context.restore()
  }

  grab(x: number, y: number): { body: number; at: Vector } | null {
    const [px, py] = this.#toScene(x, y)
    const poses = this.#moment?.poses
    if (poses === undefined) return null
    for (const [index, body] of this.#moving.entries()) {
      const hit = this.#partsOf(body, placedAt(poses, index)).find((part) => isInside(part, px, py))
      if (hit !== undefined) return { body: index, at: [px, py, hit.top] }
    }
    return null
  }

  pointAtHeight(x: number, y: number, z: number): Vector {
    return [...this.#toScene(x, y), z]
  }

  /** What never moves; goals and starts lie over the heat map. */
  #layFloor(): void {
    const parts = this.#description.bodies
      .filter(({ massKilograms }) => massKilograms === null)
      .flatMap((body) => this.#partsOf(body, atOrigin))
      .toSorted((one, other) => one.top - other.top)
    this.#floor = parts.filter(({ isSign }) => !isSign)
    this.#signs = parts.filter(({ isSign }) => isSign)
  }

  #drawField(brush: Brush): void {
    const region = this.#description.field
    if (region === null || this.#field === null) return
    brush.image(this.#field.picture, region.low, region.high)
    drawContour(brush, this.#field.shown, region, this.#extent * 0.0022)
  }

  #drawGrid(brush: Brush): void {
    const { low, high, lengthUnit } = this.#description
    const { grid, text } = this.#look
    const size = this.#extent * 0.02
    const [columns, rows] = toGridMarks(low, high)
    for (const x of columns) {
      brush.line(
        [
          [x, low[1]],
          [x, high[1]],
        ],
        0,
        grid,
        0.7,
      )
      brush.text(String(x), [x, low[1] - size], size, text)
    }
    for (const y of rows) {
      brush.line(
        [
          [low[0], y],
          [high[0], y],
        ],
        0,
        grid,
        0.7,
      )
      brush.text(String(y), [low[0] - size, y], size, text)
    }
    brush.text(`x, ${lengthUnit}`, [high[0] - size * 2, low[1] - size * 2.2], size, text)
  }

  #drawMoment(brush: Brush, moment: Moment): void {
    const { poses, path, position, hasTrail, hasFailed, arrows, ghosts, push, failedAt, overlays, impulse } =
      moment
    const look = this.#look
    const thin = this.#extent * 0.0022
    if (hasTrail && path.length > 3) {
      const way = pointsOf(path)
      brush.line(way, thin * 0.7, look.text, 0.35)
      brush.line(way.slice(0, Math.floor(position) + 1), thin * 1.2, look.text)
    }
    const faint = Math.max(0.08, 0.45 / Math.sqrt(Math.max(1, ghosts.length)))
    for (const ghost of ghosts) {
      const colour = look[ghost.outcome]
      brush.line(pointsOf(ghost.path), thin * 0.6, colour, faint * 2)
      for (const part of this.#bodies(ghost.poses)) brush.area(part.points, colour, faint)
    }
    for (const part of this.#bodies(poses, hasFailed)) brush.area(part.points, part.colour, part.alpha)
    const place = this.#placeOf(poses)
    if (arrows !== null && place !== null)
      for (const kind of ['masked', 'allowed', 'chosen'] as const)
        for (const [x, y] of arrows[kind])
          brush.arrow(place, [x, y], kind === 'chosen' ? thin * 2.2 : thin, look[kind])
    if (push)
      brush.arrow(
        flat(push.from),
        [push.to[0] - push.from[0], push.to[1] - push.from[1]],
        thin * 2.2,
        look.chosen,
      )
    if (impulse) brush.arrow(flat(impulse.from), flat(impulse.along), this.#sizes.push, look.chosen)
    if (overlays) drawOverlays(brush, overlays, this.#sizes, look)
    const failure = failedAt ? flat(failedAt) : place
    if (hasFailed && failure !== null)
      brush.ring(failure, this.#extent * 0.0425, this.#extent * 0.005, look.failure)
  }

  /** The lower ones first. */
  #bodies(poses: Float32Array, hasFailed = false): Part[] {
    const failed = hasFailed ? this.#mainBody : null
    return this.#moving
      .flatMap((body, index) =>
        this.#partsOf(body, placedAt(poses, index), index === failed ? this.#look.failure : null),
      )
      .toSorted((one, other) => one.top - other.top)
  }

  #partsOf(body: Body, placed: Placed, colour: Colour | null = null): Part[] {
    return body.geometries.flatMap((geometry, index): Part[] => {
      const { isVisible, opacity } = lookOf(this.#looks, body, index)
      if (!isVisible) return []
      const { material } = geometry
      const own = material === 'agentAccent' ? null : colour
      return [
        {
          ...outlineOf(geometry, placed),
          colour: own ?? geometry.colour ?? this.#look.materials[material],
          alpha: opacity * (material === 'goal' ? 0.5 : 1),
          isSign: material === 'goal' || material === 'start',
        },
      ]
    })
  }

  #placeOf(poses: Float32Array): [number, number] | null {
    if (this.#mainBody === null) return null
    const [x = 0, y = 0] = poses.subarray(this.#mainBody * POSE_SIZE)
    return [x, y]
  }

  #projection(): Projection {
    const { low, high } = this.#description
    const { left, top, width, height } = this.#area
    // Room for the length marks.
    const room = Math.hypot(high[0] - low[0], high[1] - low[1]) * 0.06
    const fit = Math.min(width / (high[0] - low[0] + 2 * room), height / (high[1] - low[1] + 2 * room))
    const followed = this.mode === 'follow' && this.#moment && this.#placeOf(this.#moment.poses)
    const [x, y] = followed || [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2]
    const scale = followed ? fit * 2 : fit
    return { scale, left: left + width / 2 - x * scale, bottom: top + height / 2 + y * scale }
  }

  #toScene(x: number, y: number): [number, number] {
    const { scale, left, bottom } = this.#projection()
    return [(x - left) / scale, (bottom - y) / scale]
  }
}

function placedAt(poses: Float32Array, body: number): Placed {
  const [x = 0, y = 0, z = 0, w = 1, qx = 0, qy = 0, qz = 0] = poses.subarray(body * POSE_SIZE)
  return { position: [x, y, z], rotation: [w, qx, qy, qz] }
}

const flat = ([x, y]: Vector): [number, number] => [x, y]

function pointsOf(path: Float32Array): [number, number][] {
  const points: [number, number][] = []
  for (let at = 0; at < path.length; at += 3) points.push([path[at] ?? 0, path[at + 1] ?? 0])
  return points
}
