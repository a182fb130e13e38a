import type { Engine } from '@babylonjs/core/Engines/engine.js'
import type { SceneDescription, Vector } from '../../../src-main/contract/index.ts'
import { POSE_SIZE } from '../../../src-main/contract/index.ts'
import type { ActionArrows } from '../arrows.ts'
import { mainMovingBody, movingBodies } from '../moving-bodies.ts'
import type { OverlaysShown } from '../overlays.ts'
import type { Pane } from '../panes.ts'
import { noLooks, type PartLooks } from '../parts.ts'
import type { PushShown } from '../push.ts'
import { type ArrowsShown, createArrows } from './arrows.ts'
import { createBodies } from './bodies.ts'
import {
  type CameraMode,
  type CameraPose,
  closePose,
  fitPose,
  isSamePose,
  poseOf,
  takePose,
} from './cameras.ts'
import { createFailureMark } from './failure-mark.ts'
import { createField, type FieldShown } from './field.ts'
import { createGhosts, type GhostShown } from './ghosts.ts'
import { createGrid } from './grid.ts'
import type { Colour, SceneLook } from './look.ts'
import { createImpulse, createOverlays } from './overlays.ts'
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
  /** Where, if that is not where the main body is. */
  failedAt?: Vector | null
  arrows: ActionArrows | null
  hasTrail: boolean
  ghosts: readonly GhostShown[]
  /** Of the parts of the scene that are hidden or transparent. */
  looks?: PartLooks
  overlays?: OverlaysShown | null
  /** A push that a branch begins with. */
  impulse?: PushShown | null
  /** What the pointer draws at, and where to. */
  push?: { from: Vector; to: Vector } | null
}

/** Everything that one episode shows in three dimensions, drawn in one pane of a canvas. */
export class ReplayScene {
  readonly #stage: Stage
  readonly #description: SceneDescription
  readonly #mainBody: number | null
  readonly #bodies
  readonly #trail
  readonly #arrows
  readonly #ghosts
  readonly #failureMark
  readonly #overlays
  readonly #impulse
  readonly #grid
  readonly #field
  readonly #trailColour: Colour
  readonly #onChange: () => void
  #mode: CameraMode = 'free'
  /** As long as nobody has moved the camera, it keeps the whole scene in the picture. */
  #fitted: CameraPose | null = null
  #followed: Vector | null = null
  #place: Vector | null = null
  #poses: Float32Array | null = null

  /** @param onChange it has to be drawn anew. */
  constructor(engine: Engine, description: SceneDescription, look: SceneLook, onChange: () => void) {
    this.#onChange = onChange
    this.#stage = new Stage(engine, description, look, onChange)
    const { context, shadows } = this.#stage
    this.#description = description
    this.#mainBody = mainMovingBody(description)
    this.#grid = createGrid(context)
    this.#bodies = createBodies(context, shadows)
    this.#trail = createTrail(context)
    this.#arrows = createArrows(context)
    this.#ghosts = createGhosts(context)
    this.#failureMark = createFailureMark(context)
    this.#overlays = createOverlays(context)
    this.#impulse = createImpulse(context)
    this.#field = description.field && createField(context, description.field)
    this.#trailColour = look.text
    this.lookFrom('free')
  }

  /** Where on the canvas it is drawn. */
  set pane(pane: Pane) {
    const isFitted = this.#isUntouched()
    this.#stage.pane = pane
    if (isFitted) this.#fit()
  }

  set takesPointer(takes: boolean) {
    this.#stage.takesPointer = takes
  }

  render(): void {
    this.#stage.render()
  }

  get isAtRest(): boolean {
    return this.#stage.isAtRest
  }

  whenReady(): Promise<void> {
    return this.#stage.whenReady()
  }

  show({
    poses,
    path,
    position,
    hasFailed,
    arrows,
    hasTrail,
    ghosts,
    push,
    failedAt,
    looks = noLooks,
    overlays = null,
    impulse = null,
  }: Moment): void {
    const place = this.#placeOf(poses)
    this.#place = place
    this.#poses = poses
    this.#bodies.update({ poses, hasFailed, looks })
    this.#trail.update(hasTrail && path.length > 3 ? { path, position, colour: this.#trailColour } : null)
    this.#arrows.update(push ? pushArrow(push) : arrows && place && { ...arrows, origin: place })
    this.#ghosts.update(ghosts)
    this.#failureMark.update(hasFailed ? (failedAt ?? place) : null)
    this.#overlays.update(overlays)
    this.#impulse.update(impulse === null ? [] : [impulse])
    this.#follow(place)
    this.#onChange()
  }

  showField(field: FieldShown | null): void {
    this.#field?.update(field)
    this.#onChange()
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
    this.#onChange()
  }

  /** As another scene is looked at; whoever is followed there, here it is the own main body. */
  lookLike(other: ReplayScene): void {
    if (other.#isUntouched()) {
      if (!this.#isUntouched() || this.#mode !== other.#mode) this.lookFrom(other.#mode)
      return
    }
    const pose = other.camera
    this.#mode = other.#mode
    this.#fitted = null
    const [own, theirs] = [this.#place, other.#place]
    const isFollowing = this.#mode === 'follow' && own !== null && theirs !== null
    const alike = isFollowing ? { ...pose, target: moved(pose.target, theirs, own) } : pose
    if (!isSamePose(this.camera, alike)) takePose(this.#stage.camera, alike)
    this.#followed = this.#place
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

  dispose(): void {
    const layers = [
      this.#grid,
      this.#bodies,
      this.#trail,
      this.#arrows,
      this.#failureMark,
      this.#overlays,
      this.#impulse,
      this.#field,
      this.#ghosts,
    ]
    for (const layer of layers) layer?.dispose()
    this.#stage.dispose()
  }

  #fit(): void {
    const { camera, aspect } = this.#stage
    const pose = fitPose(this.#description, aspect, this.#mode === 'top' ? 'top' : 'free')
    takePose(camera, this.#mode === 'follow' ? this.#closer(pose, aspect) : pose)
    this.#fitted = poseOf(camera)
  }

  /** A robot, or what the main body is among, takes half of the picture; a single body is shown with what is around it. */
  #closer(pose: CameraPose, aspect: number): CameraPose {
    const half = { ...pose, distance: pose.distance * 0.5 }
    const place = this.#place
    if (place === null || this.#poses === null || this.#description.joints.length === 0) return half
    return { ...half, ...closePose(this.#description, place, this.#poses, aspect) }
  }

  #isUntouched(): boolean {
    if (this.#fitted === null || this.#mode === 'follow') return false
    return isSamePose(poseOf(this.#stage.camera), this.#fitted)
  }

  #follow(place: Vector | null): void {
    if (this.#mode !== 'follow' || place === null) return
    const pose = poseOf(this.#stage.camera)
    const from = this.#followed ?? pose.target
    takePose(this.#stage.camera, { ...pose, target: moved(pose.target, from, place) })
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

/** A point as far from `to` as it was from `from`. */
function moved(point: Vector, from: Vector, to: Vector): Vector {
  return [point[0] + to[0] - from[0], point[1] + to[1] - from[1], point[2] + to[2] - from[2]]
}
