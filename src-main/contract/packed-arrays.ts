/** Typed arrays that cross the border together, in one piece of memory. */
export type PackableArray = Float64Array | Float32Array | Int32Array | Uint8Array

const kinds = { float64: Float64Array, float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const
type Kind = keyof typeof kinds

const ALIGNMENT = 8

/**
 * Layout: length of the header as uint32, little-endian; the header as JSON, a list of [name, kind, length]; then the arrays in that order, each at
 * the next multiple of 8 bytes.
 */
export function packArrays(arrays: Readonly<Record<string, PackableArray>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(arrays)
  const header = new TextEncoder().encode(
    JSON.stringify(entries.map(([name, array]) => [name, kindOf(array), array.length])),
  )
  let end = aligned(4 + header.length)
  const offsets = entries.map(([, array]) => {
    const offset = end
    end = aligned(end + array.byteLength)
    return offset
  })
  const packed = new Uint8Array(end)
  new DataView(packed.buffer).setUint32(0, header.length, true)
  packed.set(header, 4)
  for (const [index, [, array]] of entries.entries())
    packed.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offsets[index])
  return packed
}

/**
 * The arrays are views of `packed`, or of a copy where that does not begin at a multiple of 8 bytes in its buffer.
 * @throws RangeError where `packed` is cut short or was not packed by `packArrays`.
 */
export function unpackArrays(packed: Uint8Array<ArrayBuffer> | ArrayBuffer): Record<string, PackableArray> {
  const bytes = packed instanceof Uint8Array ? packed : new Uint8Array(packed)
  return unpackAligned(bytes.byteOffset % ALIGNMENT === 0 ? bytes : bytes.slice())
}

function unpackAligned(packed: Uint8Array<ArrayBuffer>): Record<string, PackableArray> {
  const { buffer, byteOffset } = packed
  if (packed.byteLength < 4) throw new RangeError('Packed arrays are cut short.')
  const headerLength = new DataView(buffer, byteOffset).getUint32(0, true)
  if (4 + headerLength > packed.byteLength) throw new RangeError('Packed arrays are cut short.')
  let offset = aligned(4 + headerLength)
  const entries = readHeader(packed.subarray(4, 4 + headerLength)).map(({ name, kind, length }) => {
    const TypedArray = kinds[kind]
    if (offset + length * TypedArray.BYTES_PER_ELEMENT > packed.byteLength)
      throw new RangeError(`Packed array ${name} is cut short.`)
    const array: PackableArray = new TypedArray(buffer, byteOffset + offset, length)
    offset = aligned(offset + length * TypedArray.BYTES_PER_ELEMENT)
    return [name, array] as const
  })
  // An assignment would take an array called __proto__ for the object's own.
  return Object.fromEntries(entries)
}

function readHeader(bytes: Uint8Array): { name: string; kind: Kind; length: number }[] {
  const refuse = () => new RangeError('Packed arrays have an unreadable header.')
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw refuse()
  }
  if (!Array.isArray(header)) throw refuse()
  return header.map((entry: unknown) => {
    if (!Array.isArray(entry)) throw refuse()
    const [name, kind, length]: unknown[] = entry
    if (typeof name !== 'string' || !isKind(kind)) throw refuse()
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) throw refuse()
    return { name, kind, length }
  })
}

const isKind = (value: unknown): value is Kind => typeof value === 'string' && Object.hasOwn(kinds, value)

function kindOf(array: PackableArray): Kind {
  if (array instanceof Float64Array) return 'float64'
  if (array instanceof Float32Array) return 'float32'
  return array instanceof Int32Array ? 'int32' : 'uint8'
}

const aligned = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT
