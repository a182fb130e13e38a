import { describe, expect, it } from 'vitest'
import { thingEntries } from '../../../src-renderer/palette/entries.ts'
import { cut, search, toSearchable } from '../../../src-renderer/palette/search.ts'

const things = toSearchable(
  thingEntries('Runs', '/runs', 'runs', [
    { id: 1, title: 'Run 1 SQRL Pre-training seed 0', detail: 'First transfer · Finished' },
    { id: 2, title: 'Run 2 SAC Fine-tuning seed 3', detail: 'First transfer · Training' },
    { id: 12, title: 'Run 12 SQRL Fine-tuning seed 3', detail: 'Second transfer · Paused' },
  ]),
)
const keys = (typed: string) => search(things, typed, 10).map(({ entry }) => entry.key)

describe('search()', () => {
  it('finds words in any order, in title and detail', () => {
    expect(keys('fine sqrl')).toEqual(['/runs/12'])
    expect(keys('second')).toEqual(['/runs/12'])
    expect(keys('paused sqrl')).toEqual(['/runs/12'])
  })

  it('forgives one slip in a word', () => {
    expect(keys('finetunig')).toEqual([])
    expect(keys('tunnig')).toContain('/runs/2')
  })

  it('puts the number that was typed first', () => {
    expect(keys('run 12')[0]).toBe('/runs/12')
    expect(keys('run 1')[0]).toBe('/runs/1')
  })

  it('takes whatever is typed', () => {
    for (const typed of ['(', '\\', '[a', '***', '"', "'", '   ', '·'])
      expect(() => keys(typed)).not.toThrow()
  })

  it('is quick enough for ten thousand runs', () => {
    const many = Array.from({ length: 10_000 }, (_, id) => ({
      id,
      title: `Run ${id} SQRL Fine-tuning seed ${id % 10}`,
      detail: `Experiment ${id % 100} · Finished`,
    }))
    const searchable = toSearchable(thingEntries('Runs', '/runs', 'runs', many))
    search(searchable, 'warm up', 30)
    const start = performance.now()
    expect(search(searchable, 'run 9999', 30)[0]?.entry.key).toBe('/runs/9999')
    expect(performance.now() - start).toBeLessThan(500)
  })
})

describe('cut()', () => {
  it('marks what matches and loses nothing', () => {
    const [found] = search(things, 'sac', 1)
    const parts = cut(found?.entry.title ?? '', found?.ranges ?? [])
    expect(parts.map(({ text }) => text).join('')).toBe('Run 2 SAC Fine-tuning seed 3')
    expect(parts.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toEqual(['SAC'])
  })
})
