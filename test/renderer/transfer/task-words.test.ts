import { describe, expect, it } from 'vitest'
import { differenceWords, isTarget } from '../../../src-renderer/transfer/task-words.ts'
import { aDescription } from '../fixtures.ts'

const minitaur = [
  aDescription({ name: 'goalVelocity', unit: 'm/s', default: 0.3 }),
  aDescription({ name: 'footFriction', kind: 'range', default: [1, 1] }),
  aDescription({ name: 'baseMassFactor', kind: 'range', default: [1, 1] }),
  aDescription({ name: 'tiltLimit', unit: 'rad', default: 0.3 }),
]
const usual = Object.fromEntries(minitaur.map(({ name, default: value }) => [name, value]))
const task = (changes: Record<string, unknown>) => ({
  environment: 'minitaur' as const,
  parameters: { ...usual, ...changes } as typeof usual,
})

describe('differenceWords()', () => {
  it('says what a task has otherwise, with units, ranges as ranges', () => {
    const body = task({ goalVelocity: 0.4, footFriction: [0.5, 1.25], baseMassFactor: [1.1, 1.1] })
    expect(differenceWords(body, task({}), minitaur)).toBe(
      'goal velocity 0.4 m/s, foot friction 0.5 to 1.25, base mass factor 1.1',
    )
    expect(differenceWords(task({}), body, minitaur)).toBe(
      'goal velocity 0.3 m/s, foot friction 1, base mass factor 1',
    )
    expect(differenceWords(body, body, minitaur)).toBe('')
  })
})

describe('isTarget()', () => {
  it('knows a target of the paper, whatever else the task has', () => {
    const described = { environment: 'minitaur' as const, label: '', help: '' }
    const targets = [
      { ...described, name: 'velocity', targetTask: { goalVelocity: 0.4, footFriction: [1, 1] } },
      { ...described, name: 'friction', targetTask: { goalVelocity: 0.3, footFriction: [1.25, 1.25] } },
    ]
    const chosen = (own: ReturnType<typeof task>) =>
      targets.filter((target) => isTarget(target, own)).map(({ name }) => name)
    expect(chosen(task({ goalVelocity: 0.4, tiltLimit: 0.4 }))).toEqual(['velocity'])
    expect(chosen(task({ footFriction: [1.25, 1.25] }))).toEqual(['friction'])
    expect(chosen(task({}))).toEqual([])
  })
})
