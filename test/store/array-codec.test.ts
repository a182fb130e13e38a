import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeArrays, encodeArrays } from '../../src-main/store/array-codec.ts'
import { LabError } from '../../src-main/store/errors.ts'
import type { ArrayBundle, TypedArray } from '../../src-main/training/messages.ts'

const array: fc.Arbitrary<TypedArray> = fc.oneof(
  fc.float32Array(),
  fc.float64Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.uint8Array(),
  fc.integer({ min: 0, max: 2000 }).map((length) => new Float64Array(length).fill(0.1)),
)

const value = fc.jsonValue({ maxDepth: 3 }).filter((json) => !JSON.stringify(json).includes('$number'))
const bundle: fc.Arbitrary<ArrayBundle> = fc.record(
  {
    values: fc.dictionary(fc.string(), fc.oneof(value, fc.double()), { noNullPrototype: true }),
    arrays: fc.dictionary(fc.string(), array, { noNullPrototype: true }),
  },
  { noNullPrototype: true },
)

describe('array codec', () => {
  it('gives back every bundle exactly', () => {
    fc.assert(
      fc.property(bundle, (given) => {
        expect(decodeArrays(encodeArrays(given), 'it')).toStrictEqual(given)
      }),
    )
  })

  it('notices any single flipped bit', () => {
    fc.assert(
      fc.property(bundle, fc.nat(), fc.nat({ max: 7 }), (given, position, bit) => {
        const bytes = encodeArrays(given)
        const at = position % bytes.byteLength
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at)
        expect(() => decodeArrays(bytes, 'checkpoint 3')).toThrow(LabError)
        expect(() => decodeArrays(bytes, 'checkpoint 3')).toThrow(
          /^The stored data of checkpoint 3 are damaged: /,
        )
      }),
    )
  })

  it('notices any flipped bit of a small bundle', () => {
    const bytes = encodeArrays({ values: { step: 3 }, arrays: { a: Float32Array.of(1, 2) } })
    for (let bit = 0; bit < 8 * bytes.byteLength; bit++) {
      const damaged = Buffer.from(bytes)
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(() => decodeArrays(damaged, 'it')).toThrow(LabError)
    }
  })

  it('notices every truncation and every appendage', () => {
    const bytes = encodeArrays({ values: {}, arrays: { a: Float32Array.of(1, 2), b: new Uint8Array(300) } })
    for (let length = 0; length < bytes.byteLength; length++) {
      expect(() => decodeArrays(bytes.subarray(0, length), 'it')).toThrow(LabError)
    }
    expect(() => decodeArrays(Buffer.concat([bytes, Buffer.alloc(8)]), 'it')).toThrow(LabError)
  })

  it('reads an array that is a window of a larger one', () => {
    const window = new Float64Array([0, 1, 2, 3]).subarray(1, 3)
    expect(decodeArrays(encodeArrays({ values: {}, arrays: { window } }), 'it').arrays.window).toStrictEqual(
      Float64Array.of(1, 2),
    )
  })

  it('reads bytes at any alignment', () => {
    const bytes = encodeArrays({ values: {}, arrays: { a: Float64Array.of(1, 2) } })
    const shifted = Buffer.concat([Buffer.alloc(3), bytes]).subarray(3)
    expect(decodeArrays(shifted, 'it').arrays.a).toStrictEqual(Float64Array.of(1, 2))
  })

  it('deflates only what shrinks', () => {
    const noise = Float32Array.from({ length: 200_000 }, (_, i) => Math.sin(i * i * 12.9898) * 43758.5453)
    expect(encodeArrays({ values: {}, arrays: { a: new Float32Array(200_000) } }).byteLength).toBeLessThan(
      10_000,
    )
    expect(encodeArrays({ values: {}, arrays: { noise } }).byteLength).toBeLessThan(noise.byteLength + 300)
  })

  it('keeps the numbers that JSON cannot write', () => {
    const values = { list: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0] }
    expect(decodeArrays(encodeArrays({ values, arrays: {} }), 'it').values).toStrictEqual(values)
  })

  it('keeps values and arrays under any name', () => {
    const values = JSON.parse('{"__proto__": 3, "constructor": {"__proto__": [1]}}')
    const arrays = Object.fromEntries([['__proto__', Uint8Array.of(1, 2)]])
    const decoded = decodeArrays(encodeArrays({ values, arrays }), 'it')
    expect(JSON.stringify(decoded.values)).toBe(JSON.stringify(values))
    expect(Object.entries(decoded.arrays)).toStrictEqual(Object.entries(arrays))
  })

  it.each([
    ['a bigint', { generator: [1n] }, 'values.generator[0] cannot be stored'],
    ['a date', { at: new Date(0) }, 'values.at cannot be stored'],
    ['a typed array', { deep: { list: new Uint8Array(1) } }, 'values.deep.list cannot be stored'],
    ['undefined in a list', { list: [undefined] }, 'values.list[0] cannot be stored'],
    ['the reserved name', { a: { $number: 1 } }, 'values.a cannot be stored'],
  ])('refuses %s by name', (_, values, message) => {
    expect(() => encodeArrays({ values, arrays: {} })).toThrow(message)
  })

  it('refuses an array of a type it does not know', () => {
    const bundle = { values: {}, arrays: { a: new Int8Array(1) as unknown as Uint8Array } }
    expect(() => encodeArrays(bundle)).toThrow('Array a is a Int8Array')
  })
})
