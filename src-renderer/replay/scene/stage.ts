import '@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js'
import '@babylonjs/core/Culling/ray.js'
import type { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js'
import type { Engine } from '@babylonjs/core/Engines/engine.js'
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js'
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js'
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js'
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js'
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js'
import { Viewport } from '@babylonjs/core/Maths/math.viewport.js'
import { Scene } from '@babylonjs/core/scene.js'
import type { SceneDescription, Vector } from '../../../src-main/contract/index.ts'
import { movingBodies } from '../moving-bodies.ts'
import type { Pane } from '../panes.ts'
import { createCamera } from './cameras.ts'
import { extentOf, type SceneContext } from './layer.ts'
import type { SceneLook } from './look.ts'

/** Light and camera of one pane of a canvas. */
export class Stage {
  readonly context: SceneContext
  readonly camera: ArcRotateCamera
  readonly shadows: ShadowGenerator
  readonly #engine: Engine
  readonly #scene: Scene

  constructor(engine: Engine, description: SceneDescription, look: SceneLook, onChange: () => void) {
    this.#engine = engine
    const scene = new Scene(engine)
    this.#scene = scene
    scene.useRightHandedSystem = true
    scene.skipPointerMovePicking = true
    scene.doNotHandleCursors = true
    scene.clearColor = new Color4(...look.background, 1)
    // The canvas is cleared once for all of its panes.
    scene.autoClear = false
    this.context = { scene, description, look, extent: extentOf(description) }
    this.camera = createCamera(scene, description)
    this.shadows = lightUp(scene, description, look)
    this.camera.onViewMatrixChangedObservable.add(onChange)
  }

  /** Where on the canvas it is drawn. */
  set pane({ x, y, width, height }: Pane) {
    this.camera.viewport = new Viewport(x, 1 - y - height, width, height)
  }

  /** Whether the pointer turns, moves and zooms the camera. */
  set takesPointer(takes: boolean) {
    if (takes) this.camera.attachControl(true)
    else this.camera.detachControl()
  }

  render(): void {
    this.#scene.render()
  }

  /** Until the shaders are compiled, a picture may lack what they draw; a camera that was let go of glides on. */
  get isAtRest(): boolean {
    return this.#scene.isReady() && !this.#isGliding()
  }

  async whenReady(): Promise<void> {
    await this.#scene.whenReadyAsync()
  }

  /** What lies under a place of the canvas, in CSS pixels. */
  pick(x: number, y: number): { name: string; at: Vector } | null {
    const { pickedMesh, pickedPoint } = this.#scene.pick(x, y)
    const name: unknown = pickedMesh?.metadata?.body
    if (typeof name !== 'string' || !pickedPoint) return null
    return { name, at: [pickedPoint.x, pickedPoint.y, pickedPoint.z] }
  }

  /** The point at a height that lies under a place of the canvas; null where the view does not meet that height. */
  pointAtHeight(x: number, y: number, z: number): Vector | null {
    const { origin, direction } = this.#scene.createPickingRay(x, y, Matrix.Identity(), this.camera)
    const distance = (z - origin.z) / direction.z
    if (!Number.isFinite(distance) || distance <= 0) return null
    return [origin.x + direction.x * distance, origin.y + direction.y * distance, z]
  }

  get aspect(): number {
    return this.#engine.getAspectRatio(this.camera)
  }

  dispose(): void {
    this.#scene.dispose()
  }

  #isGliding(): boolean {
    const { inertialAlphaOffset, inertialBetaOffset, inertialRadiusOffset } = this.camera
    const { inertialPanningX, inertialPanningY } = this.camera
    return [
      inertialAlphaOffset,
      inertialBetaOffset,
      inertialRadiusOffset,
      inertialPanningX,
      inertialPanningY,
    ].some((offset) => offset !== 0)
  }
}

/** An even sky, and one sun that casts soft shadows. */
function lightUp(scene: Scene, description: SceneDescription, look: SceneLook): ShadowGenerator {
  const { low, high } = description
  const sky = new HemisphericLight('sky', new Vector3(0, 0, 1), scene)
  sky.intensity = 0.55
  sky.diffuse = Color3.White()
  sky.groundColor = look.isDark ? new Color3(0.35, 0.36, 0.4) : new Color3(0.62, 0.63, 0.66)
  sky.specular = Color3.Black()
  const direction = new Vector3(-0.5, 0.45, -1).normalize()
  const sun = new DirectionalLight('sun', direction, scene)
  sun.intensity = 0.55
  const extent = extentOf({ low, high })
  sun.position = new Vector3((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, 0).subtract(
    direction.scale(extent),
  )
  // As near as the scene allows: were it as far as the camera sees, the shadow of a foot would lie beside it.
  sun.shadowMinZ = 0
  sun.shadowMaxZ = extent * 2.5
  const shadows = new ShadowGenerator(description.joints.length > 0 ? 512 : 2048, sun)
  shadows.usePercentageCloserFiltering = true
  shadows.filteringQuality = ShadowGenerator.QUALITY_HIGH
  shadows.bias = 0.0014
  // What light grazes would shade itself in stripes; with more, thin legs would lose their shadow.
  shadows.normalBias = 0.12 * thinnestOf(description)
  shadows.setDarkness(0.2)
  return shadows
}

/** Radius of the thinnest limb that moves; 0: none does. */
function thinnestOf(description: SceneDescription): number {
  const radii = movingBodies(description)
    .flatMap(({ geometries }) => geometries)
    .flatMap(({ kind, size }) => (kind === 'capsule' || kind === 'cylinder' ? [size[0]] : []))
  return radii.length === 0 ? 0 : Math.min(...radii)
}
