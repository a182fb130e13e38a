import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BatchArrays, ReplayBuffer, type Transition } from '../../src-main/algorithms/replay-buffer.ts'
import { createStreams } from '../../src-main/random.ts'
import { at, drawn } from './reference.ts'

const [observationSize, actionSize] = [3, 2]

/** Every number of a transition tells which one it is. */
function transition(id: number): Transition {
  const numbers = (length: number, from: number) =>
    Float32Array.from({ length }, (_, i) => 100 * id + from + i)
  return {
    observation: numbers(observationSize, 0),
    action: numbers(actionSize, 10),
    reward: 100 * id + 20,
    nextObservation: numbers(observationSize, 30),
    failure: id % 3 === 0,
    terminated: id % 3 === 0 || id % 5 === 0,
    truncated: id % 7 === 0,
  }
}

function arrays(rows: number) {
  return {
    observation: new Float32Array(rows * observationSize).fill(-1),
    action: new Float32Array(rows * actionSize).fill(-1),
    reward: new Float32Array(rows).fill(-1),
    nextObservation: new Float32Array(rows * observationSize).fill(-1),
    failure: new Float32Array(rows).fill(-1),
    terminated: new Float32Array(rows).fill(-1),
  } satisfies BatchArrays
}

const idsOf = ({ reward }: { reward: Float32Array }): number[] =>
  Array.from(reward, (value) => (value - 20) / 100)

function filled(capacity: number, count: number): ReplayBuffer {
  const buffer = new ReplayBuffer(capacity, observationSize, actionSize)
  for (let id = 0; id < count; id++) buffer.add(transition(id))
  return buffer
}

/** The ids that a buffer holds, found by drawing far more often than it has rows. */
function contents(buffer: ReplayBuffer): Set<number> {
  const rows = 400
  const into = arrays(rows)
  buffer.sample(createStreams(7).batches, rows, into)
  return new Set(idsOf(into))
}

const capacities = fc.integer({ min: 1, max: 20 })
const counts = fc.integer({ min: 1, max: 60 })

