import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import type { ArrayBundle, TypedArray } from '../training/messages.ts'
import { LabError } from './errors.ts'
import { type JsonObject, valuesFromJson, valuesToJson } from './exact-json.ts'

/**
 * One ArrayBundle as bytes, little-endian like every machine we run on:
 *
 *     0   8  magic with the format's version
 *     8  32  SHA-256 of everything after it
 *    40   4  length of the header
 *    44      header: JSON, padded with spaces to a multiple of 8
 *            the arrays, each padded with zeros to a multiple of 8, deflated where that pays
 */
const magic = Buffer.from('SQRLarr1', 'latin1')
const digestEnd = 40
const headerStart = 44

/** Deflating must save a tenth; a first look at this many bytes spares large incompressible arrays the work. */
const worthwhile = 0.9
const sampleBytes = 1 << 16

const constructors = { Float32Array, Float64Array, Int16Array, Int32Array, Uint32Array, Uint8Array }
const arrayType = z.enum([
  'Float32Array',
  'Float64Array',
  'Int16Array',
  'Int32Array',
  'Uint32Array',
  'Uint8Array',
])
type ArrayType = z.infer<typeof arrayType>

const header = z.object({
  // Checked only as far as JSON.parse cannot: a record schema would drop a value named __proto__.
  values: z.custom<JsonObject>(
    (values) => typeof values === 'object' && values !== null && !Array.isArray(values),
  ),
  arrays: z.array(
    z.object({
      name: z.string(),
      type: arrayType,
      length: z.int().nonnegative(),
      storedBytes: z.int().nonnegative(),
      deflated: z.boolean(),
    }),
  ),
})
type Header = z.infer<typeof header>

export function encodeArrays(bundle: ArrayBundle): Buffer {
  const described: Header['arrays'] = []
  const parts: Uint8Array[] = []
  for (const [name, array] of Object.entries(bundle.arrays)) {
    const raw = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    const deflated = deflateIfWorthwhile(raw)
    const stored = deflated ?? raw
    described.push({
      name,
      type: typeOf(name, array),
      length: array.length,
      storedBytes: stored.byteLength,
      deflated: deflated !== null,
    })
    parts.push(stored, Buffer.alloc(padding(stored.byteLength)))
  }
  const json = Buffer.from(JSON.stringify({ values: valuesToJson(bundle.values), arrays: described }))
  const pad = Buffer.alloc(padding(headerStart + json.byteLength), ' ')
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.byteLength + pad.byteLength)
  const body = [length, json, pad, ...parts]
  const hash = createHash('sha256')
  for (const part of body) hash.update(part)
  return Buffer.concat([magic, hash.digest(), ...body])
}

/**
 * `what` names the thing in the sentence that is thrown when the bytes are not those that were written.
 * @param mostBytes of all arrays together, for bytes that somebody else may have written.
 */
export function decodeArrays(
  bytes: Uint8Array,
  what: string,
  mostBytes = Number.POSITIVE_INFINITY,
): ArrayBundle {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.byteLength < headerStart || !buffer.subarray(0, 8).equals(magic)) {
    throw damaged(what, 'it is not in the format of this lab')
  }
  const digest = createHash('sha256').update(buffer.subarray(digestEnd)).digest()
  if (!digest.equals(buffer.subarray(8, digestEnd))) throw damaged(what, 'its checksum does not match')

  const headerEnd = headerStart + buffer.readUInt32LE(digestEnd)
  if (headerEnd > buffer.byteLength) throw damaged(what, 'its header is cut off')
  const { values, arrays } = parseHeader(buffer.toString('utf8', headerStart, headerEnd), what)
  const unpacked = arrays.reduce(
    (sum, { type, length }) => sum + length * constructors[type].BYTES_PER_ELEMENT,
    0,
  )
  if (unpacked > mostBytes) throw damaged(what, 'they are larger than they may be')
  const decoded: [string, TypedArray][] = []
  let offset = headerEnd
  for (const described of arrays) {
    const end = offset + described.storedBytes
    if (end > buffer.byteLength) throw damaged(what, `its array ${described.name} is cut off`)
    decoded.push([described.name, decodeArray(buffer.subarray(offset, end), described, what)])
    offset = end + padding(described.storedBytes)
  }
  if (offset !== buffer.byteLength) throw damaged(what, 'it is longer than it says')
  return { values: valuesFromJson(values), arrays: Object.fromEntries(decoded) }
}

function decodeArray(stored: Buffer, described: Header['arrays'][number], what: string): TypedArray {
  const Type = constructors[described.type]
  const expected = described.length * Type.BYTES_PER_ELEMENT
  const raw = described.deflated ? inflate(stored, expected, what) : stored
  if (raw.byteLength !== expected) throw damaged(what, `its array ${described.name} has a wrong length`)
  // A copy of its own: it is aligned, and it can be transferred to a worker.
  return new Type(Uint8Array.from(raw).buffer)
}

function inflate(stored: Buffer, expected: number, what: string): Uint8Array {
  try {
    return inflateRawSync(stored, { maxOutputLength: Math.max(expected, 1) })
  } catch (cause) {
    throw damaged(what, 'a compressed array does not unpack', cause)
  }
}

function parseHeader(json: string, what: string): Header {
  try {
    return header.parse(JSON.parse(json))
  } catch (cause) {
    throw damaged(what, 'its header is not understood', cause)
  }
}

function deflateIfWorthwhile(raw: Uint8Array): Uint8Array | null {
  const deflate = (bytes: Uint8Array) => deflateRawSync(bytes, { level: 1 })
  if (raw.byteLength > 4 * sampleBytes) {
    const middle = (raw.byteLength - sampleBytes) >>> 1
    const sample = deflate(raw.subarray(middle, middle + sampleBytes))
    if (sample.byteLength > worthwhile * sampleBytes) return null
  }
  const deflated = deflate(raw)
  return deflated.byteLength <= worthwhile * raw.byteLength ? deflated : null
}

function typeOf(name: string, array: TypedArray): ArrayType {
  const type = arrayType.safeParse(array.constructor.name)
  if (!type.success) {
    throw new TypeError(
      `Array ${name} is a ${array.constructor.name}; stored are ${arrayType.options.join(', ')}.`,
    )
  }
  return type.data
}

function padding(length: number): number {
  return -length & 7
}

function damaged(what: string, how: string, cause?: unknown): LabError {
  return new LabError(
    'STORAGE',
    `The stored data of ${what} are damaged: ${how}. Restore the lab from a backup.`,
    {
      cause,
    },
  )
}
