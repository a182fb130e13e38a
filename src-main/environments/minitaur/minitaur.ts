import type { FailureTest, SceneDescription, Vector } from '../../contract/scenes.ts'
import type { Random } from '../../random.ts'
import type { Motion, Start, Step, VisibleEnvironment } from '../environment.ts'
import { Memory } from '../memory.ts'
import { Simulator } from '../mujoco.ts'
import { readModel } from '../resources.ts'
import { attitude } from './attitude.ts'
import { LEGS, legPose, MOTORS, motorAngles, REFERENCE_EXTENSION } from './legs.ts'
import { ACTION, BASE_OBSERVATION, layout, OBSERVATION, PAST, pushFront, READING, SUMMARY } from './memory.ts'
import { HOT_SECONDS, HOT_TORQUE, motorTorque } from './motor.ts'
import type { MinitaurParameters } from './parameters.ts'
import { nominalPhysics, physicsOf } from './physics.ts'
import { sceneOf } from './scene.ts'

/**
 * Minitaur: a quadruped with direct-drive legs walks forward at a wanted velocity and must not fall.
 *
 * Action: swing and extension of the four legs around the reference pose, in [-1, 1]^8, times `actionScale`. Observation (120): roll, pitch, their rates
 * and the motor angles, `controlLatency` old; the same of the five steps before; the last five actions; the pose in leg space. Reward:
 * goal velocity - |goal velocity - velocity| - 0.01 mean |second difference of the actions|. Failure: roll or pitch beyond `tiltLimit`, a front leg that
 * swings back beyond `swingLimit`, or a simulation that blows up. End: failure, or `episodeLength` steps of 0.02 s (time limit). Start: settled on its
 * feet; `random`: tilted and pushed. Departures from the authors' set-up: 10 physics steps of 2 ms instead of 6 of 3.33 ms; the reward's printed plus sign
 * is read as the minus that makes sense; no random physics unless a range says so.
 */

const SUBSTEPS = 10
const SECONDS_PER_STEP = 0.02
const FASTEST = 0.8
const JERK_COST = 0.01
const SETTLING_STEPS = 400

/** What a random start changes, at most: tilt in rad, velocity in m/s, spin in rad/s. */
const PUSH = { tilt: 0.12, velocity: 0.4, spin: 1.2, lift: 0.02 }

const xml = readModel('minitaur.xml')

export class Minitaur implements VisibleEnvironment {
  readonly observationSize = OBSERVATION
  readonly actionSize = ACTION
  readonly stateNames = SUMMARY
  readonly actionNames = ['swing', 'extension'].flatMap((motion) => legNames.map((leg) => `${leg} ${motion}`))
  readonly stateEvery = 25
  readonly stateSize: number
  readonly maximumSteps: number
  readonly #parameters: MinitaurParameters
  readonly #random: Random
  readonly #simulator = new Simulator(xml)
  readonly #physics = physicsOf(this.#simulator)
  readonly #motors = MOTORS.map((name) => this.#simulator.hinge(name))
  readonly #memory: Memory<keyof ReturnType<typeof layout>>
  /** The whole state after standing still, before anything random. */
  readonly #settled: Float64Array
  #drawing: { simulator: Simulator; physics: ReturnType<typeof physicsOf> } | null = null
  #steps = 0

  constructor(parameters: MinitaurParameters, random: Random) {
    this.#parameters = parameters
    this.#random = random
    this.maximumSteps = parameters.episodeLength
    const oldest = Math.max(parameters.controlLatency, parameters.motorLatency)
    this.#memory = new Memory(
      layout(this.#simulator.stateSize, Math.ceil(oldest / this.#simulator.timestep) + 2),
    )
    this.stateSize = this.#memory.all.length
    this.#settle()
    this.#settled = this.#memory.all.slice()
    this.reset('fixed')
  }

