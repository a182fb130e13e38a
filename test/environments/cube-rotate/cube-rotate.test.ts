import { describe, expect, it } from 'vitest'
import { CubeRotate } from '../../../src-main/environments/cube-rotate/cube-rotate.ts'
import { JOINTS, MOTORS } from '../../../src-main/environments/cube-rotate/hand.ts'
import { cubeRotateParameters } from '../../../src-main/environments/cube-rotate/parameters.ts'
import { createStreams } from '../../../src-main/random.ts'

const create = (changes: Record<string, unknown> = {}, seed = 0) =>
  new CubeRotate(cubeRotateParameters.parse(changes), createStreams(seed).environment)

const grasp = new Float32Array(MOTORS.length)
const open = new Float32Array(MOTORS.length).fill(-1)

/** In a state: the summary, the simulated time, then the joints' angles, the cube's place and its attitude. */
const ATTITUDE = 12 + 1 + JOINTS.length + 3
const VELOCITIES = ATTITUDE + 4

const named = (environment: CubeRotate, name: (typeof environment.stateNames)[number]) =>
  environment.snapshot()[environment.stateNames.indexOf(name)] ?? Number.NaN

function change(environment: CubeRotate, at: number, values: readonly number[]): void {
  const state = environment.snapshot()
  state.set(values, at)
  environment.restore(state)
}

/** The cube's attitude as it is drawn: the last but one of the moving bodies; the goal is the last. */
function drawnAttitudes(environment: CubeRotate): { cube: number[]; goal: number[] } {
  const { poses } = environment.motion(environment.snapshot())
  const attitude = (fromEnd: number) => [...poses.slice(poses.length - 7 * fromEnd).slice(3, 7)]
  return { cube: attitude(2), goal: attitude(1) }
}

/** Rotation matrix of a quaternion, column by column the turned axes. */
function matrixOf([w = 1, x = 0, y = 0, z = 0]: readonly number[]): number[][] {
  const turn = (vector: readonly number[]) => {
    const [a = 0, b = 0, c = 0] = vector
    const t = [2 * (y * c - z * b), 2 * (z * a - x * c), 2 * (x * b - y * a)]
    const [t0 = 0, t1 = 0, t2 = 0] = t
    return [a + w * t0 + y * t2 - z * t1, b + w * t1 + z * t0 - x * t2, c + w * t2 + x * t1 - y * t0]
  }
  return [turn([1, 0, 0]), turn([0, 1, 0]), turn([0, 0, 1])]
}

/** 7 times the norm of what is left to turn, from the axes of the cube as it is drawn. */
function expectedCost(environment: CubeRotate): number {
  const [right = [], back = [], up = []] = matrixOf(drawnAttitudes(environment).cube)
  const angles = [
    Math.atan2(-(up[1] ?? 0), up[2] ?? 0),
    Math.asin(up[0] ?? 0),
    Math.atan2(-(back[0] ?? 0), right[0] ?? 0),
  ]
  const goal = [...environment.observe().slice(-3)]
  const left = angles.map((angle, axis) => {
    const difference = angle - (goal[axis] ?? 0)
    return Math.atan2(Math.sin(difference), Math.cos(difference))
  })
  return -7 * Math.hypot(...left)
}

