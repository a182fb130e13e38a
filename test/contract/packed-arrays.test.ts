import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packArrays, unpackArrays } from '../../src-main/contract/packed-arrays.ts'

const anyArrays = fc.dictionary(
  fc.string({ maxLength: 20 }),
  fc.oneof(fc.float64Array(), fc.float32Array(), fc.int32Array(), fc.uint8Array()),
  { maxKeys: 8, noNullPrototype: true },
)

describe('packed arrays', () => {
  it('come back as they went in', () => {
    fc.assert(
      fc.property(anyArrays, (arrays) => {
        expect(unpackArrays(packArrays(arrays).buffer)).toEqual(arrays)
      }),
    )
  })

  it('may have any name', () => {
    const arrays = Object.fromEntries([['__proto__', Float32Array.of(1)]])
    expect(Object.entries(unpackArrays(packArrays(arrays)))).toEqual([['__proto__', Float32Array.of(1)]])
  })

  it('keep NaN, infinities and the sign of zero', () => {
    const values = Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, -0)
    expect(unpackArrays(packArrays({ values }).buffer).values).toEqual(values)
  })

  it('refuse every cut and every foreign text with a RangeError', () => {
    fc.assert(
      fc.property(anyArrays, fc.double({ min: 0, max: 0.999, noNaN: true }), (arrays, share) => {
        const packed = packArrays({ ...arrays, last: Float64Array.of(1, 2, 3) })
        const cut = packed.slice(0, Math.floor(packed.length * share))
        expect(() => unpackArrays(cut.buffer)).toThrow(RangeError)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          unpackArrays(Uint8Array.from(bytes).buffer)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })
})
