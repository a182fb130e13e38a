import { onScopeDispose, shallowRef, watch } from 'vue'
import { POSE_SIZE, type SceneDescription, type Vector } from '../../src-main/contract/index.ts'
import { drawingForce, type Grab, toWorld } from '../replay/let-go/grab.ts'
import type { Motors } from '../replay/let-go/joints.ts'
import type { HazardTouch, LetGoWorld, Push } from '../replay/let-go/world.ts'
import { mainMovingBody, movingBodies } from '../replay/moving-bodies.ts'

/** Where bodies stand and how they move when they are let go. */
export interface LetGoStart {
  scene: SceneDescription
  frame: number
  poses: Float32Array
  velocities: Float32Array
}

export interface LetGoShown {
  poses: Float32Array
  /** Of the main body, as far as it has come. */
  path: Float32Array
  seconds: number
  /** How far the main body is from where it was let go, in the scene's unit. */
  distance: number
  hazardTouch: HazardTouch | null
  /** What the pointer draws at, and where to. */
  push: { from: Vector; to: Vector } | null
}

/** A step's worth of time at most is made up for in one picture; a slow machine plays slowly, not wrongly. */
const mostStepsAtOnce = 6
/** Steps between two points of the way. */
const stepsPerPoint = 12
/** A push from the keyboard: for so long, and so hard for each kilogram of the main body and each unit that the scene is wide. */
const nudgeSteps = 24
const nudgeForce = 2.8

/** Lets the bodies of a frame carry on under Havok, in an instance of its own each time, until they are taken back. */
export function useLetGo() {
  const state = shallowRef<'off' | 'loading' | 'running' | 'failed'>('off')
  const frame = shallowRef(0)
  const shown = shallowRef<LetGoShown | null>(null)
  const grab = shallowRef<Grab | null>(null)
  const motors = shallowRef<Motors>('limp')
  let nudges: { left: number; way: Vector }[] = []
  let request = 0
  let round = 0

  async function start(from: LetGoStart): Promise<void> {
    stop()
    const own = ++round
    state.value = 'loading'
    frame.value = from.frame
    try {
      const [{ freshHavok }, { createWorld, STEP_SECONDS }] = await Promise.all([
        import('../replay/let-go/load-havok.ts'),
        import('../replay/let-go/world.ts'),
      ])
      const havok = await freshHavok()
      if (own !== round) return
      const world = createWorld(havok, from.scene, from.poses, from.velocities)
      state.value = 'running'
      run(world, from, STEP_SECONDS)
    } catch {
      if (own === round) state.value = 'failed'
    }
  }

  function stop(): void {
    round++
    cancelAnimationFrame(request)
    state.value = 'off'
    shown.value = null
    grab.value = null
    nudges = []
  }

  function run(world: LetGoWorld, { scene, poses: firstPoses }: LetGoStart, stepSeconds: number): void {
    const masses = movingBodies(scene).map(({ massKilograms }) => massKilograms ?? 1)
    const main = mainMovingBody(scene) ?? 0
    const poses = firstPoses.slice()
    const way: number[] = [...poses.subarray(main * POSE_SIZE, main * POSE_SIZE + 3)]
    const width = Math.hypot(...scene.high.map((high, axis) => high - (scene.low[axis] ?? high)))
    const nudgeSize = nudgeForce * (masses[main] ?? 1) * width
    const poseOf = (body: number) => poses.subarray(body * POSE_SIZE, (body + 1) * POSE_SIZE)
    let held: Vector | null = null
    let steps = 0
    let before: number | null = null
    let due = 0

    function pushes(): Push[] {
      const all: Push[] = []
      const holding = grab.value
      if (holding === null) held = null
      else {
        const at = toWorld(poseOf(holding.body), holding.hold)
        const force = drawingForce(at, held ?? at, stepSeconds, holding.towards, masses[holding.body] ?? 1)
        held = at
        all.push({ body: holding.body, at, force })
      }
      for (const nudge of nudges) {
        const [x = 0, y = 0, z = 0] = poseOf(main)
        const [towardsX, towardsY] = nudge.way
        all.push({ body: main, at: [x, y, z], force: [towardsX * nudgeSize, towardsY * nudgeSize, 0] })
        nudge.left--
      }
      nudges = nudges.filter(({ left }) => left > 0)
      return all
    }

    function tick(now: number): void {
      due += before === null ? stepSeconds : (now - before) / 1000
      before = now
      let left = mostStepsAtOnce
      world.drive(motors.value)
      for (; due >= stepSeconds && left > 0; left--) {
        world.step(pushes())
        world.readPoses(poses)
        due -= stepSeconds
        if (++steps % stepsPerPoint === 0) way.push(...poseOf(main).subarray(0, 3))
      }
      if (left === 0) due = 0
      const holding = grab.value
      shown.value = {
        poses: poses.slice(),
        path: Float32Array.from(way),
        seconds: world.seconds,
        distance: Math.hypot(
          ...poseOf(main)
            .subarray(0, 3)
            .map((value, axis) => value - (way[axis] ?? 0)),
        ),
        hazardTouch: world.hazardTouch,
        push: holding && { from: toWorld(poseOf(holding.body), holding.hold), to: holding.towards },
      }
      request = requestAnimationFrame(tick)
    }
    request = requestAnimationFrame(tick)
  }

  /** Pushes the main body once, along the floor. */
  function nudge(x: number, y: number): void {
    nudges.push({ left: nudgeSteps, way: [x, y, 0] })
  }

  onScopeDispose(stop)
  watch(state, (now) => {
    if (now !== 'running') grab.value = null
  })

  return { state, frame, shown, grab, motors, start, stop, nudge }
}
