import { describe, expect, it } from 'vitest'
import { formatDuration, formatTimeLeft, formatTimeLeftRange } from '../../../src-renderer/text/time.ts'

const plain = (text: string) => text.replaceAll('\u202f', ' ')

describe('formatTimeLeft()', () => {
  it.each([
    [null, '–'],
    [Number.POSITIVE_INFINITY, '–'],
    [0, 'a few seconds'],
    [12, '10 s'],
    [57, '55 s'],
    [58, '1 min'],
    [89, '1 min'],
    [3599, '1 h'],
    [4800, '1 h 20 min'],
    [100_000, '1 d 3 h'],
  ])('writes %s seconds as %s', (seconds, text) => {
    expect(plain(formatTimeLeft(seconds))).toBe(text)
  })
})

describe('formatDuration()', () => {
  it('is exact to the second below a minute', () => {
    expect(plain(formatDuration(42.4))).toBe('42 s')
  })
})

describe('formatTimeLeftRange()', () => {
  it('says a shared unit once, and one figure where both are alike', () => {
    const range = (low: number, high: number) => plain(formatTimeLeftRange({ low, high }))
    expect(range(240, 360)).toBe('4 to 6 min')
    expect(range(40, 130)).toBe('40 s to 2 min')
    expect(range(61, 62)).toBe('1 min')
    expect(range(2, 30)).toBe('up to 30 s')
    expect(range(4800, 7800)).toBe('1 h 20 min to 2 h 10 min')
    expect(formatTimeLeftRange(null)).toBe('–')
  })
})
