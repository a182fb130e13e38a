import type { SceneDescription, Vector } from '../../src-main/contract/index.ts'
import type { CameraMode, CameraPose } from './scene/cameras.ts'
import type { FieldShown } from './scene/field.ts'
import type { Moment } from './scene/replay-scene.ts'

/** How a pane is looked at; without a pose, the whole scene is in it. */
export interface Viewpoint {
  mode: CameraMode
  pose: CameraPose | null
}

/** A canvas on which episodes are drawn, each in a pane of its own. There is one in three dimensions and one from above. */
export interface Picture {
  /** A pane for each scene; those whose scene was there before stay as they are. */
  arrange(scenes: readonly SceneDescription[]): void
  /** In the order of the panes. */
  show(moments: readonly Moment[]): void
  /** Over the floor of the first pane. */
  showField(field: FieldShown | null): void
  /** Linked, all panes are looked at alike. */
  link(areLinked: boolean): void
  /** Moves the camera of the pane that was last touched, and of all that are linked with it. */
  lookFrom(mode: CameraMode, pose?: CameraPose): void
  /** By pane; fewer move the first ones. */
  lookFromAll(viewpoints: readonly Viewpoint[]): void
  readonly viewpoints: Viewpoint[]
  /** Of the pane that was last touched; null where it has none. */
  readonly camera: CameraPose | null
  /** The moving body of the first pane under a place of the canvas, and where it was met. */
  grab(x: number, y: number): { body: number; at: Vector } | null
  /** The point at a height that lies under a place of the canvas. */
  pointAtHeight(x: number, y: number, z: number): Vector | null
  /** Takes pointers, and draws whenever something has changed. */
  start(): void
  /** Draws now, whole. */
  drawNow(): Promise<void>
  resize(): void
  dispose(): void
}
