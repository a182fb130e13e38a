import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import HavokPhysics from '@babylonjs/havok'
import { describe, expect, it } from 'vitest'
import { POSE_SIZE, type SceneDescription, VELOCITY_SIZE } from '../../src-main/contract/index.ts'
import { CubeRotate } from '../../src-main/environments/cube-rotate/cube-rotate.ts'
import { cubeRotateParameters } from '../../src-main/environments/cube-rotate/parameters.ts'
import { drunkSpiderMotion, drunkSpiderScene } from '../../src-main/environments/drunk-spider-scene.ts'
import { Minitaur } from '../../src-main/environments/minitaur/minitaur.ts'
import { minitaurParameters } from '../../src-main/environments/minitaur/parameters.ts'
import { createStreams } from '../../src-main/random.ts'
import { drawingForce, toBody, toWorld } from '../../src-renderer/replay/let-go/grab.ts'
import { anglesOf, type Motors } from '../../src-renderer/replay/let-go/joints.ts'
import {
  createWorld,
  type LetGoWorld,
  type Push,
  STEP_SECONDS,
} from '../../src-renderer/replay/let-go/world.ts'

const scene = drunkSpiderScene({
  map: ['.......', '.......', '..#.#..', '..#.#..', '..#.#..', '..#.#..', '.......', '.......'],
  start: [0.5, 3.5],
  goal: [7.5, 3.5],
  goalRadius: 1,
  lava: '#',
})

const program = readFile(fileURLToPath(import.meta.resolve('@babylonjs/havok/lib/esm/HavokPhysics.wasm')))

async function letGo(
  scene: SceneDescription,
  poses: Float32Array,
  velocities: Float32Array,
): Promise<LetGoWorld> {
  return createWorld(
    await HavokPhysics({ wasmBinary: Uint8Array.from(await program).buffer }),
    scene,
    poses,
    velocities,
  )
}

/** The poses of all steps, one after the other. */
function film(
  world: LetGoWorld,
  bodies: number,
  steps: number,
  push: (step: number) => Push[],
): Float32Array {
  const poses = new Float32Array(bodies * POSE_SIZE * steps)
  for (let step = 0; step < steps; step++) {
    world.step(push(step))
    world.readPoses(poses.subarray(step * bodies * POSE_SIZE, (step + 1) * bodies * POSE_SIZE))
  }
  return poses
}

