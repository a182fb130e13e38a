import { describe, expect, it } from 'vitest'
import { knownActions } from '../../../src-renderer/actions/catalog.ts'
import { describeActions } from '../../../src-renderer/actions/describe.ts'
import { collide, normalizeKeys } from '../../../src-renderer/actions/keys.ts'
import { canRun, registerActions, runAction } from '../../../src-renderer/actions/registry.ts'

const set = describeActions('Test', 'runs', { 'test.a': { title: 'A' }, 'test.b': { title: 'B' } })

describe('the registry of actions', () => {
  it('does an action only while its view is there', () => {
    let done = 0
    const leave = registerActions(set, { 'test.a': () => void done++ })
    expect([canRun('test.a'), canRun('test.b')]).toEqual([true, false])
    expect(runAction('test.a')).toBe(true)
    leave()
    expect(runAction('test.a')).toBe(false)
    expect(done).toBe(1)
  })

  it('asks each time whether the action can be done', () => {
    let isPossible = false
    const leave = registerActions(set, { 'test.b': { run: () => {}, when: () => isPossible } })
    expect(runAction('test.b')).toBe(false)
    isPossible = true
    expect(runAction('test.b')).toBe(true)
    leave()
  })

  it('gives the action back to the component that had it before', () => {
    const done: string[] = []
    const leaveOuter = registerActions(set, { 'test.a': () => void done.push('outer') })
    const leaveInner = registerActions(set, { 'test.a': () => void done.push('inner') })
    runAction('test.a')
    leaveInner()
    runAction('test.a')
    leaveOuter()
    expect(done).toEqual(['inner', 'outer'])
  })
})

describe('the catalogue', () => {
  it('has each id once', () => {
    const ids = knownActions.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('gives no two actions of a view, and of what is everywhere, the same keys', () => {
    const bound = knownActions.flatMap((action) => (action.keys ?? []).map((keys) => ({ action, keys })))
    const clashes = bound.flatMap(({ action: a, keys: left }, index) =>
      bound
        .slice(index + 1)
        .filter(
          ({ action: b, keys: right }) =>
            a.id !== b.id && (a.everywhere || b.everywhere || a.group === b.group) && collide(left, right),
        )
        .map(({ action: b }) => `${normalizeKeys(left)}: ${a.id} and ${b.id}`),
    )
    expect(clashes).toEqual([])
  })
})
