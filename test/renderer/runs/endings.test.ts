import { describe, expect, it } from 'vitest'
import type { Run } from '../../../src-main/contract/index.ts'
import { findEndings } from '../../../src-renderer/runs/endings.ts'
import { aRun } from '../fixtures.ts'

const asMap = (...runs: Run[]) => new Map(runs.map((run) => [run.id, run]))
const find = (before: Map<number, Run>, after: Map<number, Run>) =>
  findEndings(before, after, (id) => `E${id}`)

describe('findEndings()', () => {
  const first = aRun({ id: 1, state: 'running' })
  const second = aRun({ id: 2, state: 'running' })

  it('waits with the news of an experiment until nothing of it trains or waits', () => {
    const halfway = asMap({ ...first, state: 'finished' }, second)
    expect(find(asMap(first, second), halfway)).toEqual([])
    const [news, ...more] = find(
      halfway,
      asMap({ ...first, state: 'finished' }, { ...second, state: 'finished' }),
    )
    expect(more).toEqual([])
    expect(news).toMatchObject({ body: '2 of 2 runs are finished.' })
  })

  it('tells of a run that gave up or was interrupted at once', () => {
    const after = asMap({ ...first, state: 'failed', error: 'The loss is not a number.' }, second)
    expect(find(asMap(first, second), after)).toMatchObject([
      { title: 'Run 1 gave up', path: '/runs/1', body: expect.stringContaining('The loss is not a number.') },
    ])
  })

  it('is silent on what the user did, and on runs seen for the first time', () => {
    expect(find(asMap(first), asMap({ ...first, state: 'paused' }))).toEqual([])
    expect(find(asMap(first), asMap({ ...first, state: 'stopped' }))).toEqual([])
    expect(find(new Map(), asMap({ ...first, state: 'failed' }))).toEqual([])
  })
})