describe('let go', () => {
  /** On the bridge, walking down. */
  const spider = drunkSpiderMotion(8, [3.5, 3.4], [2.6, 3.3], [7.5, 3.5])
  const towardsLava = (step: number): Push[] =>
    step >= 20 && step < 50 ? [{ body: 0, at: [3.4, 4.5, 0.25], force: [14, 2, 0] }] : []

  it('gives the same motion for the same pushes, bit by bit, and another for others', async () => {
    const run = async (push: typeof towardsLava) =>
      film(await letGo(scene, spider.poses, spider.velocities), 1, 360, push)
    const once = await run(towardsLava)
    const again = await run(towardsLava)
    const unpushed = await run(() => [])
    const bytes = ({ buffer }: Float32Array) => new Uint8Array(buffer)
    expect(bytes(again)).toEqual(bytes(once))
    expect(bytes(unpushed)).not.toEqual(bytes(once))
  })

  it('carries on from the pose and velocity of the frame, and stands on the floor', async () => {
    const poses = film(await letGo(scene, spider.poses, spider.velocities), 1, 360, () => [])
    const place = (step: number) => [...poses.subarray(step * POSE_SIZE, step * POSE_SIZE + 3)]
    const [x = 0, y = 0] = spider.poses
    const [vx = 0, vy = 0] = spider.velocities
    expect(place(0)[0]).toBeCloseTo(x + vx * STEP_SECONDS, 2)
    expect(place(0)[1]).toBeCloseTo(y + vy * STEP_SECONDS, 2)
    const [, endY = 0, endZ = 0] = place(359)
    expect(endY).toBeLessThan(y)
    expect(endZ).toBeGreaterThan(0)
    expect(endZ).toBeLessThan(0.4)
  })

  it('is pushed into the lava beside the bridge', async () => {
    const poses = film(await letGo(scene, spider.poses, spider.velocities), 1, 480, towardsLava)
    const [x = 0, , z = 0] = poses.subarray(-POSE_SIZE)
    expect(x).toBeGreaterThan(4)
    expect(z).toBeLessThan(0.25)
  })

  it('says when and where a body first touched the lava, and that none did', async () => {
    const world = await letGo(scene, spider.poses, spider.velocities)
    expect(world.hazardTouch).toBeNull()
    film(world, 1, 480, towardsLava)
    const touch = world.hazardTouch
    expect(touch?.body).toBe(0)
    // Pushed from step 20 on; the lava begins at x = 4 and lies below the floor.
    expect(touch?.seconds).toBeGreaterThan(20 * STEP_SECONDS)
    expect(touch?.seconds).toBeLessThan(480 * STEP_SECONDS)
    expect(touch?.at[0]).toBeGreaterThan(3.9)
    expect(touch?.at[2]).toBeLessThan(0.05)

    const unpushed = await letGo(scene, spider.poses, spider.velocities)
    film(unpushed, 1, 480, () => [])
    expect(unpushed.hazardTouch).toBeNull()
  })

  it('is dragged by the pointer: the point that is held goes to where it is drawn', async () => {
    const world = await letGo(scene, spider.poses, new Float32Array(VELOCITY_SIZE))
    const poses = spider.poses.slice()
    const [x = 0, y = 0, z = 0] = poses
    const hold = toBody(poses, [x, y, z + 0.1])
    const towards: [number, number, number] = [x, y - 1.5, z + 0.1]
    let before = toWorld(poses, hold)
    for (let step = 0; step < 360; step++) {
      const at = toWorld(poses, hold)
      world.step([{ body: 0, at, force: drawingForce(at, before, STEP_SECONDS, towards, 1) }])
      before = at
      world.readPoses(poses)
    }
    const end = toWorld(poses, hold)
    expect(Math.hypot(end[0] - towards[0], end[1] - towards[1])).toBeLessThan(0.3)
    expect(world.hazardTouch).toBeNull()
  })

  it('lets bodies of every shape fall and rest on a plane', async () => {
    const kinds = ['box', 'sphere', 'ellipsoid', 'capsule', 'cylinder'] as const
    const geometry = { position: [0, 0, 0], rotation: [1, 0, 0, 0], colour: null, collides: true } as const
    const shapes: SceneDescription = {
      ...scene,
      bodies: [
        {
          name: 'floor',
          massKilograms: null,
          geometries: [
            {
              ...geometry,
              position: [0, 0, 0],
              rotation: [1, 0, 0, 0],
              kind: 'plane',
              size: [0, 0, 0],
              material: 'ground',
            },
          ],
        },
        ...kinds.map((kind) => ({
          name: kind,
          massKilograms: 2,
          geometries: [
            {
              ...geometry,
              position: [0, 0, 0] as [number, number, number],
              rotation: [1, 0, 0, 0] as [number, number, number, number],
              kind,
              size: [0.3, 0.2, 0.2] as [number, number, number],
              material: 'object' as const,
            },
          ],
        })),
      ],
    }
    const poses = Float32Array.from(kinds.flatMap((_, index) => [2 * index, 0, 1.5, 1, 0, 0, 0]))
    const world = await letGo(shapes, poses, new Float32Array(kinds.length * VELOCITY_SIZE))
    const end = film(world, kinds.length, 600, () => []).subarray(-kinds.length * POSE_SIZE)
    for (const [index] of kinds.entries()) {
      const height = end[index * POSE_SIZE + 2] ?? 0
      expect(height).toBeGreaterThan(0.1)
      expect(height).toBeLessThan(0.65)
    }
    expect(world.seconds).toBeCloseTo(5)
  })
})

