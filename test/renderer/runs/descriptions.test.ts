import { describe, expect, it } from 'vitest'
import { byKey, describedAnywhere, describedParameter } from '../../../src-renderer/runs/descriptions.ts'
import { describeSettings } from '../../../src-renderer/runs/settings.ts'
import { aDescription, aRun } from '../fixtures.ts'

const all = [
  aDescription({ name: 'sqrl.epsilonSafe', group: 'sqrl' }),
  aDescription({ name: 'goalVelocity', group: 'minitaur', unit: 'm/s' }),
  aDescription({
    name: 'actionScale',
    group: 'minitaur',
    unit: 'rad',
    default: 0.5,
    help: 'Swing of the legs.',
  }),
  aDescription({ name: 'episodeLength', group: 'minitaur', unit: 'steps', default: 500 }),
  aDescription({ name: 'actionScale', group: 'cube-rotate', default: 1, help: 'Share of the range.' }),
  aDescription({ name: 'episodeLength', group: 'cube-rotate', unit: 'steps', default: 100 }),
]
const descriptions = byKey(all)

describe('byKey()', () => {
  it('keeps parameters of one name in several environments apart', () => {
    expect([...descriptions.values()]).toEqual(all)
    expect(describedParameter(descriptions, 'minitaur', 'actionScale')).toMatchObject({
      group: 'minitaur',
      unit: 'rad',
    })
    expect(describedParameter(descriptions, 'cube-rotate', 'actionScale')).toMatchObject({
      group: 'cube-rotate',
      unit: null,
    })
  })
})

describe('describedAnywhere()', () => {
  it('tells of a name that several environments have only what holds in all of them', () => {
    expect(describedAnywhere(descriptions, 'goalVelocity')?.unit).toBe('m/s')
    expect(describedAnywhere(descriptions, 'sqrl.epsilonSafe')?.group).toBe('sqrl')
    expect(describedAnywhere(descriptions, 'actionScale')?.unit).toBeNull()
    expect(describedAnywhere(descriptions, 'episodeLength')?.unit).toBe('steps')
    expect(describedAnywhere(descriptions, 'gravity')).toBeUndefined()
  })
})

describe('describeSettings()', () => {
  it('explains a parameter as its own environment does', () => {
    const task = { environment: 'minitaur' as const, parameters: { actionScale: 0.5, episodeLength: 500 } }
    const [parameters] = describeSettings(aRun({ specification: { task } }), descriptions)
    expect(parameters?.rows.map(({ name, isDefault }) => [name, isDefault])).toEqual([
      ['steps', true],
      ['actionScale', true],
      ['episodeLength', true],
    ])
    expect(parameters?.rows[1]?.help).toBe('Swing of the legs.')
  })
})
