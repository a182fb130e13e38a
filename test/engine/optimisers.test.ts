import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Adam, ScalarAdam } from '../../src-main/engine/adam.ts'
import { allocateFloats, polyakUpdate } from '../../src-main/engine/kernels.ts'
import { createParameterGroup, type ParameterGroup } from '../../src-main/engine/parameters.ts'
import { createStreams } from '../../src-main/random.ts'
import { at, textbookAdam } from '../algorithms/reference.ts'

// No multiple of the kernels' four lanes: the last lanes run into padding.
const lengths = [1, 3, 4, 5, 17]

function groupOf(length: number): ParameterGroup & { gradient: Float32Array } {
  const group = createParameterGroup('group', [{ name: 'vector', shape: [length] }], { trainable: true })
  if (!group.gradient) throw new Error('The group is trainable.')
  return { ...group, gradient: group.gradient }
}

describe('Adam', () => {
  it.each(lengths)('follows the textbook over 60 steps of %d numbers and touches no neighbour', (length) => {
    const random = createStreams(length).updates
    const [before, group, after] = [groupOf(length), groupOf(length), groupOf(length)]
    for (const neighbour of [before, after]) random.fillNormal(neighbour.values)
    const kept = [before, after].map(({ values }) => values.slice())
    random.fillNormal(group.values)
    const adam = new Adam(group)
    const textbook = textbookAdam(0.01)
    let expected: number[] = [...group.values]
    for (let step = 0; step < 60; step++) {
      random.fillNormal(group.gradient)
      // Gradients of very different sizes, and none at all now and then.
      for (let i = 0; i < length; i++) group.gradient[i] = at(group.gradient, i) * 10 ** ((i % 7) - 5)
      if (step % 10 === 9) group.gradient.fill(0)
      expected = textbook(expected, group.gradient)
      adam.apply(0.01)
    }
    for (let i = 0; i < length; i++) expect(at(group.values, i)).toBeCloseTo(at(expected, i), 4)
    expect([before, after].map(({ values }) => values)).toEqual(kept)
  })

  it('moves every number by the learning rate at first, whatever the size of its gradient', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.boolean(), (exponent, up) => {
        const group = groupOf(1)
        group.gradient[0] = (up ? -1 : 1) * 10 ** exponent
        new Adam(group).apply(0.125)
        expect(at(group.values, 0)).toBeCloseTo(up ? 0.125 : -0.125, 5)
      }),
      { numRuns: 50, seed: 1 },
    )
  })

  it('refuses a group without gradients', () => {
    expect(
      () => new Adam(createParameterGroup('target', [{ name: 'x', shape: [2] }], { trainable: false })),
    ).toThrow('target')
  })
})

describe('ScalarAdam', () => {
  it('follows the textbook', () => {
    const random = createStreams(1).updates
    const scalar = new ScalarAdam()
    const textbook = textbookAdam(0.003)
    let [value, expected] = [1, [1]]
    for (let step = 0; step < 200; step++) {
      const gradient = random.normal() + 0.5
      value += scalar.delta(gradient, 0.003)
      expected = textbook(expected, [gradient])
      expect(value).toBeCloseTo(at(expected, 0), 12)
    }
  })
})

describe('polyakUpdate()', () => {
  it.each(lengths)('moves %d numbers the given share of the way', (length) => {
    const [target, neighbour, source] = [allocateFloats(length), allocateFloats(1), allocateFloats(length)]
    const random = createStreams(length).updates
    random.fillNormal(target)
    random.fillNormal(source)
    neighbour[0] = 7
    const expected = Array.from(target, (value, i) => 0.75 * value + 0.25 * at(source, i))
    const kept = source.slice()
    polyakUpdate(target, source, 0.25)
    for (let i = 0; i < length; i++) expect(at(target, i)).toBeCloseTo(at(expected, i), 6)
    expect(source).toEqual(kept)
    expect(at(neighbour, 0)).toBe(7)
    polyakUpdate(target, source, 1)
    for (let i = 0; i < length; i++) expect(at(target, i)).toBeCloseTo(at(source, i), 6)
  })

  it('refuses arrays of other lengths and arrays that are not its own', () => {
    expect(() => polyakUpdate(allocateFloats(3), allocateFloats(4), 0.5)).toThrow(RangeError)
    expect(() => polyakUpdate(new Float32Array(3), allocateFloats(3), 0.5)).toThrow(TypeError)
  })
})
