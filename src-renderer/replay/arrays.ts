import { type PackableArray, type ReplayArrays, unpackArrays } from '../../src-main/contract/index.ts'
import type { JudgementArrays } from './source.ts'

type Packed = Record<string, PackableArray>
type PackedBytes = Parameters<typeof unpackArrays>[0]

/** @throws RangeError where an array is missing or of another kind. */
export function toReplayArrays(packed: PackedBytes): ReplayArrays {
  const arrays = unpackArrays(packed)
  return {
    states: doubles(arrays, 'states'),
    actions: floats(arrays, 'actions'),
    rewards: doubles(arrays, 'rewards'),
    qSafe: floats(arrays, 'qSafe'),
    candidates: floats(arrays, 'candidates'),
    candidateQSafe: floats(arrays, 'candidateQSafe'),
    chosen: integers(arrays, 'chosen'),
    poses: floats(arrays, 'poses'),
    velocities: floats(arrays, 'velocities'),
    ...('measures' in arrays && { measures: doubles(arrays, 'measures') }),
    ...('contacts' in arrays && {
      forces: {
        contacts: floats(arrays, 'contacts'),
        contactCounts: integers(arrays, 'contactCounts'),
        centresOfMass: floats(arrays, 'centresOfMass'),
      },
    }),
  }
}

export function toJudgement(packed: PackedBytes): JudgementArrays {
  const arrays = unpackArrays(packed)
  return {
    qSafe: floats(arrays, 'qSafe'),
    candidates: floats(arrays, 'candidates'),
    candidateQSafe: floats(arrays, 'candidateQSafe'),
  }
}

export function toFieldArrays(packed: PackedBytes): { qSafe: Float32Array; actions: Float32Array } {
  const arrays = unpackArrays(packed)
  return { qSafe: floats(arrays, 'qSafe'), actions: floats(arrays, 'actions') }
}

function floats(arrays: Packed, name: string): Float32Array {
  const array = arrays[name]
  if (array instanceof Float32Array) return array
  throw missing(name)
}

function doubles(arrays: Packed, name: string): Float64Array {
  const array = arrays[name]
  if (array instanceof Float64Array) return array
  throw missing(name)
}

function integers(arrays: Packed, name: string): Int32Array {
  const array = arrays[name]
  if (array instanceof Int32Array) return array
  throw missing(name)
}

function missing(name: string): RangeError {
  return new RangeError(`The lab sent a replay without its ${name}.`)
}
