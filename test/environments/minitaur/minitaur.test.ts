import { describe, expect, it } from 'vitest'
import { VELOCITY_SIZE } from '../../../src-main/contract/scenes.ts'
import type { VisibleEnvironment } from '../../../src-main/environments/environment.ts'
import { Minitaur } from '../../../src-main/environments/minitaur/minitaur.ts'
import { minitaurParameters } from '../../../src-main/environments/minitaur/parameters.ts'
import { createStreams } from '../../../src-main/random.ts'

const create = (changes: Record<string, unknown> = {}, seed = 0) =>
  new Minitaur(minitaurParameters.parse(changes), createStreams(seed).environment)

const standing = new Float32Array(8)
const named = (environment: VisibleEnvironment, name: string) =>
  environment.snapshot()[environment.stateNames.indexOf(name)] ?? Number.NaN

/** Diagonal pairs of legs in turn, at `hertz`; in units of the reference scale of 0.5 rad. */
function trot(step: number, hertz = 3): Float32Array {
  const phase = 2 * Math.PI * hertz * 0.02 * step
  const pair = [0, Math.PI, Math.PI, 0]
  return Float32Array.from([
    ...pair.map((shift) => 0.5 * Math.sin(phase + shift)),
    ...pair.map((shift) => 0.6 * Math.cos(phase + shift)),
  ])
}

describe('the standing Minitaur', () => {
  it('stays up for 5 s, level and at the height that its legs give', () => {
    const environment = create()
    for (let step = 0; step < 250; step++) expect(environment.step(standing).failure).toBe(false)
    expect(named(environment, 'z')).toBeCloseTo(0.256, 2)
    expect(Math.abs(named(environment, 'roll'))).toBeLessThan(0.02)
    expect(Math.abs(named(environment, 'speed'))).toBeLessThan(0.01)
  })

  it('weighs 7.47 kg', () => {
    const total = create().scene.bodies.reduce((sum, { massKilograms }) => sum + (massKilograms ?? 0), 0)
    // The two side chassis carry no geometry of their own name but mounts, so they are drawn and counted as well.
    expect(total).toBeCloseTo(7.473, 3)
  })

  it('sags a little where its body is heavier', () => {
    const heavy = create({ baseMassFactor: [1.5, 1.5] })
    for (let step = 0; step < 100; step++) heavy.step(standing)
    const plain = create()
    for (let step = 0; step < 100; step++) plain.step(standing)
    expect(named(heavy, 'z')).toBeLessThan(named(plain, 'z') - 0.002)
  })
})

describe('the pushed Minitaur', () => {
  it('has the momentum of the push in all its parts together', () => {
    const environment = create()
    for (let step = 0; step < 20; step++) environment.step(trot(step))
    const masses = environment.scene.bodies.flatMap(({ massKilograms }) => massKilograms ?? [])
    const momentum = () => {
      const { velocities } = environment.motion(environment.snapshot())
      return [0, 1, 2].map((axis) =>
        masses.reduce((sum, mass, body) => sum + mass * (velocities[body * VELOCITY_SIZE + axis] ?? 0), 0),
      )
    }
    const before = momentum()
    environment.push([3, -2, 1])
    const [x = 0, y = 0, z = 0] = momentum().map((value, axis) => value - (before[axis] ?? 0))
    expect(x).toBeCloseTo(3, 3)
    expect(y).toBeCloseTo(-2, 3)
    expect(z).toBeCloseTo(1, 3)
  })

  it('falls from a hard push to its side and stands a light one', () => {
    const outcome = (impulse: number) => {
      const environment = create()
      for (let step = 0; step < 10; step++) environment.step(standing)
      environment.push([0, impulse, 0])
      for (let step = 0; step < 100; step++) {
        const { cause } = environment.step(standing)
        if (cause !== null) return cause
      }
      return 'stands'
    }
    expect(outcome(1)).toBe('stands')
    // y points to its left.
    expect([20, -20].map(outcome)).toEqual(['rolled to the left', 'rolled to the right'])
  })
})

describe('the trotting Minitaur', () => {
  it('goes forward for 10 s without a fall', () => {
    const environment = create()
    for (let step = 0; step < 500; step++) expect(environment.step(trot(step)).failure).toBe(false)
    expect(named(environment, 'x')).toBeGreaterThan(0.5)
  })

  it('says its velocity and how far that is from the one asked for', () => {
    const environment = create({ goalVelocity: 0.4 })
    for (let step = 0; step < 50; step++) {
      const from = named(environment, 'x')
      const { info } = environment.step(trot(step))
      const velocity = (named(environment, 'x') - from) / 0.02
      expect(Math.abs(velocity)).toBeLessThan(0.8)
      expect(info?.velocity).toBeCloseTo(velocity, 10)
      expect(info?.velocityError).toBeCloseTo(Math.abs(0.4 - velocity), 10)
    }
  })

  it('gets elsewhere on another floor', () => {
    const distance = (friction: number) => {
      const environment = create({ footFriction: [friction, friction] })
      for (let step = 0; step < 100; step++) environment.step(trot(step))
      return named(environment, 'x')
    }
    expect(Math.abs(distance(0.5) - distance(1))).toBeGreaterThan(0.01)
  })
})

describe('a simulation that blows up', () => {
  const firstVelocity = 7 + 1 + 23

  it('is a failure with that cause, and leaves numbers behind that are numbers', () => {
    for (const wild of [1e12, 1e300]) {
      const environment = create()
      for (let step = 0; step < 5; step++) environment.step(trot(step))
      const state = environment.snapshot()
      state.set([wild, -wild, wild, wild], firstVelocity)
      environment.restore(state)
      const step = environment.step(standing)
      expect(step).toMatchObject({
        failure: true,
        terminated: true,
        cause: 'the simulation became unstable',
      })
      expect([...step.observation, step.reward, ...environment.snapshot()].every(Number.isFinite)).toBe(true)
    }
  })

  it('is not started anew behind the back of the learner, and the next episode is as good as any', () => {
    const environment = create()
    const state = environment.snapshot()
    const before = state[0]
    state[firstVelocity + 9] = 1e11
    environment.restore(state)
    expect(environment.step(standing).cause).toBe('the simulation became unstable')
    expect(environment.snapshot()[0]).toBe(before)
    environment.reset('fixed')
    for (let step = 0; step < 20; step++) expect(environment.step(standing).failure).toBe(false)
    expect(named(environment, 'z')).toBeCloseTo(named(create(), 'z'), 2)
  })
})
