import { describe, expect, it } from 'vitest'
import { HandControl, JOINTS, MOTORS } from '../../../src-main/environments/cube-rotate/hand.ts'
import { Simulator } from '../../../src-main/environments/mujoco.ts'
import { readModel } from '../../../src-main/environments/resources.ts'

const xml = readModel('cube-hand.xml')
const grasp = new Float64Array(MOTORS.length)

/** Holds the grasp, or what an action asks for, for some seconds. */
function held(seconds: number, model = xml, action = grasp): Simulator {
  const simulator = new Simulator(model)
  const control = new HandControl(simulator)
  simulator.resetToKeyframe(0)
  for (let step = 0; step < seconds * 10; step++) {
    control.apply(action)
    for (let substep = 0; substep < 20; substep++) simulator.step()
  }
  return simulator
}

/** How far the cube got away from where it lay, m. */
function wayOfCube(simulator: Simulator): number {
  const [x = 0, y = 0, z = 0] = simulator.positions.subarray(JOINTS.length)
  return Math.hypot(x, y + 0.02, z - 0.24)
}

/** The scene turned about the forearm by turning gravity the other way. */
function rolled(degrees: number): string {
  const angle = (degrees * Math.PI) / 180
  const gravity = `${9.81 * Math.sin(angle)} 0 ${-9.81 * Math.cos(angle)}`
  return xml.replace('<option ', `<option gravity="${gravity}" `)
}

describe('the hand', () => {
  it('has 24 joints with the limits of the Shadow hand, of which 20 have a motor', () => {
    const finger = { J3: [-0.436, 0.436], J2: [0, 1.571], J1: [0, 1.571], J0: [0, 1.571] }
    const limits: Record<string, number[]> = {
      WRJ1: [-0.524, 0.175],
      WRJ0: [-0.785, 0.611],
      ...Object.fromEntries(
        ['FF', 'MF', 'RF', 'LF'].flatMap((name) =>
          Object.entries(finger).map(([joint, limit]) => [`${name}${joint}`, limit]),
        ),
      ),
      LFJ4: [0, 0.698],
      THJ4: [-1.047, 1.047],
      THJ3: [0, 1.309],
      THJ2: [-0.262, 0.262],
      THJ1: [-0.524, 0.524],
      THJ0: [-1.571, 0],
    }
    const { model } = new Simulator(xml)
    expect([...JOINTS].sort()).toEqual(Object.keys(limits).sort())
    expect(JOINTS).toHaveLength(24)
    expect([MOTORS.length, model.nu]).toEqual([20, 20])
    for (const [index, name] of JOINTS.entries())
      expect([name, ...model.jnt_range.subarray(2 * index, 2 * index + 2)]).toEqual([
        name,
        ...(limits[name] ?? []),
      ])
  })

  it('names joints and motors in the order of the model', () => {
    const simulator = new Simulator(xml)
    expect(JOINTS.map((name) => simulator.hinge(name).position)).toEqual(JOINTS.map((_, index) => index))
    const { actuator_trnid } = simulator.model
    expect(MOTORS.map((name) => JOINTS.indexOf(name))).toEqual(
      MOTORS.map((_, motor) => actuator_trnid[2 * motor]),
    )
  })

  it('holds the cube for 10 s', () => {
    const simulator = held(10)
    expect(wayOfCube(simulator)).toBeLessThan(0.015)
    expect(Math.hypot(...simulator.velocities)).toBeLessThan(0.01)
  })

  it.each([-45, -60])('loses the cube within 1 s when it is rolled by %d degrees', (degrees) => {
    expect(wayOfCube(held(1, rolled(degrees)))).toBeGreaterThan(0.1)
  })

  it('bends the last joint of each finger with the one before it', () => {
    const action = grasp.map((_, motor) => (MOTORS[motor]?.endsWith('J1') ? 0.9 : 0))
    // Without the cube, against which fingers come to a stop.
    const simulator = held(3, xml.replace('pos="0 -0.02 0.24"', 'pos="1 1 0.24"'), action)
    const angle = (name: string) => simulator.positions[simulator.hinge(name).position] ?? Number.NaN
    for (const finger of ['FF', 'MF', 'RF', 'LF']) {
      expect(angle(`${finger}J1`)).toBeGreaterThan(1)
      expect(angle(`${finger}J0`) / angle(`${finger}J1`)).toBeCloseTo(0.00805 / 0.00705, 1)
    }
    expect(angle('FFJ2')).toBeLessThan(0.4)
  })

  it('holds still where it is asked to be, give or take the weight of the hand', () => {
    const simulator = held(3)
    const { key_ctrl } = simulator.model
    for (const [motor, name] of MOTORS.entries())
      expect(
        Math.abs((simulator.positions[simulator.hinge(name).position] ?? 0) - (key_ctrl[motor] ?? 0)),
      ).toBeLessThan(0.12)
  })
})
