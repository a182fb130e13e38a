import { describe, expect, it } from 'vitest'
import type { KnownAction } from '../../../src-renderer/actions/catalog.ts'
import {
  collide,
  findConflicts,
  keyLabels,
  keysAsText,
  normalizeKeys,
  startsWithCharacter,
} from '../../../src-renderer/actions/keys.ts'

describe('normalizeKeys()', () => {
  it('gives one text for the same keys', () => {
    expect(normalizeKeys('Shift+Control+K')).toBe(normalizeKeys('Control+Shift+k'))
    expect(normalizeKeys('$mod+k')).toBe('Control+k')
    expect(normalizeKeys('[Shift]+?')).toBe('?')
  })
})

describe('startsWithCharacter()', () => {
  it('tells single letters and signs from keys that nobody presses by accident', () => {
    expect(['p', 'Shift+p', 'g r', '[Shift]+?', '/'].map(startsWithCharacter)).toEqual(Array(5).fill(true))
    expect(['$mod+k', 'Alt+p', 'Delete', 'ArrowLeft', 'F2'].map(startsWithCharacter)).toEqual(
      Array(5).fill(false),
    )
  })
})

describe('collide()', () => {
  it('also sees that one begins the other', () => {
    expect(collide('g', 'g r')).toBe(true)
    expect(collide('g r', 'g')).toBe(true)
    expect(collide('g r', 'g e')).toBe(false)
    expect(collide('p', 'Shift+p')).toBe(false)
  })
})

describe('findConflicts()', () => {
  const action = (id: string, group: string, everywhere = false): KnownAction => ({
    id,
    group,
    view: everywhere ? null : 'runs',
    everywhere,
    title: id,
  })
  const known = [
    action('runs.pause', 'Runs'),
    action('replay.play', 'Replay'),
    action('palette', 'Frame', true),
  ]
  const own: Record<string, string[]> = { 'runs.pause': ['p'], 'replay.play': ['p'], palette: ['$mod+k'] }
  const conflicts = (id: string, keys: string) =>
    findConflicts(id, keys, known, (other) => own[other] ?? []).map(({ id: other }) => other)

  it('lets two views use the same key', () => {
    expect(conflicts('runs.pause', 'p')).toEqual([])
  })

  it('finds what is everywhere from each view, and each view from what is everywhere', () => {
    expect(conflicts('runs.pause', 'Control+K')).toEqual(['palette'])
    expect(conflicts('palette', 'p x')).toEqual(['runs.pause', 'replay.play'])
  })
})

describe('keyLabels()', () => {
  it('names keys as they are printed', () => {
    expect(keyLabels('$mod+k')).toEqual([['Ctrl', 'K']])
    expect(keyLabels('g r')).toEqual([['G'], ['R']])
    expect(keysAsText('Shift+ArrowLeft')).toBe('Shift+←')
    expect(keysAsText('[Shift]+?')).toBe('?')
    expect(keysAsText('g r')).toBe('G then R')
  })
})
