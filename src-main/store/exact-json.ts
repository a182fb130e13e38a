export type JsonObject = { [name: string]: Json }
type Json = null | boolean | number | string | Json[] | JsonObject

/** Key of the one-entry object that stands for a number JSON cannot write: NaN, the infinities and -0. */
const numberTag = '$number'

/**
 * Named values as JSON that reads back as exactly the same values. What JSON would change in silence is refused by name
 * (a date, a bigint, a typed array, undefined in a list); an undefined entry counts as absent.
 */
export function valuesToJson(values: { [name: string]: unknown }): JsonObject {
  return objectToJson(values, 'values')
}

export function valuesFromJson(values: JsonObject): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fromJson(value)]))
}

function toJson(value: unknown, path: string): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { [numberTag]: '-0' }
    return Number.isFinite(value) ? value : { [numberTag]: String(value) }
  }
  if (Array.isArray(value)) return value.map((item, index) => toJson(item, `${path}[${index}]`))
  if (isPlainObject(value)) return objectToJson(value, path)
  throw new TypeError(`${path} cannot be stored: it is neither JSON nor one of the bundle's arrays.`)
}

function objectToJson(value: { [name: string]: unknown }, path: string): JsonObject {
  if (Object.hasOwn(value, numberTag))
    throw new TypeError(`${path} cannot be stored: the name ${numberTag} is taken.`)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, toJson(item, `${path}.${name}`)]),
  )
}

function fromJson(value: Json): unknown {
  if (Array.isArray(value)) return value.map(fromJson)
  if (value === null || typeof value !== 'object') return value
  const tagged = Object.hasOwn(value, numberTag) ? value[numberTag] : undefined
  if (typeof tagged === 'string') return Number(tagged)
  return valuesFromJson(value)
}

function isPlainObject(value: unknown): value is { [name: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
