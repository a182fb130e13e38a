import { z } from 'zod'
import type { Adam, ScalarAdam } from '../engine/adam.ts'
import type { ParameterGroup } from '../engine/parameters.ts'
import { type Streams, streamNames } from '../random.ts'
import { ReplayBuffer } from './replay-buffer.ts'

export type StateArray = Float32Array | Float64Array | Int16Array | Int32Array | Uint32Array | Uint8Array

/** Named values (JSON) and arrays: a state that can be stored anywhere. */
export interface StateBundle {
  values: { [name: string]: unknown }
  arrays: { [name: string]: StateArray }
}

export function mergeBundles(...bundles: StateBundle[]): StateBundle {
  return {
    values: Object.assign({}, ...bundles.map((bundle) => bundle.values)),
    arrays: Object.assign({}, ...bundles.map((bundle) => bundle.arrays)),
  }
}

/** Array of a bundle, with its type and, where it is known, its length checked. */
export function readFloats(bundle: StateBundle, name: string, length?: number): Float32Array {
  const array = bundle.arrays[name]
  if (!(array instanceof Float32Array)) throw new Error(`A checkpoint misses its array "${name}".`)
  if (length !== undefined && array.length !== length)
    throw new Error(
      `A checkpoint's array "${name}" has ${array.length} numbers where ${length} are expected.`,
    )
  return array
}

export function groupState(group: ParameterGroup): StateBundle {
  return { values: {}, arrays: { [group.name]: group.values.slice() } }
}

export function restoreGroup(group: ParameterGroup, bundle: StateBundle): void {
  group.values.set(readFloats(bundle, group.name, group.values.length))
}

export function adamState(adam: Adam): StateBundle {
  const { name } = adam.group
  return {
    values: { [`${name}.adamStep`]: adam.step },
    arrays: {
      [`${name}.firstMoment`]: adam.firstMoment.slice(),
      [`${name}.secondMoment`]: adam.secondMoment.slice(),
    },
  }
}

export function restoreAdam(adam: Adam, bundle: StateBundle): void {
  const { name } = adam.group
  adam.step = readNumber(bundle, `${name}.adamStep`)
  adam.firstMoment.set(readFloats(bundle, `${name}.firstMoment`, adam.firstMoment.length))
  adam.secondMoment.set(readFloats(bundle, `${name}.secondMoment`, adam.secondMoment.length))
}

export function readNumber(bundle: StateBundle, name: string): number {
  const value = bundle.values[name]
  if (typeof value !== 'number') throw new Error(`A checkpoint misses its number "${name}".`)
  return value
}

const scalarAdam = z.object({ firstMoment: z.number(), secondMoment: z.number(), step: z.int() })

export function scalarAdamState({ firstMoment, secondMoment, step }: ScalarAdam): z.infer<typeof scalarAdam> {
  return { firstMoment, secondMoment, step }
}

export function restoreScalarAdam(adam: ScalarAdam, value: unknown): void {
  Object.assign(adam, scalarAdam.parse(value))
}

export function bufferState(name: string, buffer: ReplayBuffer): StateBundle {
  const { values, arrays } = buffer.getState()
  return {
    values: { [name]: values },
    arrays: Object.fromEntries(Object.entries(arrays).map(([field, array]) => [`${name}.${field}`, array])),
  }
}

const bufferValues = z.object({ size: z.int().nonnegative(), next: z.int().nonnegative() })

export function restoreBuffer(name: string, buffer: ReplayBuffer, bundle: StateBundle): void {
  const prefix = `${name}.`
  const arrays: Record<string, Float32Array | Uint8Array> = {}
  for (const [key, array] of Object.entries(bundle.arrays))
    if (key.startsWith(prefix) && (array instanceof Float32Array || array instanceof Uint8Array))
      arrays[key.slice(prefix.length)] = array
  buffer.setState({ values: bufferValues.parse(bundle.values[name]), arrays })
}

/** What a saved buffer of these sizes holds, in a buffer of its own; its next transition would overwrite the oldest. */
export function savedBuffer(
  name: string,
  bundle: StateBundle,
  sizes: { observationSize: number; actionSize: number },
): ReplayBuffer {
  const { size, next } = bufferValues.parse(bundle.values[name])
  const buffer = new ReplayBuffer(Math.max(1, size), sizes.observationSize, sizes.actionSize)
  restoreBuffer(name, buffer, {
    ...bundle,
    values: { ...bundle.values, [name]: { size, next: next % Math.max(1, size) } },
  })
  return buffer
}

export function streamsState(streams: Streams): StateBundle {
  return {
    values: { streams: Object.fromEntries(streamNames.map((name) => [name, streams[name].getState()])) },
    arrays: {},
  }
}

export function restoreStreams(streams: Streams, bundle: StateBundle): void {
  const states = z.record(z.string(), z.array(z.int()).length(4)).parse(bundle.values.streams)
  for (const name of streamNames) {
    const state = states[name]
    if (!state) throw new Error(`A checkpoint misses the generator "${name}".`)
    streams[name].setState(state)
  }
}
