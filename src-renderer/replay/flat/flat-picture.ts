import type { SceneDescription, Vector } from '../../../src-main/contract/index.ts'
import { layOutPanes, type Pane, paneAt } from '../panes.ts'
import type { Picture, Viewpoint } from '../picture.ts'
import type { CameraMode, CameraPose } from '../scene/cameras.ts'
import type { FieldShown } from '../scene/field.ts'
import type { SceneLook } from '../scene/look.ts'
import type { Moment } from '../scene/replay-scene.ts'
import { FlatScene } from './flat-scene.ts'

/** Every pane from straight above, on a canvas that needs no graphics card. */
export class FlatPicture implements Picture {
  readonly #canvas: HTMLCanvasElement
  readonly #look: SceneLook
  readonly #isForExport: boolean
  #scenes: { of: SceneDescription; scene: FlatScene }[] = []
  #panes: Pane[] = []
  #touched = 0
  #areLinked = true
  #request = 0
  #hasStarted = false

  constructor(canvas: HTMLCanvasElement, look: SceneLook, { isForExport = false } = {}) {
    this.#canvas = canvas
    this.#look = look
    this.#isForExport = isForExport
  }

  arrange(scenes: readonly SceneDescription[]): void {
    const before = this.#scenes
    this.#scenes = scenes.map((of, index) => {
      const kept = before[index]
      return kept?.of === of ? kept : { of, scene: new FlatScene(of, this.#look) }
    })
    this.#touched = 0
    this.resize()
  }

  show(moments: readonly Moment[]): void {
    for (const [index, { scene }] of this.#scenes.entries()) {
      const moment = moments[index]
      if (moment !== undefined) scene.show(moment)
    }
    this.#refresh()
  }

  showField(field: FieldShown | null): void {
    this.#scenes.at(0)?.scene.showField(field)
    this.#refresh()
  }

  link(areLinked: boolean): void {
    this.#areLinked = areLinked
    const mode = this.#scenes[this.#touched]?.scene.mode
    if (areLinked && mode !== undefined) this.lookFrom(mode)
  }

  lookFrom(mode: CameraMode): void {
    for (const [index, { scene }] of this.#scenes.entries())
      if (this.#areLinked || index === this.#touched) scene.mode = mode
    this.#refresh()
  }

  lookFromAll(viewpoints: readonly Viewpoint[]): void {
    for (const [index, { mode }] of viewpoints.entries()) {
      const pane = this.#scenes[index]
      if (pane !== undefined) pane.scene.mode = mode
    }
    this.#refresh()
  }

  get viewpoints(): Viewpoint[] {
    return this.#scenes.map(({ scene }) => ({ mode: scene.mode, pose: null }))
  }

  get camera(): CameraPose | null {
    return null
  }

  grab(x: number, y: number): { body: number; at: Vector } | null {
    return this.#paneUnder(x, y) === 0
      ? (this.#scenes.at(0)?.scene.grab(x * this.#density, y * this.#density) ?? null)
      : null
  }

  pointAtHeight(x: number, y: number, z: number): Vector | null {
    return this.#scenes.at(0)?.scene.pointAtHeight(x * this.#density, y * this.#density, z) ?? null
  }

  start(): void {
    this.#hasStarted = true
    this.#canvas.addEventListener('pointerdown', this.#touch, { passive: true })
    this.#refresh()
  }

  async drawNow(): Promise<void> {
    this.#draw()
  }

  resize(): void {
    const { clientWidth, clientHeight } = this.#canvas
    if (!this.#isForExport) {
      this.#canvas.width = Math.max(1, Math.round(clientWidth * this.#density))
      this.#canvas.height = Math.max(1, Math.round(clientHeight * this.#density))
    }
    const { width, height } = this.#canvas
    this.#panes = layOutPanes(this.#scenes.length, width / height)
    for (const [index, { scene }] of this.#scenes.entries()) {
      const pane = this.#panes[index]
      if (pane !== undefined)
        scene.area = {
          left: pane.x * width,
          top: pane.y * height,
          width: pane.width * width,
          height: pane.height * height,
        }
    }
    // A canvas that was given a size is empty until it is drawn.
    if (this.#hasStarted) this.#draw()
  }

  dispose(): void {
    cancelAnimationFrame(this.#request)
    this.#canvas.removeEventListener('pointerdown', this.#touch)
  }

  /** Pixels for each CSS pixel. */
  get #density(): number {
    return this.#isForExport ? 1 : window.devicePixelRatio
  }

  readonly #touch = (event: PointerEvent): void => {
    this.#touched = this.#paneUnder(event.offsetX, event.offsetY)
  }

  #paneUnder(x: number, y: number): number {
    const { clientWidth, clientHeight } = this.#canvas
    return paneAt(this.#panes, x / Math.max(1, clientWidth), y / Math.max(1, clientHeight))
  }

  #refresh(): void {
    if (!this.#hasStarted || this.#request !== 0) return
    this.#request = requestAnimationFrame(() => {
      this.#request = 0
      this.#draw()
    })
  }

  #draw(): void {
    const context = this.#canvas.getContext('2d')
    if (context === null) return
    const [red, green, blue] = this.#look.background
    context.fillStyle = `rgb(${red * 255} ${green * 255} ${blue * 255})`
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height)
    for (const { scene } of this.#scenes) scene.draw(context)
  }
}