  reset(start: Start): Float32Array {
    const { blocks } = this.#memory
    this.#memory.all.set(this.#settled)
    this.#drawPhysics()
    this.#simulator.setState(blocks.simulator)
    if (start === 'random') this.#push()
    this.#steps = 0
    this.#fillHistory()
    this.#observeNow()
    for (let past = 0; past < PAST; past++) blocks.pastStates.set(blocks.current, past * BASE_OBSERVATION)
    return this.observe()
  }

  step(action: Float32Array): Step {
    if (this.#steps >= this.maximumSteps) throw new Error('The episode is over; reset the environment first.')
    const { all, blocks } = this.#memory
    const scaled = Float64Array.from(
      { length: ACTION },
      (_, index) => Math.min(1, Math.max(-1, action[index] ?? 0)) * this.#parameters.actionScale,
    )
    this.#simulator.copyStateTo(blocks.simulator, 0)
    const before = all.slice()
    const from = this.#forwardPosition()
    this.#drive(motorAngles(scaled.map((value, index) => (index < 4 ? value : value + REFERENCE_EXTENSION))))
    const isStable = this.#simulator.isStable()
    if (!isStable) this.#recover(before)
    const to = this.#forwardPosition()
    const velocity = Math.min(FASTEST, Math.max(-FASTEST, (to - from) / SECONDS_PER_STEP))
    const reward = this.#reward(velocity, scaled)
    pushFront(blocks.pastStates, blocks.current)
    pushFront(blocks.pastActions, scaled)
    this.#observeNow()
    this.#steps++
    const cause = isStable ? this.#failureCause() : 'the simulation became unstable'
    const failure = cause !== null
    const truncated = !failure && this.#steps === this.maximumSteps
    if (failure) this.#steps = this.maximumSteps
    const info = { velocity, velocityError: this.#velocityError(velocity) }
    return { observation: this.observe(), reward, failure, terminated: failure, truncated, cause, info }
  }

  observe(): Float32Array {
    const { current, pastStates, pastActions } = this.#memory.blocks
    const observation = new Float32Array(this.observationSize)
    observation.set(wrapAngles(current))
    for (let past = 0; past < PAST; past++) {
      const state = pastStates.subarray(past * BASE_OBSERVATION, (past + 1) * BASE_OBSERVATION)
      observation.set(wrapAngles(state), (1 + past) * BASE_OBSERVATION)
    }
    observation.set(pastActions, (1 + PAST) * BASE_OBSERVATION)
    observation.set(legPose(current.subarray(4)), (1 + PAST) * BASE_OBSERVATION + PAST * ACTION)
    return observation
  }

  snapshot(): Float64Array {
    const { all, blocks } = this.#memory
    this.#simulator.copyStateTo(blocks.simulator, 0)
    blocks.random.set(this.#random.getState())
    const { positions: qpos, velocities: qvel } = this.#simulator
    const { roll, pitch } = attitude(qpos.subarray(3, 7))
    blocks.summary.set([...qpos.subarray(0, 3), roll, pitch, qvel[0] ?? 0, this.#steps])
    return all.slice()
  }

  restore(state: Float64Array): void {
    if (state.length !== this.stateSize)
      throw new RangeError(
        `A Minitaur state under these parameters has ${this.stateSize} numbers, not ${state.length}.`,
      )
    const { all, blocks } = this.#memory
    all.set(state)
    this.#steps = blocks.summary[SUMMARY.indexOf('steps')] ?? 0
    this.#random.setState(blocks.random)
    this.#physics.apply(blocks.physics)
    this.#simulator.setState(blocks.simulator)
    // What follows from the state is worked out by the next step; attitude and angles are read from it before.
    this.#simulator.forward()
    this.#simulator.setState(blocks.simulator)
  }

  get scene(): SceneDescription {
    return sceneOf(this.#simulator, SECONDS_PER_STEP)
  }

  get failureTests(): FailureTest[] {
    const { tiltLimit, swingLimit } = this.#parameters
    return [
      { name: 'roll', unit: 'rad', low: -tiltLimit, high: tiltLimit },
      { name: 'pitch', unit: 'rad', low: -tiltLimit, high: tiltLimit },
      ...frontLegs.map((leg) => ({
        name: `swing of the ${leg} leg`,
        unit: 'rad',
        low: null,
        high: swingLimit,
      })),
    ]
  }

  measures(state: Float64Array): number[] {
    const { summary, history } = this.#memory.blocksOf(state)
    const [roll = 0, pitch = 0] = summary.subarray(SUMMARY.indexOf('roll'))
    return [roll, pitch, ...this.#frontSwings(history)]
  }

  push(impulse: Vector): void {
    this.#simulator.push('base', impulse)
  }

  motion(state: Float64Array): Motion {
    if (this.#drawing === null) {
      const simulator = new Simulator(xml)
      this.#drawing = { simulator, physics: physicsOf(simulator) }
    }
    const { simulator, physics } = this.#drawing
    const blocks = this.#memory.blocksOf(state)
    physics.apply(blocks.physics)
    simulator.setState(blocks.simulator)
    return simulator.motion('base')
  }

  stateAt(): null {
    return null
  }

  /** Nobody can learn from, draw or store what a blown-up simulation leaves behind: the state before it stands for it. */
  #recover(before: Float64Array): void {
    const { all, blocks } = this.#memory
    all.set(before)
    this.#simulator.setState(blocks.simulator)
  }

  /** One control step: the motors' own controllers follow `targets` while the physics goes on. */
  #drive(targets: Float64Array): void {
    const { hotSeconds } = this.#memory.blocks
    const { velocities: qvel, controls: ctrl } = this.#simulator
    const { timestep } = this.#simulator
    for (let substep = 0; substep < SUBSTEPS; substep++) {
      const known = this.#delayed(this.#parameters.motorLatency, this.#memory.blocks.history)
      for (const [index, { velocity }] of this.#motors.entries()) {
        const isOff = (hotSeconds[index] ?? 0) >= HOT_SECONDS
        const torque = isOff
          ? 0
          : motorTorque(
              targets[index] ?? 0,
              known[index] ?? 0,
              known[ACTION + index] ?? 0,
              qvel[velocity] ?? 0,
            )
        ctrl[index] = torque
        if (!this.#parameters.overheatProtection || isOff) continue
        hotSeconds[index] = Math.abs(torque) > HOT_TORQUE ? (hotSeconds[index] ?? 0) + timestep : 0
      }
      this.#simulator.step()
      pushFront(this.#memory.blocks.history, this.#reading())
    }
  }

  /** Motor angles and velocities, roll, pitch and their rates, as they are. */
  #reading(): Float64Array {
    const { positions: qpos, velocities: qvel } = this.#simulator
    const reading = new Float64Array(READING)
    for (const [index, { position, velocity }] of this.#motors.entries()) {
      reading[index] = qpos[position] ?? 0
      reading[ACTION + index] = qvel[velocity] ?? 0
    }
    const { roll, pitch, rollRate, pitchRate } = attitude(qpos.subarray(3, 7), qvel.subarray(3, 6))
    reading.set([roll, pitch, rollRate, pitchRate], 2 * ACTION)
    return reading
  }

  /** The readings of `seconds` ago, between two physics steps by straight lines. */
  #delayed(seconds: number, history: Float64Array): Float64Array {
    const place = seconds / this.#simulator.timestep
    const index = Math.floor(place)
    const share = place - index
    return Float64Array.from({ length: READING }, (_, value) => {
      const newer = history[index * READING + value] ?? 0
      const older = history[(index + 1) * READING + value] ?? 0
      return newer + share * (older - newer)
    })
  }

  #forwardPosition(): number {
    return this.#simulator.positions[0] ?? 0
  }

  #observeNow(): void {
    const delayed = this.#delayed(this.#parameters.controlLatency, this.#memory.blocks.history)
    const { sensorNoise } = this.#parameters
    const noise = () => (sensorNoise > 0 ? sensorNoise * this.#random.normal() : 0)
    this.#memory.blocks.current.set(
      [...delayed.subarray(2 * ACTION), ...delayed.subarray(0, ACTION)].map((value) => value + noise()),
    )
  }

  #reward(velocity: number, scaled: Float64Array): number {
    const { goalVelocity } = this.#parameters
    const { pastActions } = this.#memory.blocks
    const jerk = scaled.reduce(
      (sum, value, index) =>
        sum + Math.abs(value - 2 * (pastActions[index] ?? 0) + (pastActions[ACTION + index] ?? 0)),
      0,
    )
    return goalVelocity - this.#velocityError(velocity) - (JERK_COST * jerk) / ACTION
  }

  #velocityError(velocity: number): number {
    return Math.abs(this.#parameters.goalVelocity - velocity)
  }

  #failureCause(): string | null {
    const { tiltLimit, swingLimit } = this.#parameters
    const { roll, pitch } = attitude(this.#simulator.positions.subarray(3, 7))
    if (Math.abs(roll) > tiltLimit) return `rolled to the ${roll > 0 ? 'right' : 'left'}`
    if (Math.abs(pitch) > tiltLimit) return pitch > 0 ? 'tipped forwards' : 'tipped backwards'
    const leg = this.#frontSwings(this.#memory.blocks.history).findIndex((swing) => swing > swingLimit)
    return leg < 0 ? null : `${frontLegs[leg]} leg swung too far back`
  }

  #frontSwings(history: Float64Array): number[] {
    const pose = legPose(this.#delayed(this.#parameters.controlLatency, history))
    return LEGS.flatMap((name, leg) => (name.startsWith('front') ? [pose[leg] ?? 0] : []))
  }

  /** Stands in the reference pose until nothing moves. */
  #settle(): void {
    this.#simulator.resetToKeyframe(0)
    this.#simulator.forward()
    this.#physics.apply(nominalPhysics)
    this.#fillHistory()
    const standing = motorAngles([0, 0, 0, 0, ...LEGS.map(() => REFERENCE_EXTENSION)])
    for (let step = 0; step < SETTLING_STEPS / SUBSTEPS; step++) this.#drive(standing)
    const { blocks } = this.#memory
    blocks.hotSeconds.fill(0)
    blocks.physics.set(nominalPhysics)
    this.#simulator.positions.fill(0, 0, 2)
    this.#simulator.copyStateTo(blocks.simulator, 0)
  }

  #drawPhysics(): void {
    const { footFriction, baseMassFactor, legMassFactor } = this.#parameters
    const draw = ([low, high]: readonly [number, number]) =>
      low === high ? low : low + (high - low) * this.#random.uniform()
    const { physics } = this.#memory.blocks
    physics.set([draw(footFriction), draw(baseMassFactor)])
    for (let part = 2; part < physics.length; part++) physics[part] = draw(legMassFactor)
    this.#physics.apply(physics)
  }

