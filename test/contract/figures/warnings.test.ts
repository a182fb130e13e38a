import { describe, expect, it } from 'vitest'
import { sayOfGroups } from '../../../src-main/contract/figures/warnings.ts'

describe('sayOfGroups()', () => {
  const of = (labels: string[], text = 'It has one run.') => labels.map((label) => ({ label, text }))

  it('says once what holds for several groups, and for all of them', () => {
    expect(sayOfGroups([...of(['a', 'b']), ...of(['b'], 'It is short.')], 3)).toEqual([
      'a, b: It has one run.',
      'b: It is short.',
    ])
    expect(sayOfGroups(of(['a', 'b']), 2)).toEqual(['Each group: It has one run.'])
  })

  it('names a few and counts the rest, never a single one', () => {
    expect(sayOfGroups(of(['a', 'b', 'c', 'd']), 9)).toEqual(['a, b, c, d: It has one run.'])
    expect(sayOfGroups(of(['a', 'b', 'c', 'd', 'e']), 9)).toEqual(['a, b, c and 2 more: It has one run.'])
  })
})
