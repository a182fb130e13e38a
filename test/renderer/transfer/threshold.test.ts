import { describe, expect, it } from 'vitest'
import type { RequestDefaults, ThresholdTable } from '../../../src-main/contract/index.ts'
import { describeThreshold } from '../../../src-renderer/runs/threshold.ts'
import { chosenThreshold, inForm, pointOf } from '../../../src-renderer/transfer/threshold.ts'

const defaults = (epsilonSafe: number, falseAlarmRate: number | null): RequestDefaults => ({
  pretrainTask: {},
  targetTask: {},
  settings: {
    'sqrl.epsilonSafe': { pretrain: epsilonSafe, finetune: epsilonSafe },
    'sqrl.falseAlarmRate': { pretrain: falseAlarmRate, finetune: falseAlarmRate },
  },
  pretrainSteps: 1,
  finetuneSteps: 1,
})
const point = (epsilonSafe: number, falseAlarmRate: number) => ({
  epsilonSafe,
  falseAlarmRate,
  failuresForeseen: 0.5,
  stepsAhead: 3,
})
const table: ThresholdTable = {
  episodes: 10,
  failures: 4,
  soughtFailures: 0,
  harmlessActions: 1000,
  horizon: 10,
  points: [point(0.001, 0.3), point(0.004, 0.02), point(0.05, 0)],
  byRate: [{ ...point(0.002, 0.098), askedRate: 0.1 }],
}

describe('the form of a threshold', () => {
  it('is what is asked for, else what the preset or the run has', () => {
    expect(chosenThreshold({}, defaults(0.1, null))).toEqual({ form: 'probability', value: 0.1 })
    expect(chosenThreshold({}, defaults(0.1, 0.05))).toEqual({ form: 'falseAlarms', value: 0.05 })
    const asked = { 'sqrl.epsilonSafe': 0.2 }
    expect(chosenThreshold(asked, defaults(0.1, 0.05))).toEqual({ form: 'probability', value: 0.2 })
    const both = { ...asked, 'finetune.sqrl.falseAlarmRate': 0.01 }
    expect(chosenThreshold(both, defaults(0.1, null))).toEqual({ form: 'falseAlarms', value: 0.01 })
  })

  it('changes to what a probe says it comes to, and stays changed whatever the defaults are', () => {
    for (const rate of [null, 0.05]) {
      const own = defaults(0.1, rate)
      const asRate = inForm({ 'finetune.sqrl.epsilonSafe': 0.004 }, 'falseAlarms', own, point(0.004, 0.0213))
      expect(asRate).toEqual({ 'finetune.sqrl.falseAlarmRate': 0.021 })
      for (const known of [null, point(0.002, 0.098)]) {
        const back = inForm(asRate, 'probability', own, known)
        expect(chosenThreshold(back, own)).toEqual({ form: 'probability', value: known?.epsilonSafe ?? 0.1 })
      }
    }
  })

  it('finds the nearest threshold by magnitude, and the strictest that keeps to a rate', () => {
    expect(pointOf(table, { form: 'probability', value: 0.003 })?.epsilonSafe).toBe(0.004)
    expect(pointOf(table, { form: 'falseAlarms', value: 0.1 })?.epsilonSafe).toBe(0.002)
    expect(pointOf(table, { form: 'falseAlarms', value: 0.001 })?.epsilonSafe).toBe(0.05)
    expect(pointOf(null, { form: 'falseAlarms', value: 0.1 })).toBeNull()
  })
})

describe('describeThreshold()', () => {
  const run = (phase: 'pretrain' | 'finetune', step: number, sqrl: Record<string, number | null>) => ({
    step,
    specification: {
      method: 'sqrl' as const,
      phase,
      seed: 0,
      task: { environment: 'minitaur' as const, parameters: {} },
      steps: 100,
      settings: { sqrl },
      recording: { checkpointEvery: 10, metricsEvery: 10, failureFramesLimit: null },
    },
  })

  it('names the form that was asked for and the threshold that came out', () => {
    const rate = { epsilonSafe: 0.0021234, falseAlarmRate: 0.01 }
    expect(describeThreshold(run('finetune', 1, rate))).toBe('1\u202f% false alarms: ε_safe 0.00212')
    expect(describeThreshold(run('finetune', 0, rate))).toContain('measured when fine-tuning begins')
    expect(describeThreshold(run('pretrain', 1, rate))).toBe('ε_safe 0.00212')
    expect(describeThreshold(run('finetune', 1, { epsilonSafe: 0.1, falseAlarmRate: null }))).toBe(
      'ε_safe 0.1',
    )
  })
})
