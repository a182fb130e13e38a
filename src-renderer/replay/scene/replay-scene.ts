import type { SceneDescription, Vector } from '../../../src-main/contract/index.ts'
import { POSE_SIZE } from '../../../src-main/contract/index.ts'
import type { ActionArrows } from '../arrows.ts'
import { mainMovingBody, movingBodies } from '../moving-bodies.ts'
import { type ArrowsShown, createArrows } from './arrows.ts'
import { createBodies } from './bodies.ts'
import { type CameraMode, type CameraPose, fitPose, poseOf, takePose } from './cameras.ts'
import { createFailureMark } from './failure-mark.ts'
import { createField, type FieldShown } from './field.ts'
import { createGhosts, type GhostShown } from './ghosts.ts'
import { createGrid } from './grid.ts'
import type { Colour, SceneLook } from './look.ts'
import { Stage } from './stage.ts'
import { createTrail } from './trail.ts'

/** One moment of an episode, ready to be drawn. */
export interface Moment {
  /** Moving bodies x POSE_SIZE. */
  poses: Float32Array
  /** Of the main body, frames x 3. */
  path: Float32Array
  position: number
  hasFailed: boolean
  arrows: ActionArrows | null
  hasTrail: boolean
  ghosts: readonly GhostShown[]
  /** What the pointer draws at, and where to. */
  push?: { from: Vector; to: Vector } | null
}

/** Everything that a replay shows in three dimensions, drawn on one canvas. */
export class ReplayScene {
  readonly #stage: Stage
  readonly #description: SceneDescription
  readonly #mainBody: number | null
  readonly #bodies
  readonly #trail
  readonly #arrows
  readonly #ghosts
  readonly #failureMark
  readonly #grid
  readonly #field
  readonly #trailColour: Colour
  #mode: CameraMode = 'free'
  /** As long as nobody has moved the camera, it keeps the whole scene in the picture. */
  #fitted: CameraPose | null = null
  #followed: Vector | null = null

  /** @throws Error where the browser has no WebGL. */
  constructor(
    canvas: HTMLCanvasElement,
    description: SceneDescription,
    look: SceneLook,
    options: { isForExport?: boolean } = {},
  ) {
    this.#stage = new Stage(canvas, description, look, options)
    const { context, shadows } = this.#stage
    this.#description = description
    this.#mainBody = mainMovingBody(description)
    this.#grid = createGrid(context)
    this.#bodies = createBodies(context, shadows)
    this.#trail = createTrail(context)
    this.#arrows = createArrows(context)
    this.#ghosts = createGhosts(context)
    this.#failureMark = createFailureMark(context)
    this.#field = description.field && createField(context, description.field)
    this.#trailColour = look.text
    this.lookFrom('free')
  }

  /** Draws now, with everything that belongs to it. */
  drawNow(): Promise<void> {
    return this.#stage.drawNow()
  }

  start(): void {
    this.#stage.start()
  }

  show({ poses, path, position, hasFailed, arrows, hasTrail, ghosts, push }: Moment): void {
    const place = this.#placeOf(poses)
    this.#bodies.update({ poses, hasFailed })
    this.#trail.update(hasTrail && path.length > 3 ? { path, position, colour: this.#trailColour } : null)
    this.#arrows.update(push ? pushArrow(push) : arrows && place && { ...arrows, origin: place })
    this.#ghosts.update(ghosts)
    this.#failureMark.update(hasFailed ? place : null)
    this.#follow(place)
    this.#stage.refresh()
  }

  showField(field: FieldShown | null): void {
    this.#field?.update(field)
    this.#stage.refresh()
  }

  get cameraMode(): CameraMode {
    return this.#mode
  }

  get camera(): CameraPose {
    return poseOf(this.#stage.camera)
  }

  /** Where the camera was put; null while it keeps the whole scene in the picture. */
  get keptCamera(): CameraPose | null {
    return this.#isUntouched() ? null : this.camera
  }

  /** @param pose a place to look from that was kept; left out: the whole scene is in the picture. */
  lookFrom(mode: CameraMode, pose?: CameraPose): void {
    this.#mode = mode
    this.#fitted = null
    if (pose !== undefined) takePose(this.#stage.camera, pose)
    else this.#fit()
    this.#followed = null
    this.#stage.refresh()
  }

  /** The moving body under a place of the canvas, and where it was met. */
  grab(x: number, y: number): { body: number; at: Vector } | null {
    const hit = this.#stage.pick(x, y)
    if (hit === null) return null
    const body = movingBodies(this.#description).findIndex(({ name }) => name === hit.name)
    return body < 0 ? null : { body, at: hit.at }
  }

  pointAtHeight(x: number, y: number, z: number): Vector | null {
    return this.#stage.pointAtHeight(x, y, z)
  }

  resize(): void {
    this.#stage.resize()
    if (this.#isUntouched()) this.#fit()
  }

  dispose(): void {
    const layers = [
      this.#grid,
      this.#bodies,
      this.#trail,
      this.#arrows,
      this.#failureMark,
      this.#field,
      this.#ghosts,
    ]
    for (const layer of layers) layer?.dispose()
    this.#stage.dispose()
  }

  #fit(): void {
    const { camera, aspect } = this.#stage
    const pose = fitPose(this.#description, aspect, this.#mode === 'top' ? 'top' : 'free')
    takePose(camera, this.#mode === 'follow' ? { ...pose, distance: pose.distance * 0.5 } : pose)
    this.#fitted = poseOf(camera)
  }

  #isUntouched(): boolean {
    const now = poseOf(this.#stage.camera)
    const fitted = this.#fitted
    if (fitted === null || this.#mode === 'follow') return false
    const numbers = ({ azimuth, polar, distance, target }: CameraPose) => [
      azimuth,
      polar,
      distance,
      ...target,
    ]
    const before = numbers(fitted)
    return numbers(now).every((value, index) => Math.abs(value - (before[index] ?? 0)) < 1e-6)
  }

  #follow(place: Vector | null): void {
    if (this.#mode !== 'follow' || place === null) return
    const pose = poseOf(this.#stage.camera)
    const from = this.#followed ?? pose.target
    const target: Vector = [
      pose.target[0] + place[0] - from[0],
      pose.target[1] + place[1] - from[1],
      pose.target[2] + place[2] - from[2],
    ]
    takePose(this.#stage.camera, { ...pose, target })
    this.#followed = place
  }

  #placeOf(poses: Float32Array): Vector | null {
    if (this.#mainBody === null) return null
    const [x = 0, y = 0, z = 0] = poses.subarray(this.#mainBody * POSE_SIZE)
    return [x, y, z]
  }
}

function pushArrow({ from, to }: { from: Vector; to: Vector }): ArrowsShown {
  const along: Vector = [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
  return { origin: from, chosen: [along], allowed: [], masked: [] }
}
