import {
  CONTACT_SIZE,
  POSE_SIZE,
  type ReplayArrays,
  VELOCITY_SIZE,
  type Vector,
} from '../../src-main/contract/index.ts'

/** Actions that the policy offered in one frame, with the failure that the safety critic expected of each. */
export interface FrameCandidates {
  count: number
  /** count x actionSize. */
  actions: Float32Array
  qSafe: Float32Array
  /** Null where the action was not drawn from them. */
  chosen: number | null
}

/** What acts on the bodies in one frame. */
export interface FrameForces {
  /** Contacts x CONTACT_SIZE. */
  contacts: Float32Array
  centreOfMass: Vector
}

/**
 * An episode by frames. Frame i is the state before action i, so that `lastFrame` equals the number of actions and the last frame
 * has none.
 */
export interface FrameSource {
  readonly lastFrame: number
  readonly movingBodies: number
  /** Writes the poses of all moving bodies; exact at whole frames, interpolated between them. */
  readPoses(position: number, into: Float32Array): void
  /** Moving bodies x VELOCITY_SIZE. */
  velocities(frame: number): Float32Array
  /** Where a moving body is in every frame: (lastFrame + 1) x 3. */
  path(movingBody: number): Float32Array
  state(frame: number): Float64Array
  action(frame: number): Float32Array | null
  reward(frame: number): number | null
  /** Q_safe of the action taken; null in the last frame and without a safety critic. */
  qSafe(frame: number): number | null
  candidates(frame: number): FrameCandidates | null
  /** What each failure test measures; empty for what is only simulated. */
  measures(frame: number): Float64Array
  /** Null: the environment knows no forces. */
  forces(frame: number): FrameForces | null
}

/** What of the arrays a replay cannot do without, and how long their parts are. */
export interface SourceShape {
  stateSize: number
  actionSize: number
  movingBodies: number
}

/** What a checkpoint makes of an episode that did not record it, or recorded another opinion. */
export interface JudgementArrays {
  qSafe: Float32Array
  candidates: Float32Array
  candidateQSafe: Float32Array
}

/** @throws RangeError where the arrays do not fit each other. */
export function createSource(arrays: ReplayArrays, shape: SourceShape): FrameSource {
  const { stateSize, actionSize, movingBodies } = shape
  const length = arrays.rewards.length
  check('states', arrays.states.length, (length + 1) * stateSize)
  check('actions', arrays.actions.length, length * actionSize)
  check('poses', arrays.poses.length, (length + 1) * movingBodies * POSE_SIZE)
  check('velocities', arrays.velocities.length, (length + 1) * movingBodies * VELOCITY_SIZE)
  check('qSafe', arrays.qSafe.length, length)
  const poseRow = movingBodies * POSE_SIZE
  const has = (frame: number) => frame >= 0 && frame < length
  const row = (frame: number, size: number): [number, number] => [frame * size, (frame + 1) * size]
  const candidatesOf = candidateReader(arrays, length, actionSize, arrays.chosen)

  return {
    lastFrame: length,
    movingBodies,
    readPoses(position, into) {
      const frame = Math.min(length, Math.max(0, Math.floor(position)))
      const share = frame === length ? 0 : position - frame
      for (let offset = 0; offset < poseRow; offset += POSE_SIZE)
        blendPose(arrays.poses, frame * poseRow + offset, share === 0 ? 0 : poseRow, share, into, offset)
    },
    velocities: (frame) => arrays.velocities.subarray(...row(frame, movingBodies * VELOCITY_SIZE)),
    path(movingBody) {
      const path = new Float32Array((length + 1) * 3)
      for (let frame = 0; frame <= length; frame++) {
        const from = frame * poseRow + movingBody * POSE_SIZE
        path.set(arrays.poses.subarray(from, from + 3), frame * 3)
      }
      return path
    },
    state: (frame) => arrays.states.subarray(...row(frame, stateSize)),
    action: (frame) => (has(frame) ? arrays.actions.subarray(...row(frame, actionSize)) : null),
    reward: (frame) => (has(frame) ? (arrays.rewards[frame] ?? null) : null),
    qSafe: (frame) => (has(frame) ? known(arrays.qSafe[frame]) : null),
    candidates: candidatesOf,
    measures: measuresReader(arrays.measures, length),
    forces: forcesReader(arrays.forces, length),
  }
}