describe('CubeRotate goals', () => {
  it('draws one of four turns for each episode, each as often as the others', () => {
    const environment = create()
    const counts = new Map<string, number>()
    for (let episode = 0; episode < 800; episode++) {
      const goal = environment.reset('fixed').slice(-3).join()
      counts.set(goal, (counts.get(goal) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['-1.5,0,0', '0,0,-1.5', '0,0,1.5', '1.5,0,0'])
    // Chi-square with 3 degrees of freedom is below 16.3 with probability 0.999.
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)
    expect(chiSquare).toBeLessThan(16.3)
  })

  it('turns as far as asked for and only where asked for', () => {
    const environment = create({ goalTurn: 2.25, goalDirection: 'down' })
    for (let episode = 0; episode < 10; episode++)
      expect([...environment.reset('random').slice(-3)]).toEqual([-2.25, 0, 0])
  })

  it('draws the goal as a cube that stands as the goal says', () => {
    const environment = create({ goalDirection: 'up' })
    const { goal } = drawnAttitudes(environment)
    expect(goal[0]).toBeCloseTo(Math.cos(0.75), 5)
    expect(goal[1]).toBeCloseTo(Math.sin(0.75), 5)
  })

  it('keeps the same random numbers for the rest of an episode, whatever the direction', () => {
    const starts = ['any', 'left'].map((goalDirection) => {
      const environment = create({ goalDirection, startOffset: 0.01 }, 3)
      return [named(environment, 'x'), named(environment, 'y')]
    })
    expect(starts[0]).toEqual(starts[1])
  })
})

describe('CubeRotate reward', () => {
  it('is -7 times the 1.5 rad that are left while nothing turns', () => {
    const environment = create({ goalDirection: 'left' })
    const { reward } = environment.step(grasp)
    expect(reward).toBeCloseTo(-7 * 1.5, 0)
    expect(reward).toBeCloseTo(expectedCost(environment), 4)
  })

  it.each([
    ['at the goal', [Math.cos(0.75), Math.sin(0.75), 0, 0]],
    ['half way', [Math.cos(0.375), Math.sin(0.375), 0, 0]],
    ['past the goal by more than half a turn of the start', [Math.cos(1.7), Math.sin(1.7), 0, 0]],
    ['turned about another axis', [Math.cos(0.4), 0, Math.sin(0.4), 0]],
    ['turned about all axes', [0.8, 0.4, -0.2, 0.4]],
  ])('agrees with the axes of the cube as drawn: %s', (_, attitude) => {
    const environment = create({ goalDirection: 'up' })
    change(environment, ATTITUDE, attitude)
    const { reward, info } = environment.step(grasp)
    expect(info?.orientationError).toBeCloseTo((named(environment, 'orientation error') * Math.PI) / 180, 10)
    expect(reward).toBeCloseTo(expectedCost(environment), 4)
    expect(reward).toBeCloseTo((-7 * named(environment, 'orientation error') * Math.PI) / 180, 10)
  })

  it('takes the penalty once the cube is dropped, with the side it fell on', () => {
    const environment = create({ dropPenalty: 300 })
    let step = environment.step(open)
    while (!step.terminated) step = environment.step(open)
    expect(step).toMatchObject({ failure: true, cause: 'dropped past the little finger' })
    expect(named(environment, 'height')).toBeLessThan(0.14)
    expect(step.reward).toBeCloseTo(expectedCost(environment) - 300, 3)
  })
})

describe('CubeRotate start', () => {
  it('is the same place for every episode, and about as noisy as asked for otherwise', () => {
    const environment = create()
    environment.reset('fixed')
    expect([named(environment, 'x'), named(environment, 'y'), named(environment, 'height')]).toEqual([
      0, -0.02, 0.24,
    ])
    const noisy = create({ startOffset: 0.005, startTurn: 0.5 })
    const offsets = Array.from({ length: 300 }, () => {
      noisy.reset('fixed')
      return named(noisy, 'x')
    })
    const deviation = Math.sqrt(offsets.reduce((sum, offset) => sum + offset ** 2, 0) / offsets.length)
    expect(Math.abs(deviation / 0.005 - 1)).toBeLessThan(0.15)
  })

  it('varies so much when random that a hand which only holds on drops a good part of the cubes', () => {
    const environment = create({ episodeLength: 30 }, 1)
    let drops = 0
    for (let episode = 0; episode < 40; episode++) {
      environment.reset('random')
      for (;;) {
        const { failure, truncated } = environment.step(grasp)
        if (failure) drops++
        if (failure || truncated) break
      }
    }
    expect(drops / 40).toBeGreaterThan(0.1)
    expect(drops / 40).toBeLessThan(0.5)
  })
})

describe('CubeRotate physics', () => {
  it('holds the cube for 10 s in the grasp', () => {
    const environment = create()
    for (let step = 0; step < 100; step++) expect(environment.step(grasp).failure).toBe(false)
    expect(named(environment, 'height')).toBeCloseTo(0.228, 2)
    expect(named(environment, 'speed')).toBeLessThan(0.002)
  })

  it('sags more under a heavier cube', () => {
    const height = (changes: Record<string, unknown>) => {
      const environment = create(changes)
      for (let step = 0; step < 20; step++) environment.step(grasp)
      return named(environment, 'height')
    }
    expect(height({ cubeMass: [0.3, 0.3] })).toBeLessThan(height({}) - 0.002)
  })

  it('loses more cubes to the same actions where they slip', () => {
    const drops = (friction: number) => {
      const environment = create({ friction: [friction, friction] })
      const random = createStreams(5).exploration
      let count = 0
      for (let episode = 0; episode < 10; episode++) {
        environment.reset('fixed')
        let over = false
        for (let step = 0; step < 60; step++) {
          const action = grasp.map(() => 2 * random.uniform() - 1)
          if (over) continue
          const { failure } = environment.step(action)
          if (failure) count++
          over = failure
        }
      }
      return count
    }
    expect(drops(0.2)).toBeGreaterThan(drops(2) + 2)
  })

  it('tells with what force each fingertip presses', () => {
    const environment = create()
    const fingertips = ['thumb', 'first finger', 'middle finger', 'ring finger', 'little finger'] as const
    const force = () => fingertips.map((name) => named(environment, name))
    expect(force()).toEqual([0, 0, 0, 0, 0])
    // A fist around the cube: what bends the fingers, and the thumb against them.
    const fist = grasp.map((_, motor) => (/[FH]J[123]$/.test(MOTORS[motor] ?? '') ? 0.6 : 0))
    for (let step = 0; step < 20; step++) environment.step(fist)
    expect(Math.max(...force())).toBeGreaterThan(0.05)
    expect(Math.max(...force())).toBeLessThan(50)
    const before = force()
    const kept = environment.snapshot()
    environment.reset('fixed')
    environment.restore(kept)
    expect(force()).toEqual(before)
  })

  it('moves each joint by little more than 0.3 rad in a step, however far it is sent', () => {
    const environment = create()
    const angles = (of: CubeRotate) => of.observe().slice(0, JOINTS.length)
    const before = angles(environment)
    environment.step(open)
    const after = angles(environment)
    for (const joint of JOINTS.keys())
      expect(Math.abs((after[joint] ?? 0) - (before[joint] ?? 0))).toBeLessThan(
        JOINTS[joint]?.endsWith('J0') ? 0.45 : 0.4,
      )
  })

  it('calls a simulation that blows up a failure, and leaves numbers behind that are numbers', () => {
    const environment = create()
    change(environment, VELOCITIES + JOINTS.length, [1e12, -1e12, 1e12])
    const step = environment.step(grasp)
    expect(step).toMatchObject({ failure: true, terminated: true, cause: 'the simulation became unstable' })
    expect([...step.observation, step.reward, ...environment.snapshot()].every(Number.isFinite)).toBe(true)
  })

  it('keeps 100 states of an episode in 100 KB', () => {
    expect(create().stateSize * 8 * 100).toBeLessThan(100_000)
  })
})