describe('ReplayBuffer', () => {
  it('keeps the newest transitions, as many as it has room for', () => {
    fc.assert(
      fc.property(capacities, counts, (capacity, count) => {
        const buffer = filled(capacity, count)
        expect(buffer.size).toBe(Math.min(capacity, count))
        const oldest = Math.max(0, count - capacity)
        expect(contents(buffer)).toEqual(new Set(Array.from({ length: buffer.size }, (_, i) => oldest + i)))
      }),
      { seed: 1 },
    )
  })

  it('samples whole transitions into the rows it is told to, and no others', () => {
    fc.assert(
      fc.property(
        capacities,
        counts,
        fc.nat(4),
        fc.integer({ min: 1, max: 6 }),
        (capacity, count, firstRow, rows) => {
          const into = arrays(12)
          filled(capacity, count).sample(createStreams(1).batches, rows, into, firstRow)
          for (let row = 0; row < 12; row++) {
            const width = (name: 'observation' | 'action' | 'nextObservation', size: number) => [
              ...into[name].subarray(row * size, (row + 1) * size),
            ]
            if (row < firstRow || row >= firstRow + rows) {
              expect(width('observation', observationSize)).toEqual([-1, -1, -1])
              expect([into.reward[row], into.terminated[row], into.failure[row]]).toEqual([-1, -1, -1])
              continue
            }
            const expected = transition(at(idsOf(into), row))
            expect(width('observation', observationSize)).toEqual([...expected.observation])
            expect(width('action', actionSize)).toEqual([...expected.action])
            expect(width('nextObservation', observationSize)).toEqual([...expected.nextObservation])
            expect(into.failure[row]).toBe(expected.failure ? 1 : 0)
            expect(into.terminated[row]).toBe(expected.terminated ? 1 : 0)
          }
        },
      ),
      { seed: 2 },
    )
  })

  it('draws evenly with replacement', () => {
    const into = arrays(20_000)
    filled(10, 25).sample(createStreams(3).batches, 20_000, into)
    const counts = new Map<number, number>()
    for (const id of idsOf(into)) counts.set(id, (counts.get(id) ?? 0) + 1)
    expect(counts.size).toBe(10)
    // Nine degrees of freedom: 0.9999 of such sums lie below 34.
    expect([...counts.values()].reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(34)
  })

  it('draws what the reference draws, on which the update tests rest', () => {
    const into = arrays(50)
    filled(10, 7).sample(createStreams(4).batches, 50, into)
    const expected = drawn(
      Array.from({ length: 7 }, (_, id) => transition(id)),
      createStreams(4).batches,
      50,
    )
    expect([...into.reward]).toEqual(expected.map(({ reward }) => reward))
  })

  it('copies what it is given', () => {
    const buffer = new ReplayBuffer(4, observationSize, actionSize)
    const mine = transition(1)
    buffer.add(mine)
    mine.observation.fill(9)
    const into = arrays(1)
    buffer.sample(createStreams(0).batches, 1, into)
    expect([...into.observation]).toEqual([...transition(1).observation])
  })

  it('cannot be sampled while it is empty', () => {
    expect(() => filled(3, 0).sample(createStreams(0).batches, 1, arrays(1))).toThrow(RangeError)
  })
})

describe('spreadFailure()', () => {
  const ends = fc.constantFrom('going on', 'failure', 'goal', 'time limit')

  it('labels the last steps of the latest episode, and no step of another', () => {
    fc.assert(
      fc.property(
        fc.array(ends, { maxLength: 12 }),
        fc.nat(6),
        fc.integer({ min: 1, max: 9 }),
        (earlier, more, steps) => {
          const script = [...earlier, ...Array<'going on'>(more).fill('going on'), 'failure' as const]
          const buffer = new ReplayBuffer(10, observationSize, actionSize)
          for (const [id, end] of script.entries())
            buffer.add({
              ...transition(id),
              failure: end === 'failure',
              terminated: end === 'failure' || end === 'goal',
              truncated: end === 'time limit',
            })
          buffer.spreadFailure(steps)
          const begin = script.slice(0, -1).findLastIndex((end) => end !== 'going on') + 1
          const expected = script.map(
            (end, id) => end === 'failure' || (id >= begin && id >= script.length - steps),
          )
          const { values, arrays } = buffer.getState()
          const bits = arrays.ends ?? []
          const kept = script.map((_, id) => id).slice(-10)
          for (const id of kept) {
            const bit = bits[id % 10] ?? 0
            expect((bit & 1) === 1).toBe(expected[id])
            expect(bit >> 1).toBe(
              { 'going on': 0, failure: 1, goal: 1, 'time limit': 2 }[script[id] ?? 'goal'],
            )
          }
          expect(values.size).toBe(kept.length)
        },
      ),
    )
  })
})

describe('ReplayBuffer state', () => {
  it('takes over the latest transitions of another buffer as if they had been added one by one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        (otherCapacity, otherCount, count, capacity) => {
          const taken = filled(capacity, 0)
          taken.addLatest(filled(otherCapacity, otherCount), count)
          const one = new ReplayBuffer(capacity, observationSize, actionSize)
          const first = otherCount - Math.min(count, otherCount, otherCapacity)
          for (let id = first; id < otherCount; id++) one.add(transition(id))
          expect(taken.getState()).toEqual(one.getState())
        },
      ),
    )
  })

  it('makes another buffer go on as this one, with as much room or more', () => {
    fc.assert(
      fc.property(capacities, counts, counts, fc.nat(10), (capacity, before, after, more) => {
        // A run that is extended gets a larger ring; as long as the smaller one had not begun to overwrite, nobody can tell.
        const extra = before <= capacity ? more : 0
        const unbroken = filled(capacity + extra, before + after)
        const saved = structuredClone(filled(capacity, before).getState())
        const restored = new ReplayBuffer(capacity + extra, observationSize, actionSize)
        restored.setState(saved)
        for (let id = before; id < before + after; id++) restored.add(transition(id))
        expect(restored.getState()).toEqual(unbroken.getState())
        expect(contents(restored)).toEqual(contents(unbroken))
      }),
      { seed: 3 },
    )
  })

  it('is a copy that later transitions do not reach', () => {
    const buffer = filled(3, 3)
    const state = buffer.getState()
    const kept = structuredClone(state)
    buffer.add(transition(9))
    expect(state).toEqual(kept)
  })

  it('is refused by a buffer that is too small or of other widths, and when an array is missing', () => {
    const state = filled(5, 5).getState()
    expect(() => new ReplayBuffer(4, observationSize, actionSize).setState(state)).toThrow(RangeError)
    expect(() => new ReplayBuffer(5, observationSize, actionSize + 1).setState(state)).toThrow(RangeError)
    const { rewards: _, ...rest } = state.arrays
    expect(() => filled(5, 0).setState({ values: state.values, arrays: rest })).toThrow('rewards')
  })
})
