import { Engine } from '@babylonjs/core/Engines/engine.js'
import { Color4 } from '@babylonjs/core/Maths/math.color.js'
import type { SceneDescription, Vector } from '../../../src-main/contract/index.ts'
import { layOutPanes, type Pane, paneAt } from '../panes.ts'
import type { Picture, Viewpoint } from '../picture.ts'
import type { CameraMode, CameraPose } from './cameras.ts'
import type { FieldShown } from './field.ts'
import type { SceneLook } from './look.ts'
import { type Moment, ReplayScene } from './replay-scene.ts'

const pointerEvents = ['pointermove', 'pointerdown', 'wheel'] as const

/** Draws every pane with one engine, and only when something has changed. */
export class ReplayPicture implements Picture {
  readonly #engine: Engine
  readonly #canvas: HTMLCanvasElement
  readonly #look: SceneLook
  #scenes: { of: SceneDescription; scene: ReplayScene }[] = []
  #panes: Pane[] = []
  /** The pane whose camera the pointer moves. */
  #touched = 0
  #takesPointer = false
  #areLinked = true
  #isStale = true

  /** @throws Error where the browser has no WebGL. */
  constructor(canvas: HTMLCanvasElement, look: SceneLook, { isForExport = false } = {}) {
    // A picture for export has as many pixels as were asked for, whatever the screen has.
    const options = { preserveDrawingBuffer: true, stencil: false, doNotHandleContextLost: true }
    this.#engine = new Engine(canvas, true, options, !isForExport)
    // The library's own is 1, which would put the scene before everything else of the page; its keys are actions of the replay.
    this.#engine.canvasTabIndex = -1
    this.#canvas = canvas
    this.#look = look
  }

  arrange(scenes: readonly SceneDescription[]): void {
    const before = this.#scenes
    this.#scenes = scenes.map((of, index) => {
      const kept = before[index]
      if (kept?.of === of) return kept
      return { of, scene: new ReplayScene(this.#engine, of, this.#look, this.#refresh) }
    })
    for (const one of before) if (!this.#scenes.includes(one)) one.scene.dispose()
    this.#touched = 0
    this.#layOut()
    this.#listen()
  }

  show(moments: readonly Moment[]): void {
    for (const [index, { scene }] of this.#scenes.entries()) {
      const moment = moments[index]
      if (moment !== undefined) scene.show(moment)
    }
  }

  showField(field: FieldShown | null): void {
    this.#scenes.at(0)?.scene.showField(field)
  }

  link(areLinked: boolean): void {
    this.#areLinked = areLinked
    this.#refresh()
  }

  lookFrom(mode: CameraMode, pose?: CameraPose): void {
    this.#scenes[this.#touched]?.scene.lookFrom(mode, pose)
  }

  lookFromAll(viewpoints: readonly Viewpoint[]): void {
    for (const [index, { mode, pose }] of viewpoints.entries())
      this.#scenes[index]?.scene.lookFrom(mode, pose ?? undefined)
  }

  get viewpoints(): Viewpoint[] {
    return this.#scenes.map(({ scene }) => ({ mode: scene.cameraMode, pose: scene.keptCamera }))
  }

  get camera(): CameraPose | null {
    return this.#scenes[this.#touched]?.scene.camera ?? null
  }

  grab(x: number, y: number): { body: number; at: Vector } | null {
    return this.#paneUnder(x, y) === 0 ? (this.#scenes.at(0)?.scene.grab(x, y) ?? null) : null
  }

  pointAtHeight(x: number, y: number, z: number): Vector | null {
    return this.#scenes.at(0)?.scene.pointAtHeight(x, y, z) ?? null
  }

  start(): void {
    this.#takesPointer = true
    this.#listen()
    for (const type of pointerEvents)
      this.#canvas.addEventListener(type, this.#touch, { passive: true, capture: true })
    this.#engine.runRenderLoop(() => {
      if (!this.#isStale) return
      this.#isStale = !this.#scenes.every(({ scene }) => scene.isAtRest)
      this.#render()
    })
  }

  async drawNow(): Promise<void> {
    for (const { scene } of this.#scenes) await scene.whenReady()
    this.#render()
  }

  resize(): void {
    this.#engine.resize()
    this.#layOut()
  }

  dispose(): void {
    for (const type of pointerEvents) this.#canvas.removeEventListener(type, this.#touch, { capture: true })
    for (const { scene } of this.#scenes) scene.dispose()
    this.#engine.dispose()
  }

  readonly #refresh = (): void => {
    this.#isStale = true
  }

  /** The pane under the pointer takes it, unless a button that went down over another one is still held. */
  readonly #touch = (event: MouseEvent): void => {
    this.#refresh()
    if (event.type === 'pointermove' && event.buttons !== 0) return
    const touched = this.#paneUnder(event.offsetX, event.offsetY)
    if (touched === this.#touched) return
    this.#touched = touched
    this.#listen()
  }

  #listen(): void {
    if (!this.#takesPointer) return
    for (const { scene } of this.#scenes) scene.takesPointer = false
    const touched = this.#scenes[this.#touched]
    if (touched !== undefined) touched.scene.takesPointer = true
  }

  #paneUnder(x: number, y: number): number {
    const { clientWidth, clientHeight } = this.#canvas
    return paneAt(this.#panes, x / Math.max(1, clientWidth), y / Math.max(1, clientHeight))
  }

  #layOut(): void {
    const aspect = this.#engine.getRenderWidth() / Math.max(1, this.#engine.getRenderHeight())
    this.#panes = layOutPanes(this.#scenes.length, aspect)
    for (const [index, { scene }] of this.#scenes.entries()) {
      const pane = this.#panes[index]
      if (pane !== undefined) scene.pane = pane
    }
    this.#refresh()
  }

  #render(): void {
    this.#engine.clear(new Color4(...this.#look.background, 1), true, true, true)
    const leader = this.#scenes[this.#touched]?.scene
    // It moves its camera while it is drawn; the others look from there at once.
    leader?.render()
    for (const { scene } of this.#scenes) {
      if (scene === leader) continue
      if (this.#areLinked && leader !== undefined) scene.lookLike(leader)
      scene.render()
    }
  }
}
