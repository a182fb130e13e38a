import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countOwn,
  formatSeeds,
  fromForm,
  newRequest,
  onEnvironment,
  parseSeeds,
  toForm,
} from '../../../src-renderer/transfer/request.ts'
import { rangeProblemOf } from '../../../src-renderer/transfer/steps.ts'
import { parseField } from '../../../src-renderer/transfer/values.ts'

describe('parseSeeds()', () => {
  it('reads back what formatSeeds() writes', () => {
    const seeds = fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(seeds, (list) => {
        expect(parseSeeds(formatSeeds(list))).toEqual(list)
      }),
    )
  })

  it('takes ranges and lists, and leaves what is neither as it is typed', () => {
    expect(parseSeeds('0-4, 7 7')).toEqual([0, 1, 2, 3, 4, 7])
    expect(parseSeeds('')).toEqual([])
    for (const text of ['4-0', '1.5', 'all', '0-9999999']) expect(parseSeeds(text)).toBe(text)
  })
})

describe('parseField()', () => {
  it('keeps a text that is no number, so that the lab can say so', () => {
    expect(parseField('number', ' 0.25 ')).toBe(0.25)
    expect(parseField('number', 'much')).toBe('much')
    expect(parseField('numbers', '6.5, 2.5')).toEqual([6.5, 2.5])
    expect(parseField('numbers', '6.5, x')).toBe('6.5, x')
    expect(parseField('number', '')).toBeNull()
  })
})

describe('toForm() and fromForm()', () => {
  it('give a request back, half typed values included', () => {
    const request = {
      environment: 'drunk-spider',
      methods: ['sqrl'],
      seeds: 'all',
      preset: 'study',
      pretrained: 3,
      finetuneSteps: 'many',
      pretrainTask: { map: ['..', '#.'] },
      targetTask: { goal: [1, 2], noise: 'a lot' },
      settings: { 'finetune.sqrl.mask': false },
    }
    expect(fromForm(toForm(request))).toEqual(request)
  })

  it('give several values back, and the draws only where something is drawn', () => {
    const request = {
      environment: 'drunk-spider',
      methods: ['sqrl'],
      seeds: [0],
      preset: 'quick',
      pretrainTask: { noise: { each: [0.1, 'much'] } },
      targetTask: {
        goal: {
          each: [
            [1, 2],
            [3, 4],
          ],
        },
      },
      settings: { 'sqrl.epsilonSafe': { uniform: ['', 0.2] } },
    }
    expect(fromForm(toForm({ ...request, draws: { count: 3, seed: 7 } }))).toEqual({
      ...request,
      draws: { count: 3, seed: 7 },
    })
    const { settings: _, ...listed } = request
    expect(fromForm(toForm({ ...listed, draws: { count: 3 } }))).toEqual({ ...listed, settings: {} })
  })

  it('leave pre-training out where a run is started from, and keep it in the form', () => {
    const form = {
      ...newRequest(),
      start: { kind: 'checkpoint' as const, id: 5 },
      pretrainTask: { noise: 0.2 },
      pretrainSteps: 100,
      settings: { 'pretrain.sac.batchSize': 8, 'sac.batchSize': 32 },
    }
    const request = fromForm(form)
    expect(request).toMatchObject({ checkpoint: 5, pretrainTask: {}, settings: { 'sac.batchSize': 32 } })
    expect(request).not.toHaveProperty('pretrainSteps')
  })
})

describe('onEnvironment()', () => {
  const form = toForm({
    environment: 'drunk-spider',
    name: 'Mine',
    methods: ['sqrl'],
    seeds: [4],
    preset: 'study',
    pretrained: 3,
    finetuneSteps: 300,
    targetTask: { goal: [1, 2] },
    settings: { 'sqrl.gammaSafe': 0.65, 'recording.failureBudget': 5 },
  })

  it('keeps what means the same everywhere and nothing of the environment before', () => {
    const moved = onEnvironment(form, 'minitaur')
    expect(fromForm(moved)).toEqual({
      environment: 'minitaur',
      name: 'Mine',
      methods: ['sqrl'],
      seeds: [4],
      preset: 'study',
      pretrainTask: {},
      targetTask: {},
      settings: { 'recording.failureBudget': 5 },
    })
    expect(countOwn(form)).toBe(4)
    expect(countOwn(moved)).toBe(0)
  })

  it('gives an environment back what was set aside, with what was changed for all meanwhile', () => {
    const moved = { ...onEnvironment(form, 'minitaur'), seeds: [7] }
    expect(onEnvironment(moved, 'drunk-spider', form)).toEqual({ ...form, seeds: [7] })
  })
})

describe('rangeProblemOf()', () => {
  const problem = (path: (string | number)[], message: string) => ({ path, message, sentence: '' })

  it('says which end is meant', () => {
    const problems = [
      problem(['targetTask', 'noise'], 'At most 1.'),
      problem(['targetTask', 'footFriction', 1], 'At most 5.'),
    ]
    expect(rangeProblemOf(problems, 'targetTask', 'footFriction')).toEqual({
      text: 'Upper end: At most 5.',
      wrongEnds: [false, true],
    })
    expect(rangeProblemOf(problems, 'targetTask', 'mass')).toEqual({ text: null, wrongEnds: [false, false] })
    const crossed = [problem(['targetTask', 'footFriction'], 'The lower end may not be above the upper one.')]
    expect(rangeProblemOf(crossed, 'targetTask', 'footFriction').wrongEnds).toEqual([true, true])
  })
})
