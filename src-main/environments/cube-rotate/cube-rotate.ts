import type { FailureTest, Material, SceneDescription, Vector } from '../../contract/scenes.ts'
import { RANDOM_STATE_SIZE, type Random } from '../../random.ts'
import type { Motion, Start, Step, VisibleEnvironment } from '../environment.ts'
import { Memory } from '../memory.ts'
import { Simulator } from '../mujoco.ts'
import { readModel } from '../resources.ts'
import { HandControl, JOINTS, MOTORS, OBSERVATION } from './hand.ts'
import type { CubeRotateParameters } from './parameters.ts'
import { type Euler, eulerOf, orientationError, quaternionOf, unwrapAround } from './rotation.ts'

/**
 * CubeRotate: a hand with 24 joints turns a cube on its palm to a goal orientation and must not drop it.
 *
 * Action: an angle for each of the 20 motors, in [-1, 1]^20 around a loose grasp, times `actionScale`; no target is more than 0.3 rad away from its joint.
 * Observation (39): the joints' angles, the cube's place relative to the start, its orientation, its velocity, its spin (in its own frame), the goal.
 * Reward: -7 times the norm of the differences to the goal's angles (about x, then y, then z), and -`dropPenalty` on failure. Failure: the cube is 0.1 m
 * below where it began, or the simulation blows up. End: failure, or `episodeLength` steps of 0.1 s (time limit). Start: the cube just above the palm, the
 * goal one of four turns; `random`: on the way to the goal or beyond it, in another grasp, moving. Departures from the authors' set-up: the last two joints
 * of a finger are coupled, so there are 20 motors for 24 joints; 20 physics steps of 5 ms instead of 40 of 2.5 ms; the cube is a box that turns freely
 * instead of a rounded one on three hinges.
 */

const SUBSTEPS = 20
const SECONDS_PER_STEP = 0.1
const ANGLE_COST = 7
/** m below the start. */
const DROP = 0.1
const START = [0, -0.02, 0.24] as const
const LOWEST = START[2] - DROP

/** The axes of the goals: up and down about x, across the palm; left and right about z, the vertical. */
const GOALS = {
  left: [0, 0, -1],
  right: [0, 0, 1],
  up: [1, 0, 0],
  down: [-1, 0, 0],
} as const satisfies Record<string, Euler>
const goalNames = Object.keys(GOALS) as (keyof typeof GOALS)[]

/**
 * What a random start changes. `turn`: shares of the way to the goal; the rest at most: rad of tilt, m of place, rad of each joint, m/s, rad/s.
 * Chosen so that a hand that only holds on loses about a quarter of these cubes.
 */
const VARIED = {
  turn: [-0.3, 1.6],
  tilt: 0.4,
  place: 0.03,
  lift: 0.02,
  joint: 0.3,
  velocity: 0.4,
  spin: 5,
} as const

/** N with which each fingertip presses on something, in the order of the model's sensors. */
const FINGERTIPS = ['thumb', 'first finger', 'middle finger', 'ring finger', 'little finger'] as const
/** Degrees; m; m/s; rad/s; then the fingertips. */
const SUMMARY = ['orientation error', 'height', 'x', 'y', 'speed', 'spin', 'steps', ...FINGERTIPS] as const
const STEPS = SUMMARY.indexOf('steps')
const CUBE_POSITION = JOINTS.length
const CUBE_ATTITUDE = CUBE_POSITION + 3
const CUBE_VELOCITY = JOINTS.length
const CUBE_SPIN = CUBE_VELOCITY + 3

const xml = readModel('cube-hand.xml')

