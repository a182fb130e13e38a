import { beforeAll, describe, expect, it } from 'vitest'
import { measureCalibration } from '../../src-main/lab/calibration.ts'
import { type RolloutOptions, rollOut, rolloutsCsv } from '../../src-main/lab/rollouts.ts'
import { type Trained, trainBriefly } from './trained.ts'

describe('rollOut() and measureCalibration()', () => {
  let options: RolloutOptions
  let trained: Trained
  beforeAll(async () => {
    trained = await trainBriefly('sqrl', 300)
    const { task, settings } = trained.specification
    options = {
      task,
      settings,
      networks: trained.networks,
      episodes: 20,
      seed: 1,
      masked: false,
      randomStartFraction: 0.5,
    }
  })

  it('gives the same episodes for the same seed and others for another', async () => {
    const csv = async (changes: Partial<RolloutOptions>) => {
      const { rollouts, stateNames } = await rollOut({ ...options, ...changes })
      return rolloutsCsv(rollouts, stateNames)
    }
    const first = await csv({})
    expect(await csv({})).toBe(first)
    expect(await csv({ seed: 2 })).not.toBe(first)
    expect(first.split('\n')[0]).toBe('episode,outcome,frame,qSafe,row,column,steps')
  })

  it('counts the steps, failures and warnings of the very episodes that it rolls out', async () => {
    const { rollouts } = await rollOut(options)
    const calibration = await measureCalibration(options)
    const failures = rollouts.filter(({ outcome }) => outcome === 'failure')
    expect(calibration.steps).toBe(rollouts.reduce((sum, { qSafe }) => sum + qSafe.length, 0))
    expect(calibration.failures).toBe(failures.length)
    expect(calibration.warningLeads).toHaveLength(failures.length)
    const fatal = failures.filter(({ qSafe }) => (qSafe.at(-1) ?? 0) > calibration.epsilonSafe)
    expect(calibration.recallAtEpsilon).toBe(fatal.length / failures.length)
  })

  it('refuses the mask of a method that has none', async () => {
    const { specification, networks } = await trainBriefly('sac', 20)
    const without = { ...options, settings: specification.settings, networks }
    await expect(rollOut({ ...without, masked: true })).rejects.toThrow(
      'This run has no safety critic and so no mask.',
    )
    await expect(measureCalibration(without)).rejects.toThrow('there is nothing to calibrate')
  })
})
