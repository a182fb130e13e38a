import { z } from 'zod'
import { seed } from './numbers.ts'

/** A settings or parameter value as the CLI, the wizard and a file write it. */
export const settingValue = z.union([
  z.number(),
  z.boolean(),
  z.string(),
  z.array(z.number()),
  z.array(z.string()),
])
export type SettingValue = z.infer<typeof settingValue>

const range = z.tuple([z.number(), z.number()])

/** Several values of one setting to be tried: each of a list, or drawn between two bounds. */
export const severalValues = z.union([
  z.strictObject({ each: z.array(settingValue) }),
  z.strictObject({ uniform: range }),
  /** Evenly by magnitude: as many between 0.001 and 0.01 as between 0.01 and 0.1. */
  z.strictObject({ logUniform: range }),
])
export type SeveralValues = z.infer<typeof severalValues>

export const sweepableValue = z.union([...settingValue.options, ...severalValues.options])
export type SweepableValue = z.infer<typeof sweepableValue>

/** How often all drawn settings are drawn together, and from which seed. */
export const draws = z.strictObject({ count: z.int().min(1).max(500), seed: seed.default(0) })

/** Values that one list may have. */
export const LONGEST_LIST = 50

export function isSeveral(value: SweepableValue): value is SeveralValues {
  return typeof value === 'object' && !Array.isArray(value)
}

/** What is wrong with several values beyond their form; null: nothing. */
export function faultOf(several: SeveralValues): string | null {
  if ('each' in several) {
    if (several.each.length === 0) return 'Give at least one value.'
    return several.each.length > LONGEST_LIST ? `A list has at most ${LONGEST_LIST} values.` : null
  }
  const [from, to] = 'uniform' in several ? several.uniform : several.logUniform
  if (!(from < to)) return 'The first bound has to be below the second.'
  if ('logUniform' in several && from <= 0) return 'Drawn by magnitude, both bounds have to be above 0.'
  return null
}
