import { describe, expect, it } from 'vitest'
import { packArrays } from '../../src-main/contract/index.ts'
import { CubeRotate } from '../../src-main/environments/cube-rotate/cube-rotate.ts'
import { cubeRotateParameters } from '../../src-main/environments/cube-rotate/parameters.ts'
import type { VisibleEnvironment } from '../../src-main/environments/environment.ts'
import { Minitaur } from '../../src-main/environments/minitaur/minitaur.ts'
import { minitaurParameters } from '../../src-main/environments/minitaur/parameters.ts'
import { packReplay } from '../../src-main/lab/replay-arrays.ts'
import { motionsOf } from '../../src-main/lab/simulation.ts'
import { createStreams } from '../../src-main/random.ts'
import { toReplayArrays } from '../../src-renderer/replay/arrays.ts'
import {
  noOverlays,
  overlaysFromText,
  overlaysOf,
  overlaysToText,
} from '../../src-renderer/replay/overlays.ts'
import { createSource } from '../../src-renderer/replay/source.ts'
import { arraysOf, shape } from '../renderer/replay/arrays-of.ts'

const all = { contacts: true, centreOfMass: true, joints: true }
const random = () => createStreams(0).environment
const minitaur = (changes = {}) => new Minitaur(minitaurParameters.parse(changes), random())

/** As the lab sends it and the replay reads it. */
function replayOf(environment: VisibleEnvironment, steps: number) {
  const { actionSize, stateSize, scene } = environment
  const states = [environment.snapshot()]
  for (let step = 0; step < steps; step++) {
    environment.step(new Float32Array(actionSize))
    states.push(environment.snapshot())
  }
  const whole = Float64Array.from(states.flatMap((state) => [...state]))
  const packed = packReplay({
    states: whole,
    actions: new Float32Array(steps * actionSize),
    rewards: new Float64Array(steps),
    qSafe: new Float32Array(steps),
    candidates: new Float32Array(0),
    candidateQSafe: new Float32Array(0),
    chosen: new Int32Array(steps),
    ...motionsOf(environment, whole),
  })
  const movingBodies = scene.bodies.filter(({ massKilograms }) => massKilograms !== null).length
  const source = createSource(toReplayArrays(packed.buffer), { actionSize, stateSize, movingBodies })
  return (frame: number) => {
    const poses = new Float32Array(movingBodies * 7)
    source.readPoses(frame, poses)
    return overlaysOf(scene, poses, source.forces(frame), all)
  }
}

describe('overlays', () => {
  it.each([
    ['as it is', {}, 7.473],
    ['with a heavier body', { baseMassFactor: [1.5, 1.5] as [number, number] }, 10.47],
  ])('shows the floor carrying the weight of a Minitaur that stands, %s', (_, changes, kilograms) => {
    const shown = replayOf(minitaur(changes), 60)(60)
    expect(shown?.contacts.length).toBeGreaterThan(3)
    for (const { at } of shown?.contacts ?? []) expect(at[2]).toBeCloseTo(0, 2)
    const carried = (shown?.contacts ?? []).reduce((sum, { force }) => sum + force[2], 0)
    expect(carried / 10).toBeCloseTo(kilograms, 0)
    const [x = 9, y = 9, z = 9] = shown?.centreOfMass ?? []
    expect(Math.abs(x)).toBeLessThan(0.08)
    expect(Math.abs(y)).toBeLessThan(0.02)
    expect(z).toBeGreaterThan(0.15)
  })

  it('shows the joints of the Minitaur, which have no limits, at its knees and motors', () => {
    const joints = replayOf(minitaur(), 0)(0)?.joints ?? []
    expect(joints).toHaveLength(20)
    expect(joints.every(({ isAtLimit }) => !isAtLimit)).toBe(true)
    expect(joints.every(({ at }) => at[2] > 0 && at[2] < 0.4)).toBe(true)
  })

  it('marks a joint of the hand at its limit, and what touches the cube', () => {
    const shown = replayOf(new CubeRotate(cubeRotateParameters.parse({}), random()), 5)(5)
    // The grasp bends the thumb as far as it goes.
    expect(shown?.joints.some(({ isAtLimit }) => isAtLimit)).toBe(true)
    expect(shown?.joints.some(({ isAtLimit }) => !isAtLimit)).toBe(true)
    const lifted = (shown?.contacts ?? []).reduce((sum, { force }) => sum + force[2], 0)
    expect(lifted).toBeGreaterThan(0)
  })

  it('has nothing to show where an environment knows no forces, or nothing is asked for', () => {
    const source = createSource(toReplayArrays(packArrays(arraysOf(4)).buffer), shape)
    expect(source.forces(0)).toBeNull()
    const { scene } = minitaur()
    expect(overlaysOf(scene, new Float32Array(0), null, noOverlays)).toBeNull()
  })

  it('come out of an address as they were put in, and nothing else does', () => {
    for (const overlays of [all, noOverlays, { ...noOverlays, joints: true }])
      expect(overlaysFromText(overlaysToText(overlays))).toEqual(overlays)
    expect(overlaysToText(noOverlays)).toBeUndefined()
    expect(overlaysFromText('gravity,contacts')).toEqual({ ...noOverlays, contacts: true })
  })
})
