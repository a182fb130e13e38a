import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js'
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js'
import type { Scene } from '@babylonjs/core/scene.js'
import { POSE_SIZE, type SceneDescription, type Vector } from '../../../src-main/contract/index.ts'
import { movingBodies } from '../moving-bodies.ts'

/** free: where it was put. follow: turns with the pointer, moves with the main body. top: looks straight down. */
export type CameraMode = 'free' | 'follow' | 'top'

/** A place to look from, z up. Angles in radians: azimuth from the x axis, polar from the z axis. */
export interface CameraPose {
  azimuth: number
  polar: number
  distance: number
  target: Vector
}

const fieldOfView = 0.45
const defaultPolar = 0.82
const almostDown = 0.0005
/** y runs into the picture, as on a map, seen a little from the left. */
const mapAzimuth = -Math.PI / 2 - 0.16

export function createCamera(scene: Scene, { low, high }: SceneDescription): ArcRotateCamera {
  const camera = new ArcRotateCamera('camera', 0, 1, 10, Vector3.Zero(), scene)
  const extent = Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2])
  camera.upVector = new Vector3(0, 0, 1)
  camera.fov = fieldOfView
  camera.minZ = extent / 500
  camera.maxZ = extent * 40
  camera.lowerRadiusLimit = extent / 40
  camera.upperRadiusLimit = extent * 8
  camera.lowerBetaLimit = almostDown
  camera.upperBetaLimit = Math.PI / 2 + 0.3
  camera.wheelDeltaPercentage = 0.01
  camera.panningSensibility = 9000 / extent
  camera.inertia = 0.6
  camera.panningInertia = 0.6
  // Arrow keys belong to the clock.
  camera.inputs.removeByType('ArcRotateCameraKeyboardMoveInput')
  return camera
}

/** Babylon turns the other way round when z is up. */
export function takePose(camera: ArcRotateCamera, { azimuth, polar, distance, target }: CameraPose): void {
  camera.setTarget(Vector3.FromArray(target), false, false, true)
  camera.alpha = -azimuth
  camera.beta = Math.max(almostDown, polar)
  camera.radius = distance
  camera.inertialAlphaOffset = 0
  camera.inertialBetaOffset = 0
  camera.inertialRadiusOffset = 0
}

export function poseOf({ alpha, beta, radius, target }: ArcRotateCamera): CameraPose {
  return { azimuth: -alpha, polar: beta, distance: radius, target: [target.x, target.y, target.z] }
}

export function isSamePose(one: CameraPose, other: CameraPose): boolean {
  const numbers = ({ azimuth, polar, distance, target }: CameraPose) => [azimuth, polar, distance, ...target]
  const before = numbers(other)
  return numbers(one).every((value, index) => Math.abs(value - (before[index] ?? 0)) < 1e-6)
}

/**
 * A pose that fills the picture with the whole scene.
 * @param aspect width of the picture over its height.
 */
export function fitPose(description: SceneDescription, aspect: number, mode: 'free' | 'top'): CameraPose {
  const { low, high, field, viewAzimuth = mapAzimuth } = description
  const azimuth = mode === 'top' ? -Math.PI / 2 : viewAzimuth
  const polar = mode === 'top' ? almostDown : defaultPolar
  const middle: Vector = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, 0]
  // Room for the length marks.
  const room = Math.hypot(high[0] - low[0], high[1] - low[1]) * 0.05
  const corners = [low[0] - room, high[0] + room].flatMap((x) =>
    [low[1] - room, high[1] + room].map((y): Vector => [x, y, 0]),
  )
  // Of a map the floor is what counts; a robot may stand well above it.
  if (field === null)
    for (const x of [low[0], high[0]]) for (const y of [low[1], high[1]]) corners.push([x, y, high[2]])
  const toCamera = direction(azimuth, polar)
  const right: Vector = [-Math.sin(azimuth), Math.cos(azimuth), 0]
  const up = cross(toCamera, right)
  const halfHeight = Math.tan(fieldOfView / 2)
  const halfWidth = halfHeight * aspect
  const margin = 1.04
  let target = middle
  let distance = 0
  // The nearer half of the floor takes more of the picture: what is in the middle of it moves with the distance.
  for (let round = 0; round < 8; round++) {
    distance = Math.max(
      ...corners.map((corner) => {
        const from = minus(corner, target)
        const towards = dot(from, toCamera)
        const wide = (Math.abs(dot(from, right)) * margin) / halfWidth
        const tall = (Math.abs(dot(from, up)) * margin) / halfHeight
        return towards + Math.max(wide, tall)
      }),
    )
    const heights = corners.map((corner) => {
      const from = minus(corner, target)
      return dot(from, up) / (distance - dot(from, toCamera))
    })
    const shift = ((Math.max(...heights) + Math.min(...heights)) / 2) * distance
    if (mode === 'top') break
    const flatUp = direction(azimuth + Math.PI, Math.PI / 2)
    const along = shift / Math.max(0.2, dot(flatUp, up))
    target = [target[0] + flatUp[0] * along, target[1] + flatUp[1] * along, target[2]]
  }
  return { azimuth, polar, distance, target }
}

/**
 * Near enough for all bodies that move, signs such as a goal apart, to take about half of the picture, from a little above.
 * @param place of the main body, which the camera looks at.
 */
export function closePose(
  description: SceneDescription,
  place: Vector,
  poses: Float32Array,
  aspect: number,
): Pick<CameraPose, 'azimuth' | 'polar' | 'distance' | 'target'> {
  const { viewAzimuth = mapAzimuth } = description
  let reach = 0
  for (const [index, { geometries }] of movingBodies(description).entries()) {
    if (!geometries.some(({ collides }) => collides)) continue
    const [x = 0, y = 0, z = 0] = poses.subarray(index * POSE_SIZE)
    reach = Math.max(reach, Math.hypot(x - place[0], y - place[1], z - place[2]))
  }
  const distance = (1.7 * reach) / (Math.tan(fieldOfView / 2) * Math.min(1, aspect))
  return { azimuth: viewAzimuth - 0.34, polar: 1.15, distance, target: place }
}

function direction(azimuth: number, polar: number): Vector {
  return [Math.cos(azimuth) * Math.sin(polar), Math.sin(azimuth) * Math.sin(polar), Math.cos(polar)]
}

const minus = (one: Vector, other: Vector): Vector => [
  one[0] - other[0],
  one[1] - other[1],
  one[2] - other[2],
]
const dot = (one: Vector, other: Vector): number => one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
const cross = (one: Vector, other: Vector): Vector => [
  one[1] * other[2] - one[2] * other[1],
  one[2] * other[0] - one[0] * other[2],
  one[0] * other[1] - one[1] * other[0],
]
