import { z } from 'zod'

/** Right-handed, z up; in the scene's `lengthUnit`. */
export const vector = z.tuple([z.number(), z.number(), z.number()])
export type Vector = z.infer<typeof vector>

/** w, x, y, z; unit length. */
export const quaternion = z.tuple([z.number(), z.number(), z.number(), z.number()])
export type Quaternion = z.infer<typeof quaternion>

/** What a part is made of; the theme gives each its look, unless the geometry brings a colour. */
export const material = z.enum([
  'ground',
  'hazard',
  'structure',
  'agent',
  'agentAccent',
  'object',
  'goal',
  'start',
])
export type Material = z.infer<typeof material>

export const geometry = z.object({
  kind: z.enum(['box', 'sphere', 'ellipsoid', 'capsule', 'cylinder', 'plane']),
  /**
   * As MuJoCo has them: box, ellipsoid: half extents along x, y, z; sphere: radius in x; capsule, cylinder: radius in x, half length (of the straight part)
   * in y, along the geometry's z axis; plane: half extents in x and y.
   */
  size: vector,
  /** In the frame of its body. */
  position: vector,
  rotation: quaternion,
  material,
  /** Red, green, blue from 0 to 1; null: the theme's. */
  colour: z.tuple([z.number(), z.number(), z.number()]).nullable(),
  /** False: only drawn, such as the area of a goal. */
  collides: z.boolean(),
  /** Bits: which group it is of and which groups it touches; two touch where each is among the other's. Left out: it touches everything. */
  touches: z.object({ group: z.int(), groups: z.int() }).optional(),
})
export type Geometry = z.infer<typeof geometry>

export const body = z.object({
  name: z.string(),
  /** Null: it never moves and its geometries lie in the world's frame. */
  massKilograms: z.number().positive().nullable(),
  /** Centre of mass and axes of inertia in the body's frame, moments about them in kg m^2. Left out: as its geometries have it. */
  inertia: z.object({ centre: vector, rotation: quaternion, moments: vector }).optional(),
  geometries: z.array(geometry),
})
export type Body = z.infer<typeof body>

export const jointAxis = z.object({
  name: z.string(),
  /** Unit vector in the child's frame where all axes of the joint are at 0. */
  direction: vector,
  /** rad, of a slide the scene's unit; null: it turns or slides freely. */
  limits: z.tuple([z.number(), z.number()]).nullable(),
  /** N m s. */
  damping: z.number().nonnegative(),
  /** The most that a motor turns it with, N m; null: it has none. */
  motorTorque: z.number().positive().nullable(),
})
export type JointAxis = z.infer<typeof jointAxis>

/** What holds two bodies together at a point that both have. */
export const joint = z.object({
  name: z.string(),
  /** hinge: turns about its axes, the first one fixed in the parent, at most two and at right angles; slide: along its axis; ball: turns in all directions. */
  kind: z.enum(['fixed', 'hinge', 'slide', 'ball']),
  parent: z.string(),
  child: z.string(),
  anchorInParent: vector,
  anchorInChild: vector,
  /** Of the child in the parent's frame where all axes are at 0. */
  rotation: quaternion,
  axes: z.array(jointAxis),
})
export type Joint = z.infer<typeof joint>

/** Where a value can be drawn over the floor: a rectangle in x and y at height z. */
export const floorRegion = z.object({
  low: z.tuple([z.number(), z.number()]),
  high: z.tuple([z.number(), z.number()]),
  z: z.number(),
})
export type FloorRegion = z.infer<typeof floorRegion>

/** A number by which an environment tells failures: a state is one where it lies outside its bounds. */
export const failureTest = z.object({
  name: z.string(),
  unit: z.string(),
  /** Null: it has no such bound. */
  low: z.number().nullable(),
  high: z.number().nullable(),
})
export type FailureTest = z.infer<typeof failureTest>

/** Everything a view needs to draw an environment without knowing which one it is. */
export const sceneDescription = z.object({
  lengthUnit: z.string(),
  /** Simulated time of one frame. */
  secondsPerFrame: z.number().positive(),
  low: vector,
  high: vector,
  bodies: z.array(body),
  joints: z.array(joint).default([]),
  /** The body that a following camera looks at, and on which a failure is marked. */
  mainBody: z.string(),
  /** From where a camera first looks, about the vertical, rad from the x axis; left out: along y, as on a map. */
  viewAzimuth: z.number().optional(),
  /** How an action is drawn as an arrow from the main body: its tip is this 3 x actionSize matrix times the action; null: actions are not directions. */
  actionArrow: z.array(z.array(z.number())).length(3).nullable(),
  /** Where Q_safe can be mapped; null: the state is more than a place. */
  field: floorRegion.nullable(),
  /** The largest impulse that the main body can be given, N s; null: it cannot be pushed. */
  largestPush: z.number().positive().nullable().default(null),
})
export type SceneDescription = z.infer<typeof sceneDescription>

/** Numbers of one moving body in one frame: x, y, z, then the quaternion w, x, y, z. */
export const POSE_SIZE = 7

/** Numbers of one contact: its point, the unit normal from the first geometry to the second, and the force on the second in newtons; x, y, z each. */
export const CONTACT_SIZE = 9

/** Numbers of one moving body's velocity in one frame: linear x, y, z per second, angular x, y, z in radians per second. */
export const VELOCITY_SIZE = 6
