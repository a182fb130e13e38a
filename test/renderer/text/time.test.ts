import { describe, expect, it } from 'vitest'
import { formatDuration, formatTimeLeft } from '../../../src-renderer/text/time.ts'

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
