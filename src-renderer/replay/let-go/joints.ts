import type { ConstraintAxis, HavokPhysicsWithBindings, HP_BodyId, HP_ConstraintId } from '@babylonjs/havok'
import type { Joint, JointAxis, Quaternion, Vector } from '../../../src-main/contract/index.ts'
import { multiply, rotate } from '../rotations.ts'

/** N m; more than any joint here is slowed down with. */
const mostDampingTorque = 100

/** A body of Havok, and how it was turned when it was let go. */
export interface JointedBody {
  id: HP_BodyId
  rotation: Quaternion
}

/** limp: motors are off; held: they keep the angles that the joints had when they were let go, as well as their torque allows. */
export type Motors = 'limp' | 'held'

export interface BuiltJoints {
  drive(motors: Motors): void
}

/** @param bodyOf null: the scene has no such body. */
export function createJoints(
  havok: HavokPhysicsWithBindings,
  joints: readonly Joint[],
  bodyOf: (name: string) => JointedBody | null,
): BuiltJoints {
  const driven: { constraint: HP_ConstraintId; side: ConstraintAxis; axis: JointAxis; angle: number }[] = []
  for (const joint of joints) {
    const [parent, child] = [bodyOf(joint.parent), bodyOf(joint.child)]
    if (parent === null || child === null) continue
    const constraint = connect(havok, joint, parent.id, child.id)
    const angles = anglesOf(joint, parent.rotation, child.rotation)
    for (const [index, axis] of joint.axes.entries()) {
      const side = sidesOf(havok, joint)[index]
      if (side !== undefined && joint.kind === 'hinge')
        driven.push({ constraint, side, axis, angle: angles[index] ?? 0 })
    }
    havok.HP_Constraint_SetEnabled(constraint, 1)
  }

  let now: Motors | null = null
  function drive(motors: Motors): void {
    if (motors === now) return
    now = motors
    const { NONE, POSITION, SPRING_FORCE } = havok.ConstraintMotorType
    for (const { constraint, side, axis, angle } of driven) {
      const { motorTorque, damping } = axis
      if (motors === 'held' && motorTorque !== null) {
        havok.HP_Constraint_SetAxisMotorType(constraint, side, POSITION)
        havok.HP_Constraint_SetAxisMotorPositionTarget(constraint, side, angle)
        havok.HP_Constraint_SetAxisMotorMaxForce(constraint, side, motorTorque)
      } else if (damping > 0) {
        havok.HP_Constraint_SetAxisMotorType(constraint, side, SPRING_FORCE)
        havok.HP_Constraint_SetAxisMotorStiffness(constraint, side, 0)
        havok.HP_Constraint_SetAxisMotorDamping(constraint, side, damping)
        havok.HP_Constraint_SetAxisMotorVelocityTarget(constraint, side, 0)
        havok.HP_Constraint_SetAxisMotorMaxForce(constraint, side, mostDampingTorque)
      } else havok.HP_Constraint_SetAxisMotorType(constraint, side, NONE)
    }
  }

  drive('limp')
  return { drive }
}

/** Havok's axes for those of the joint, in their order. */
function sidesOf({ ConstraintAxis }: HavokPhysicsWithBindings, { kind }: Joint): ConstraintAxis[] {
  if (kind === 'slide') return [ConstraintAxis.LINEAR_X]
  if (kind === 'hinge') return [ConstraintAxis.ANGULAR_X, ConstraintAxis.ANGULAR_Y]
  return []
}

function connect(
  havok: HavokPhysicsWithBindings,
  joint: Joint,
  parent: HP_BodyId,
  child: HP_BodyId,
): HP_ConstraintId {
  const { ConstraintAxis, ConstraintAxisLimitMode } = havok
  const { LINEAR_X, LINEAR_Y, LINEAR_Z, ANGULAR_X, ANGULAR_Y, ANGULAR_Z } = ConstraintAxis
  const { FREE, LIMITED, LOCKED } = ConstraintAxisLimitMode
  const first = joint.axes[0]?.direction ?? [1, 0, 0]
  const second = joint.axes[1]?.direction ?? across(first)
  const [, constraint] = havok.HP_Constraint_Create()
  havok.HP_Constraint_SetParentBody(constraint, parent)
  havok.HP_Constraint_SetChildBody(constraint, child)
  const inParent = ([first, second] as const).map((axis) => rotate(joint.rotation, axis)) as [Vector, Vector]
  havok.HP_Constraint_SetAnchorInParent(constraint, joint.anchorInParent, ...inParent)
  havok.HP_Constraint_SetAnchorInChild(constraint, joint.anchorInChild, first, second)

  const locked = [LINEAR_X, LINEAR_Y, LINEAR_Z]
  if (joint.kind !== 'ball') locked.push(ANGULAR_X, ANGULAR_Y, ANGULAR_Z)
  for (const axis of locked) havok.HP_Constraint_SetAxisMode(constraint, axis, LOCKED)
  for (const [index, side] of sidesOf(havok, joint).entries()) {
    const axis = joint.axes[index]
    if (axis === undefined) continue
    havok.HP_Constraint_SetAxisMode(constraint, side, axis.limits === null ? FREE : LIMITED)
    if (axis.limits === null) continue
    havok.HP_Constraint_SetAxisMinLimit(constraint, side, axis.limits[0])
    havok.HP_Constraint_SetAxisMaxLimit(constraint, side, axis.limits[1])
  }
  return constraint
}

/** Of a hinge's axes, rad from -pi to pi. */
export function anglesOf({ rotation, axes }: Joint, parent: Quaternion, child: Quaternion): number[] {
  const [w, x, y, z] = multiply(inverse(rotation), multiply(inverse(parent), child))
  return axes.map(({ direction: [a, b, c] }) => {
    const angle = 2 * Math.atan2(x * a + y * b + z * c, w)
    return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI))
  })
}

function inverse([w, x, y, z]: Quaternion): Quaternion {
  return [w, -x, -y, -z]
}

/** Some unit vector at right angles. */
function across([x, y, z]: Vector): Vector {
  const size = Math.hypot(x, y)
  if (size > 0.1) return [-y / size, x / size, 0]
  const other = Math.hypot(y, z)
  return [0, -z / other, y / other]
}
