import { describe, expect, it } from 'vitest'
import type { FailureTest } from '../../../src-main/contract/index.ts'
import { leadText, toCauses } from '../../../src-renderer/replay/causes.ts'
import { createSource } from '../../../src-renderer/replay/source.ts'
import { arraysOf, shape } from './arrays-of.ts'

const roll: FailureTest = { name: 'roll', unit: 'rad', low: -0.3, high: 0.3 }
const height: FailureTest = { name: 'height', unit: 'm', low: 0.1, high: null }

/** Q_safe of frame i is 0.1 i; ten steps, so eleven states. */
function causes(rolls: number[], heights: number[], failed = true, qSafe?: number[]) {
  const arrays = arraysOf(10)
  const measures = Float64Array.from(rolls.flatMap((value, frame) => [value, heights[frame] ?? 0]))
  const source = createSource(
    { ...arrays, ...(qSafe && { qSafe: Float32Array.from(qSafe) }), measures },
    shape,
  )
  return toCauses(source, [roll, height], {
    outcome: failed ? 'failure' : 'timeout',
    cause: failed ? 'rolled to the left' : null,
    epsilonSafe: 0.55,
    secondsPerFrame: 0.02,
  })
}
const level = new Array<number>(11).fill(0.2)
const rolling = [0, 0, -0.2, 0, -0.1, -0.14, -0.16, -0.2, -0.25, -0.29, -0.31]

describe('the causes of a failure', () => {
  it('name the test that was broken, where and by how much', () => {
    const { courses, sentence, warning, margins } = causes(rolling, level)
    expect(courses.map(({ crossedAt }) => crossedAt)).toEqual([10, null])
    expect(sentence).toBe('It failed because roll came to −0.310 rad, below −0.3 rad.')
    expect(warning).toBe('The critic warned 4 steps, 0.08 s before.')
    expect(margins.at(0)).toBe(1)
    expect(margins.at(-1)).toBe(0)
    expect(margins[7]).toBeCloseTo(1 / 3)
  })

  it('stand in their order: the warning, half of the margin gone for good, the crossing', () => {
    const { events } = causes(rolling, level)
    expect(events.map(({ kind, frame }) => [kind, frame])).toEqual([
      ['warning', 6],
      ['half', 6],
      ['crossing', 10],
    ])
  })

  it('tell a first rise of Q_safe from the warning that lasted', () => {
    const { events } = causes(rolling, level, true, [0, 0.9, 0, 0, 0, 0, 0, 0, 0.6, 0.7])
    expect(
      events
        .filter(({ kind }) => kind === 'rise' || kind === 'warning')
        .map(({ kind, frame }) => [kind, frame]),
    ).toEqual([
      ['rise', 1],
      ['warning', 8],
    ])
    const missed = causes(rolling, level, true, new Array<number>(10).fill(0))
    expect(missed.warning).toBe('The critic did not warn: Q_safe was not above ε 0.55 when it failed.')
    expect(missed.events.map(({ kind }) => kind)).toEqual(['half', 'crossing'])
  })

  it('are none where nothing failed: then it is said how near it came', () => {
    const calm = [...level]
    calm[4] = 0.12
    const { events, sentence } = causes(new Array<number>(11).fill(0.1), calm, false)
    expect(events).toEqual([])
    expect(sentence).toBe(
      'It did not fail. It came nearest to it in frame 4: height 0.120 m, where 0.1 m is the bound.',
    )
  })

  it('are told by their words where no test was broken', () => {
    expect(
      causes(
        level.map(() => 0),
        level,
      ).sentence,
    ).toBe('It failed: rolled to the left. No failure test was broken.')
  })

  it('have a lead in steps and seconds', () => {
    const of = { lastFrame: 100, secondsPerFrame: 0.02 }
    expect([89, 99, 100].map((frame) => leadText(frame, of))).toEqual([
      '11 steps, 0.22 s before',
      '1 step, 0.02 s before',
      'the end',
    ])
  })
})