  #push(): void {
    const around = (limit: number) => limit * (2 * this.#random.uniform() - 1)
    const { positions: qpos, velocities: qvel } = this.#simulator
    const [roll, pitch] = [around(PUSH.tilt), around(PUSH.tilt)]
    const norm = Math.hypot(1, roll / 2, pitch / 2)
    qpos.set([1 / norm, roll / 2 / norm, pitch / 2 / norm, 0], 3)
    qpos[2] = (qpos[2] ?? 0) + PUSH.lift
    for (let axis = 0; axis < 3; axis++) {
      qvel[axis] = around(PUSH.velocity) * (axis === 2 ? 0 : 1)
      qvel[3 + axis] = around(PUSH.spin)
    }
    this.#simulator.forward()
  }

  #fillHistory(): void {
    const { history } = this.#memory.blocks
    const reading = this.#reading()
    for (let offset = 0; offset < history.length; offset += READING) history.set(reading, offset)
  }
}

const legNames = LEGS.map((name) => name.replace('_', ' '))
const frontLegs = legNames.filter((name) => name.startsWith('front'))

/** The base part of an observation with its motor angles brought to [-pi, pi]. */
function wrapAngles(base: Float64Array): Float64Array {
  return base.map((value, index) =>
    index < 4 ? value : value - 2 * Math.PI * Math.round(value / (2 * Math.PI)),
  )
}