export class CubeRotate implements VisibleEnvironment {
  readonly observationSize = OBSERVATION
  readonly actionSize = MOTORS.length
  readonly stateNames = SUMMARY
  readonly actionNames = MOTORS
  readonly stateEvery = 10
  readonly stateSize: number
  readonly maximumSteps: number
  readonly #parameters: CubeRotateParameters
  readonly #random: Random
  readonly #simulator = new Simulator(xml, 'motion')
  readonly #control = new HandControl(this.#simulator)
  readonly #physics = physicsOf(this.#simulator)
  readonly #memory = new Memory({
    summary: SUMMARY.length,
    simulator: this.#simulator.stateSize,
    /** Angles about x, y and z, rad. */
    goal: 3,
    /** Of this episode: mass of the cube in kg, sliding friction. */
    physics: 2,
    /** 1 once the episode has failed. */
    failed: 1,
    random: RANDOM_STATE_SIZE,
  })
  #drawing: { simulator: Simulator; control: HandControl; physics: ReturnType<typeof physicsOf> } | null =
    null
  #steps = 0

  constructor(parameters: CubeRotateParameters, random: Random) {
    this.#parameters = parameters
    this.#random = random
    this.maximumSteps = parameters.episodeLength
    this.stateSize = this.#memory.all.length
    this.reset('fixed')
  }

  reset(start: Start): Float32Array {
    const { blocks } = this.#memory
    const { goalDirection, goalTurn } = this.#parameters
    const drawn = this.#random.integer(goalNames.length)
    const name = goalDirection === 'any' ? goalNames[drawn] : goalDirection
    const axis: Euler = GOALS[name ?? 'left']
    blocks.goal.set(axis.map((share) => share * goalTurn))
    this.#drawPhysics()
    this.#simulator.resetToKeyframe(0)
    if (start === 'random') this.#vary(axis)
    else this.#place()
    this.#steps = 0
    blocks.summary.fill(0)
    blocks.failed[0] = 0
    return this.observe()
  }

  step(action: Float32Array): Step {
    const { blocks } = this.#memory
    if (this.#steps >= this.maximumSteps || blocks.failed[0] === 1)
      throw new Error('The episode is over; reset the environment first.')
    this.#simulator.copyStateTo(blocks.simulator, 0)
    this.#control.apply(
      action.map((value) => Math.min(1, Math.max(-1, value)) * this.#parameters.actionScale),
    )
    for (let substep = 0; substep < SUBSTEPS; substep++) this.#simulator.step()
    blocks.summary.set(this.#simulator.sensors, STEPS + 1)
    const isStable = this.#simulator.isStable()
    // Nobody can learn from, draw or store what a blown-up simulation leaves behind: the state before it stands for it.
    if (!isStable) this.#recover()
    this.#steps++
    const cause = isStable ? dropCause(this.#cubePlace()) : 'the simulation became unstable'
    const failure = cause !== null
    if (failure) blocks.failed[0] = 1
    const info = { orientationError: this.#error() }
    const reward = -ANGLE_COST * info.orientationError - (failure ? this.#parameters.dropPenalty : 0)
    const truncated = !failure && this.#steps === this.maximumSteps
    return { observation: this.observe(), reward, failure, terminated: failure, truncated, cause, info }
  }

  observe(): Float32Array {
    const { positions, velocities } = this.#simulator
    const goal = this.#goal()
    const observation = new Float32Array(OBSERVATION)
    observation.set(positions.subarray(0, JOINTS.length))
    observation.set(
      this.#cubePlace().map((value, axis) => value - (START[axis] ?? 0)),
      CUBE_POSITION,
    )
    observation.set(unwrapAround(goal, this.#euler()), CUBE_ATTITUDE)
    observation.set(velocities.subarray(CUBE_VELOCITY, CUBE_VELOCITY + 6), CUBE_ATTITUDE + 3)
    observation.set(goal, CUBE_ATTITUDE + 9)
    return observation
  }

  snapshot(): Float64Array {
    const { all, blocks } = this.#memory
    const { velocities } = this.#simulator
    this.#simulator.copyStateTo(blocks.simulator, 0)
    blocks.random.set(this.#random.getState())
    const [x = 0, y = 0, z = 0] = this.#cubePlace()
    const speed = Math.hypot(...velocities.subarray(CUBE_VELOCITY, CUBE_SPIN))
    const spin = Math.hypot(...velocities.subarray(CUBE_SPIN, CUBE_SPIN + 3))
    blocks.summary.set([(this.#error() * 180) / Math.PI, z, x, y, speed, spin, this.#steps])
    return all.slice()
  }

  restore(state: Float64Array): void {
    if (state.length !== this.stateSize)
      throw new RangeError(`A CubeRotate state has ${this.stateSize} numbers, not ${state.length}.`)
    const { all, blocks } = this.#memory
    all.set(state)
    this.#steps = blocks.summary[STEPS] ?? 0
    this.#random.setState(blocks.random)
    this.#physics.apply(blocks.physics)
    this.#simulator.setState(blocks.simulator)
  }

  get scene(): SceneDescription {
    return {
      lengthUnit: 'm',
      secondsPerFrame: SECONDS_PER_STEP,
      low: [-0.15, -0.25, 0],
      high: [0.2, 0.15, 0.32],
      bodies: this.#simulator.bodies(materialOf),
      joints: this.#simulator.joints(),
      mainBody: 'cube',
      // Beside the thumb: the palm with the cube, and the forearm not before them.
      viewAzimuth: -0.6,
      actionArrow: null,
      field: null,
      largestPush: 0.1,
    }
  }

  get failureTests(): FailureTest[] {
    return [{ name: 'height of the cube', unit: 'm', low: LOWEST, high: null }]
  }

  measures(state: Float64Array): number[] {
    return [state[SUMMARY.indexOf('height')] ?? 0]
  }

  push(impulse: Vector): void {
    this.#simulator.push('cube', impulse)
  }

  motion(state: Float64Array): Motion {
    if (this.#drawing === null) {
      const simulator = new Simulator(xml, 'motion')
      this.#drawing = { simulator, control: new HandControl(simulator), physics: physicsOf(simulator) }
    }
    const { simulator, control, physics } = this.#drawing
    const blocks = this.#memory.blocksOf(state)
    physics.apply(blocks.physics)
    simulator.setState(blocks.simulator)
    // The state keeps no motor targets: forces are those under an action of 0, towards the grasp.
    control.apply(new Float32Array(this.actionSize))
    const [x = 0, y = 0, z = 0] = blocks.goal
    simulator.data.mocap_quat.set(quaternionOf([x, y, z]))
    return simulator.motion('cube')
  }

  stateAt(): null {
    return null
  }

  #recover(): void {
    const { blocks } = this.#memory
    this.#simulator.setState(blocks.simulator)
    blocks.summary.fill(0)
  }

  #cubePlace(): Float64Array {
    return this.#simulator.positions.subarray(CUBE_POSITION, CUBE_POSITION + 3)
  }

  #euler(): Euler {
    return eulerOf(this.#simulator.positions.subarray(CUBE_ATTITUDE, CUBE_ATTITUDE + 4))
  }

  #goal(): Euler {
    const [x = 0, y = 0, z = 0] = this.#memory.blocks.goal
    return [x, y, z]
  }

  #error(): number {
    return orientationError(this.#goal(), this.#euler())
  }

  #drawPhysics(): void {
    const { cubeMass, friction } = this.#parameters
    const draw = ([low, high]: readonly [number, number]) => low + (high - low) * this.#random.uniform()
    this.#memory.blocks.physics.set([draw(cubeMass), draw(friction)])
    this.#physics.apply(this.#memory.blocks.physics)
  }

  /** The task's own start, with its noise. */
  #place(): void {
    const { startOffset, startTurn } = this.#parameters
    const { positions } = this.#simulator
    for (const axis of [0, 1])
      positions[CUBE_POSITION + axis] = (START[axis] ?? 0) + startOffset * this.#random.normal()
    positions.set(quaternionOf([0, 0, this.#around(startTurn)]), CUBE_ATTITUDE)
  }

  /** A start somewhere on the way to the goal and beyond. */
  #vary(axis: Euler): void {
    const { positions, velocities, model } = this.#simulator
    const [from, to] = VARIED.turn
    const turn = this.#parameters.goalTurn * (from + (to - from) * this.#random.uniform())
    const [x, y, z] = axis.map((share) => share * turn + this.#around(VARIED.tilt))
    const attitude = quaternionOf([x ?? 0, y ?? 0, z ?? 0])
    for (let joint = 0; joint < JOINTS.length; joint++) {
      const low = model.jnt_range[2 * joint] ?? 0
      const high = model.jnt_range[2 * joint + 1] ?? 0
      const angle = (positions[joint] ?? 0) + this.#around(VARIED.joint)
      positions[joint] = Math.min(high, Math.max(low, angle))
    }
    for (const level of [0, 1])
      positions[CUBE_POSITION + level] = (START[level] ?? 0) + this.#around(VARIED.place)
    positions[CUBE_POSITION + 2] = START[2] + VARIED.lift * (1 + this.#random.uniform())
    positions.set(attitude, CUBE_ATTITUDE)
    for (let component = 0; component < 6; component++)
      velocities[CUBE_VELOCITY + component] = this.#around(component < 3 ? VARIED.velocity : VARIED.spin)
  }

  #around(limit: number): number {
    return limit * (2 * this.#random.uniform() - 1)
  }
}

/** Writes an episode's mass and friction into the compiled model. */
function physicsOf(simulator: Simulator) {
  const { model } = simulator
  const cube = simulator.bodyId('cube')
  const floor = simulator.geometryId('floor')
  // Of two touching geometries the larger friction counts, so hand and cube get the same.
  const touching = Array.from({ length: model.ngeom }, (_, id) => id).filter(
    (id) => id !== floor && model.geom_contype[id] !== 0,
  )
  const mass = model.body_mass[cube] ?? 0
  const inertia: Float64Array = model.body_inertia.slice(3 * cube, 3 * cube + 3)
  let applied = Float64Array.of(mass, 1)

  return {
    apply(physics: Float64Array): void {
      if (physics.every((value, index) => value === applied[index])) return
      applied = physics.slice()
      const [kilograms = mass, friction = 1] = physics
      model.body_mass[cube] = kilograms
      model.body_inertia.set(
        inertia.map((value) => (value * kilograms) / mass),
        3 * cube,
      )
      for (const id of touching) model.geom_friction[3 * id] = friction
      simulator.settleConstants()
    },
  }
}

/** Null while the cube is held. */
function dropCause([x = 0, y = 0, z = 0]: Float64Array): string | null {
  if (z >= LOWEST) return null
  const along = y - START[1]
  if (Math.abs(x) > Math.abs(along))
    return x > 0 ? 'dropped past the thumb' : 'dropped past the little finger'
  return along > 0 ? 'dropped over the fingertips' : 'dropped over the wrist'
}

function materialOf(geometry: string): Material {
  if (geometry === 'floor') return 'ground'
  if (geometry.startsWith('goal')) return 'goal'
  if (geometry === 'cube') return 'object'
  if (geometry.startsWith('forearm')) return 'structure'
  // The faces of the cube tell its sides apart, also where the cube itself is marked.
  return geometry.endsWith('_tip') || geometry.startsWith('cube_') ? 'agentAccent' : 'agent'
}