describe('let go of a robot', () => {
  const random = () => createStreams(3).environment
  const minitaur = () => new Minitaur(minitaurParameters.parse({}), random())
  const hand = () => new CubeRotate(cubeRotateParameters.parse({}), random())

  /** Three seconds after some steps of the task; where everything ends, and the largest gap between two ends of a joint on the way. */
  async function robot(create: () => Minitaur | CubeRotate, motors: Motors) {
    const environment = create()
    for (let step = 0; step < 10; step++) environment.step(new Float32Array(environment.actionSize))
    const { scene } = environment
    const { poses: first, velocities } = environment.motion(environment.snapshot())
    const moving = scene.bodies.filter(({ massKilograms }) => massKilograms !== null)
    const world = await letGo(scene, first, velocities)
    world.drive(motors)
    const all = film(world, moving.length, 360, () => [])
    const poseOf = (name: string, poses: Float32Array) => {
      const index = moving.findIndex((body) => body.name === name)
      return index < 0
        ? Float32Array.of(0, 0, 0, 1, 0, 0, 0)
        : poses.subarray(index * POSE_SIZE, (index + 1) * POSE_SIZE)
    }
    const size = first.length
    const at = (step: number) => all.subarray(step * size, (step + 1) * size)
    const gaps = scene.joints.flatMap(({ parent, child, anchorInParent, anchorInChild }) =>
      Array.from({ length: 36 }, (_, tenth) => {
        const one = toWorld(poseOf(parent, at(10 * tenth)), anchorInParent)
        const other = toWorld(poseOf(child, at(10 * tenth)), anchorInChild)
        return Math.hypot(...one.map((value, axis) => value - (other[axis] ?? 0)))
      }),
    )
    const rotationOf = (name: string, poses: Float32Array): [number, number, number, number] => {
      const [, , , w = 1, x = 0, y = 0, z = 0] = poseOf(name, poses)
      return [w, x, y, z]
    }
    const angles = (poses: Float32Array) =>
      scene.joints.flatMap((joint) => {
        const found = anglesOf(joint, rotationOf(joint.parent, poses), rotationOf(joint.child, poses))
        return joint.axes.map((axis, index) => ({ ...axis, angle: found[index] ?? 0 }))
      })
    return {
      all,
      largestGap: Math.max(...gaps),
      place: (name: string) => [...poseOf(name, at(359)).subarray(0, 3)],
      firstPlace: (name: string) => [...poseOf(name, first).subarray(0, 3)],
      before: angles(first),
      after: angles(at(359)),
    }
  }

  it('gives the same motion again, bit by bit', async () => {
    const bytes = ({ buffer }: Float32Array) => new Uint8Array(buffer)
    const once = await robot(minitaur, 'limp')
    const again = await robot(minitaur, 'limp')
    expect(bytes(again.all)).toEqual(bytes(once.all))
    expect(once.all.every(Number.isFinite)).toBe(true)
  })

  it('keeps the limp Minitaur together while it sinks to its belly', async () => {
    const { largestGap, place } = await robot(minitaur, 'limp')
    expect(largestGap).toBeLessThan(0.003)
    expect(place('base')[2]).toBeLessThan(0.07)
    expect(place('base')[2]).toBeGreaterThan(0.03)
  })

  it('stands where the motors hold their angles', async () => {
    const { largestGap, place, firstPlace, before, after } = await robot(minitaur, 'held')
    expect(largestGap).toBeLessThan(0.003)
    expect(place('base')[2]).toBeCloseTo(firstPlace('base')[2] ?? 0, 2)
    for (const [index, { angle, motorTorque }] of after.entries())
      if (motorTorque !== null) expect(angle).toBeCloseTo(before[index]?.angle ?? 0, 1)
  })

  it('keeps the fingers on the hand and within their limits, and the goal in its place', async () => {
    const { largestGap, place, firstPlace, before, after } = await robot(hand, 'limp')
    expect(largestGap).toBeLessThan(0.002)
    for (const { angle, limits } of after) {
      expect(angle).toBeGreaterThan((limits?.[0] ?? -4) - 0.05)
      expect(angle).toBeLessThan((limits?.[1] ?? 4) + 0.05)
    }
    expect(place('goal')).toEqual(firstPlace('goal'))
    // The wrist bends down without its motor.
    const bent = after.find(({ name }) => name === 'WRJ0')?.angle ?? 0
    expect(Math.abs(bent - (before.find(({ name }) => name === 'WRJ0')?.angle ?? 0))).toBeGreaterThan(0.2)
  })
})
