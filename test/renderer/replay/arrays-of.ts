import { POSE_SIZE, type ReplayArrays, VELOCITY_SIZE } from '../../../src-main/contract/index.ts'

export const shape = { stateSize: 3, actionSize: 2, movingBodies: 1 }

/** Turned about z by 18 degrees a frame; every other frame by the opposite quaternion, which is the same turn. */
export function quarterTurn(frame: number): number[] {
  const half = (frame * Math.PI) / 20
  const sign = frame % 2 === 0 ? 1 : -1
  return [sign * Math.cos(half), 0, 0, sign * Math.sin(half)].map(Math.fround)
}

/** A body that goes along x, with Q_safe 0.1 x frame and two candidates a little safer and riskier than that. */
export function arraysOf(
  length: number,
): Omit<ReplayArrays, 'forces'> & Record<string, Float64Array | Float32Array | Int32Array> {
  const frames = Array.from({ length }, (_, frame) => frame)
  const poses = [...frames, length].flatMap((frame) => [frame, 0, 0, ...quarterTurn(frame)])
  return {
    states: Float64Array.from([...frames, length].flatMap((frame) => [frame, 10 * frame, 100 * frame])),
    actions: Float32Array.from(frames.flatMap((frame) => [frame, -frame])),
    rewards: Float64Array.from(frames.map((frame) => -frame)),
    qSafe: Float32Array.from(frames.map((frame) => frame * 0.1)),
    candidates: Float32Array.from(frames.flatMap((frame) => [frame, -frame, 0.5, 0.5])),
    candidateQSafe: Float32Array.from(frames.flatMap((frame) => [frame * 0.1, frame * 0.1 + 0.1])),
    chosen: new Int32Array(length),
    poses: Float32Array.from(poses),
    velocities: new Float32Array(VELOCITY_SIZE * (poses.length / POSE_SIZE)),
  }
}