function measuresReader(
  measures: ReplayArrays['measures'] = new Float64Array(0),
  length: number,
): FrameSource['measures'] {
  const size = measures.length / (length + 1)
  if (!Number.isInteger(size)) throw new RangeError('The measures of a replay do not fit its frames.')
  return (frame) => measures.subarray(frame * size, (frame + 1) * size)
}

function forcesReader(forces: ReplayArrays['forces'], length: number): FrameSource['forces'] {
  if (forces === undefined) return () => null
  const { contacts, contactCounts, centresOfMass } = forces
  check('contactCounts', contactCounts.length, length + 1)
  check('centresOfMass', centresOfMass.length, (length + 1) * 3)
  const starts = new Int32Array(length + 2)
  for (const [frame, count] of contactCounts.entries()) starts[frame + 1] = (starts[frame] ?? 0) + count
  check('contacts', contacts.length, (starts[length + 1] ?? 0) * CONTACT_SIZE)
  return (frame) => {
    const [x = 0, y = 0, z = 0] = centresOfMass.subarray(frame * 3, frame * 3 + 3)
    const [from = 0, to = 0] = starts.subarray(frame, frame + 2)
    return { contacts: contacts.subarray(from * CONTACT_SIZE, to * CONTACT_SIZE), centreOfMass: [x, y, z] }
  }
}

/** The same episode as a checkpoint sees it. */
export function withJudgement(
  source: FrameSource,
  judgement: JudgementArrays,
  actionSize: number,
): FrameSource {
  check('qSafe', judgement.qSafe.length, source.lastFrame)
  return {
    ...source,
    qSafe: (frame) => (frame < source.lastFrame ? known(judgement.qSafe[frame]) : null),
    candidates: candidateReader(judgement, source.lastFrame, actionSize, null),
  }
}

function candidateReader(
  { candidates, candidateQSafe }: Pick<JudgementArrays, 'candidates' | 'candidateQSafe'>,
  length: number,
  actionSize: number,
  chosen: Int32Array | null,
): (frame: number) => FrameCandidates | null {
  const count = length === 0 ? 0 : candidateQSafe.length / length
  if (!Number.isInteger(count)) throw new RangeError('Candidates of a replay do not fit its frames.')
  check('candidates', candidates.length, length * count * actionSize)
  return (frame) => {
    if (count === 0 || frame < 0 || frame >= length) return null
    const index = chosen?.[frame] ?? -1
    return {
      count,
      actions: candidates.subarray(frame * count * actionSize, (frame + 1) * count * actionSize),
      qSafe: candidateQSafe.subarray(frame * count, (frame + 1) * count),
      chosen: index < 0 ? null : index,
    }
  }
}

/** Positions along the straight line; rotations along the shorter way, normalised. */
function blendPose(
  poses: Float32Array,
  at: number,
  nextRow: number,
  share: number,
  into: Float32Array,
  offset: number,
): void {
  if (share === 0) {
    into.set(poses.subarray(at, at + POSE_SIZE), offset)
    return
  }
  const value = (index: number) => poses[at + index] ?? 0
  const next = (index: number) => poses[at + nextRow + index] ?? 0
  for (let axis = 0; axis < 3; axis++) into[offset + axis] = value(axis) + (next(axis) - value(axis)) * share
  let cosine = 0
  for (let part = 3; part < POSE_SIZE; part++) cosine += value(part) * next(part)
  const sign = cosine < 0 ? -1 : 1
  let square = 0
  for (let part = 3; part < POSE_SIZE; part++) {
    const blended = value(part) + (sign * next(part) - value(part)) * share
    into[offset + part] = blended
    square += blended * blended
  }
  const norm = Math.sqrt(square) || 1
  for (let part = 3; part < POSE_SIZE; part++) into[offset + part] = (into[offset + part] ?? 0) / norm
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}

function check(name: string, length: number, expected: number): void {
  if (length !== expected)
    throw new RangeError(`A replay's ${name} have ${length} numbers where ${expected} belong.`)
}
