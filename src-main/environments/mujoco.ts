import loadMujoco, { type MjData, type MjModel } from '@mujoco/mujoco'
import type { Body, Geometry, Joint, Material, Quaternion, Vector } from '../contract/scenes.ts'
import { CONTACT_SIZE, POSE_SIZE, VELOCITY_SIZE } from '../contract/scenes.ts'
import type { Forces, Motion } from './environment.ts'
import { jointsOf } from './mujoco-joints.ts'

const mujoco = await loadMujoco()

const JOINT = mujoco.mjtObj.mjOBJ_JOINT.value
const GEOM = mujoco.mjtObj.mjOBJ_GEOM.value
const BODY = mujoco.mjtObj.mjOBJ_BODY.value

/** What a continuation needs bit by bit: positions, velocities, time and the solver's warm start among them. */
const INTEGRATION = mujoco.mjtState.mjSTATE_INTEGRATION.value

/** Of that, what the simulation itself changes; controls and outside forces are left out. */
const MOTION = mujoco.mjtState.mjSTATE_FULLPHYSICS.value | mujoco.mjtState.mjSTATE_WARMSTART.value

const kinds = ['plane', null, 'sphere', 'capsule', 'ellipsoid', 'cylinder', 'box'] as const

/** Beyond this a position or velocity is the solver's, not the robot's. */
const LARGEST_SANE = 1e6

/** Frees what a simulator held in MuJoCo's memory once nobody can reach it any more. */
const forgotten = new FinalizationRegistry<{ delete(): void }[]>((held) => {
  for (const thing of held) thing.delete()
})

/**
 * One model and one state of it, in MuJoCo compiled to WebAssembly. The memory of both lies outside JavaScript's garbage collection, and is freed once the simulator has been collected, or by `dispose` at once.
 * Views of MuJoCo's arrays are valid until its memory grows; `view` reads them anew.
 */
export class Simulator {
  readonly model: MjModel
  readonly data: MjData
  readonly stateSize: number
  readonly #parts: number
  readonly #state: InstanceType<typeof mujoco.DoubleBuffer>
  readonly #six = new mujoco.DoubleBuffer(6)

