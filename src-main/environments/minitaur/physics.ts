import type { Simulator } from '../mujoco.ts'
import { MOTORS } from './legs.ts'

/** Friction of the feet, factor of the base's mass, and those of the legs' parts, as the model file has them. */
export const nominalPhysics = new Float64Array(18).fill(1)

/** Writes an episode's friction and masses into the compiled model. */
export function physicsOf(simulator: Simulator) {
  const { model } = simulator
  const feet = MOTORS.map((motor) => simulator.geometryId(`${motor}_foot`))
  const base = ['base', 'chassis_left', 'chassis_right'].map((name) => simulator.bodyId(name))
  const parts = MOTORS.flatMap((motor) => [`${motor}_link`, `${motor}_shank`]).map((name) =>
    simulator.bodyId(name),
  )
  const masses: Float64Array = model.body_mass.slice()
  const inertias: Float64Array = model.body_inertia.slice()
  let applied = nominalPhysics.slice()

  const scale = (body: number, factor: number) => {
    model.body_mass[body] = (masses[body] ?? 0) * factor
    for (let axis = 0; axis < 3; axis++)
      model.body_inertia[3 * body + axis] = (inertias[3 * body + axis] ?? 0) * factor
  }
  return {
    apply(physics: Float64Array): void {
      if (physics.every((value, index) => value === applied[index])) return
      applied = physics.slice()
      const [friction = 1, baseFactor = 1, ...partFactors] = physics
      for (const foot of feet) model.geom_friction[3 * foot] = friction
      for (const body of base) scale(body, baseFactor)
      for (const [index, body] of parts.entries()) scale(body, partFactors[index] ?? 1)
      simulator.settleConstants()
    },
  }
}
