import { RANDOM_STATE_SIZE } from '../../random.ts'

/** Sizes of the blocks of a state, in their order; the leading ones are derived from the others, for tables and charts. */
export function layout(simulatorSize: number, historyLength: number) {
  return {
    summary: SUMMARY.length,
    simulator: simulatorSize,
    /** What was measured after each physics step, the newest first. */
    history: historyLength * READING,
    /** The observation's base part now, angles not wrapped; then that of the last control steps, the newest first. */
    current: BASE_OBSERVATION,
    pastStates: PAST * BASE_OBSERVATION,
    pastActions: PAST * ACTION,
    /** Seconds for which each motor has been hot; at the limit it is off. */
    hotSeconds: ACTION,
    /** Of this episode: friction, factor on the base's masses, factors on the leg parts' masses. */
    physics: 2 + LEG_PARTS,
    random: RANDOM_STATE_SIZE,
  }
}

export const SUMMARY = ['x', 'y', 'z', 'roll', 'pitch', 'speed', 'steps'] as const
/** Motor angles (8), motor velocities (8), roll, pitch and their rates. */
export const READING = 20
export const BASE_OBSERVATION = 12
export const ACTION = 8
export const PAST = 5
export const LEG_PARTS = 16
/** Base part now and of the last steps, the last actions, the pose in leg space. */
export const OBSERVATION = (1 + PAST) * BASE_OBSERVATION + PAST * ACTION + ACTION

/** Puts `values` in front of a block of equal rows; the last row falls out. */
export function pushFront(block: Float64Array, values: ArrayLike<number>): void {
  block.copyWithin(values.length, 0, block.length - values.length)
  block.set(values)
}