  /**
   * @param kept `motion`: a state a third as large, exact where controls are written before every step and no other force is.
   * @throws Error with MuJoCo's own words where the model does not compile.
   */
  constructor(xml: string, kept: 'everything' | 'motion' = 'everything') {
    this.#parts = kept === 'motion' ? MOTION : INTEGRATION
    this.model = mujoco.MjModel.from_xml_string(xml)
    this.data = new mujoco.MjData(this.model)
    this.stateSize = mujoco.mj_stateSize(this.model, this.#parts)
    this.#state = new mujoco.DoubleBuffer(this.stateSize)
    forgotten.register(this, this.#held(), this)
  }

  /** Of the state that the simulation is in; a view. */
  get positions(): Float64Array {
    return this.data.qpos
  }

  get velocities(): Float64Array {
    return this.data.qvel
  }

  get controls(): Float64Array {
    return this.data.ctrl
  }

  /** What the model's sensors measured in the last step; no part of the state. */
  get sensors(): Float64Array {
    return this.data.sensordata
  }

  /** Simulated seconds of one physics step. */
  get timestep(): number {
    return this.model.opt.timestep
  }

  /** One physics step. */
  step(): void {
    mujoco.mj_step(this.model, this.data)
  }

  /** Everything that follows from positions and velocities. */
  forward(): void {
    mujoco.mj_forward(this.model, this.data)
  }

  resetToKeyframe(index: number): void {
    mujoco.mj_resetDataKeyframe(this.model, this.data, index)
  }

  /** After masses or inertias were changed. */
  settleConstants(): void {
    mujoco.mj_setConst(this.model, this.data)
  }

  copyStateTo(target: Float64Array, offset: number): void {
    mujoco.mj_getState(this.model, this.data, this.#state, this.#parts)
    target.set(this.#state.GetView(), offset)
  }

  setState(state: Float64Array): void {
    if (state.length !== this.stateSize)
      throw new RangeError(`A state of this model has ${this.stateSize} numbers, not ${state.length}.`)
    this.#state.GetView().set(state)
    mujoco.mj_setState(this.model, this.data, this.#state.GetView(), this.#parts)
  }

  /**
   * An impulse in N s at a body's centre of mass, in no time: the inverse of the mass matrix says how all velocities change. Closed chains and contacts
   * answer in the step that follows.
   */
  push(body: string, impulse: Vector): void {
    const id = this.bodyId(body)
    mujoco.mj_getState(this.model, this.data, this.#state, this.#parts)
    this.forward()
    const change = new mujoco.DoubleBuffer(this.model.nv)
    const point = triple(this.data.xipos, id)
    mujoco.mj_applyFT(this.model, this.data, impulse, [0, 0, 0], point, id, change)
    mujoco.mj_solveM(this.model, this.data, change, [...change.GetView()])
    mujoco.mj_setState(this.model, this.data, this.#state.GetView(), this.#parts)
    const { qvel } = this.data
    for (const [index, added] of change.GetView().entries()) qvel[index] += added
    change.delete()
  }

  /** False once the simulation has blown up. */
  isStable(): boolean {
    const { qpos, qvel, qacc } = this.data
    return [qpos, qvel, qacc].every((values: Float64Array) =>
      values.every((value) => Math.abs(value) < LARGEST_SANE),
    )
  }

  /** Where the angle and the velocity of a hinge lie in `qpos` and `qvel`. */
  hinge(name: string): { position: number; velocity: number } {
    const id = this.#id(JOINT, name)
    return { position: this.model.jnt_qposadr[id], velocity: this.model.jnt_dofadr[id] }
  }

  geometryId(name: string): number {
    return this.#id(GEOM, name)
  }

  bodyId(name: string): number {
    return this.#id(BODY, name)
  }

  #id(kind: number, name: string): number {
    const id = mujoco.mj_name2id(this.model, kind, name)
    if (id < 0) throw new Error(`The model has no ${name}.`)
    return id
  }

  /** Bodies that have something to draw, from the compiled model's own arrays; the world itself does not move. */
  bodies(materialOf: (geometry: string) => Material): Body[] {
    return this.#drawnBodies().map((id) => ({
      name: id === 0 ? 'world' : this.#name(BODY, id),
      massKilograms: id === 0 ? null : this.model.body_mass[id],
      ...(id !== 0 && { inertia: this.#inertiaOf(id) }),
      geometries: this.#geometriesOf(id, materialOf),
    }))
  }

  /** What holds the bodies of `bodies` together. */
  joints(): Joint[] {
    const drawn = this.#drawnBodies()
    const bodies = new Map(drawn.map((id) => [id, id === 0 ? 'world' : this.#name(BODY, id)]))
    return jointsOf(this.model, bodies, (id) => this.#name(JOINT, id))
  }

  /** Poses and velocities of the moving bodies in the order of `bodies`, and what acts on them, at the present state. */
  motion(mainBody: string): Motion {
    this.forward()
    const ids = this.#drawnBodies().filter((id) => id !== 0)
    const poses = new Float32Array(ids.length * POSE_SIZE)
    const velocities = new Float32Array(ids.length * VELOCITY_SIZE)
    const { xpos, xquat } = this.data
    for (const [index, id] of ids.entries()) {
      poses.set(xpos.subarray(3 * id, 3 * id + 3), index * POSE_SIZE)
      poses.set(xquat.subarray(4 * id, 4 * id + 4), index * POSE_SIZE + 3)
      mujoco.mj_objectVelocity(this.model, this.data, BODY, id, this.#six, 0)
      const view: Float64Array = this.#six.GetView()
      velocities.set([...view.subarray(3, 6), ...view.subarray(0, 3)], index * VELOCITY_SIZE)
    }
    return { poses, velocities, forces: this.#forces(this.bodyId(mainBody)) }
  }

  #forces(body: number): Forces {
    const { ncon, subtree_com } = this.data
    const contacts = new Float32Array(ncon * CONTACT_SIZE)
    const all = this.data.contact
    for (let index = 0; index < ncon; index++) {
      const contact = all.get(index)
      if (contact === undefined) continue
      const [nx = 0, ny = 0, nz = 0, ax = 0, ay = 0, az = 0, bx = 0, by = 0, bz = 0] = contact.frame
      mujoco.mj_contactForce(this.model, this.data, index, this.#six)
      const [n = 0, a = 0, b = 0] = this.#six.GetView() as Float64Array
      const force = [n * nx + a * ax + b * bx, n * ny + a * ay + b * by, n * nz + a * az + b * bz]
      contacts.set([...contact.pos, nx, ny, nz, ...force], index * CONTACT_SIZE)
      contact.delete()
    }
    all.delete()
    return { contacts, centreOfMass: Float32Array.from(subtree_com.subarray(3 * body, 3 * body + 3)) }
  }

  dispose(): void {
    if (forgotten.unregister(this)) for (const thing of this.#held()) thing.delete()
  }

  #held() {
    return [this.#six, this.#state, this.data, this.model]
  }

  #drawnBodies(): number[] {
    const withGeometry = new Set<number>(this.model.geom_bodyid)
    return Array.from({ length: this.model.nbody }, (_, id) => id).filter((id) => withGeometry.has(id))
  }

  #inertiaOf(body: number): NonNullable<Body['inertia']> {
    const { body_ipos, body_iquat, body_inertia } = this.model
    return {
      centre: triple(body_ipos, body),
      rotation: quaternionAt(body_iquat, body),
      moments: triple(body_inertia, body),
    }
  }

  #geometriesOf(body: number, materialOf: (geometry: string) => Material): Geometry[] {
    const { geom_bodyid, geom_type, geom_size, geom_pos, geom_quat, geom_rgba } = this.model
    const touches = this.#touches()
    return Array.from({ length: this.model.ngeom }, (_, id) => id)
      .filter((id) => geom_bodyid[id] === body)
      .map((id) => {
        const name = this.#name(GEOM, id)
        const kind = kinds[geom_type[id]]
        if (!kind) throw new Error(`The shape of ${name} cannot be drawn.`)
        return {
          kind,
          size: triple(geom_size, id),
          position: triple(geom_pos, id),
          rotation: quaternionAt(geom_quat, id),
          material: materialOf(name),
          colour: colourAt(geom_rgba, id),
          collides: touches[id]?.groups !== 0,
          touches: touches[id],
        }
      })
  }

  /** Of each geometry. In MuJoCo one of two must ask for the other; here each must be among the other's groups, so those that ask alike are one group. */
  #touches(): { group: number; groups: number }[] {
    const { ngeom, geom_contype, geom_conaffinity } = this.model
    const asked = Array.from({ length: ngeom }, (_, id) => ({
      type: geom_contype[id] as number,
      affinity: geom_conaffinity[id] as number,
    }))
    const alike = [...Map.groupBy(asked, ({ type, affinity }) => `${type} ${affinity}`).values()]
    const groups = alike.flatMap(([one]) => one ?? [])
    return asked.map(({ type, affinity }) => ({
      group: 1 << groups.findIndex((one) => one.type === type && one.affinity === affinity),
      groups: groups.reduce(
        (sum, one, index) => (type & one.affinity || one.type & affinity ? sum | (1 << index) : sum),
        0,
      ),
    }))
  }

  #name(kind: number, id: number): string {
    return mujoco.mj_id2name(this.model, kind, id) || `${id}`
  }
}

function triple(array: Float64Array, index: number): Vector {
  const [x = 0, y = 0, z = 0] = array.subarray(3 * index, 3 * index + 3)
  return [x, y, z]
}

function quaternionAt(array: Float64Array, index: number): Quaternion {
  const [w = 1, x = 0, y = 0, z = 0] = array.subarray(4 * index, 4 * index + 4)
  return [w, x, y, z]
}

/** What MuJoCo paints a geometry without a colour of its own. */
const UNPAINTED = 0.5

function colourAt(rgba: Float32Array, index: number): Vector | null {
  const [red = UNPAINTED, green = UNPAINTED, blue = UNPAINTED] = rgba.subarray(4 * index, 4 * index + 3)
  return [red, green, blue].every((part) => part === UNPAINTED) ? null : [red, green, blue]
}
