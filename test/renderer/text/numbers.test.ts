import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatFigure,
  formatMark,
  formatProgress,
  formatShare,
} from '../../../src-renderer/text/numbers.ts'

describe('formatFigure()', () => {
  it.each([
    [null, '–'],
    [0, '0'],
    [-3, '−3'],
    [41.2345, '41.23'],
    [0.123456, '0.123'],
    [12345.6, '12,346'],
    [0.00002, '2.00e−5'],
    [-1_234_567, '−1.23e+6'],
    [Number.NaN, 'not a number'],
  ])('writes %s as %s', (value, text) => {
    expect(formatFigure(value)).toBe(text)
  })
})

describe('formatMark()', () => {
  it('has no closing zeros', () => {
    expect([0, 0.05, 0.1, -25, 10_000].map(formatMark)).toEqual(['0', '0.05', '0.1', '−25', '10,000'])
  })
})

describe('formatProgress()', () => {
  it('claims 100 % only at the end', () => {
    expect([0, 0.999, 1, 1.2].map(formatProgress)).toEqual([
      '0\u202f%',
      '99\u202f%',
      '100\u202f%',
      '100\u202f%',
    ])
  })
})

describe('formatShare()', () => {
  it('is a percentage with its unit on the same line', () => {
    expect(formatShare(0.0044, 2)).toBe('0.44\u202f%')
  })
})

describe('formatBytes()', () => {
  it.each([
    [0, '0\u202fB'],
    [999, '999\u202fB'],
    [999_600, '1.00\u202fMB'],
    [12_345_678, '12.3\u202fMB'],
  ])('writes %i as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

describe('formatCount()', () => {
  it('sets thousands apart', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567')
  })
})
