import { describe, expect, it } from 'vitest'
import { type Experiment, transferRequest } from '../../../src-main/contract/index.ts'
import { differencesOf } from '../../../src-renderer/runs/differences.ts'
import {
  describeRequest,
  filterExperiments,
  summarizeExperiments,
} from '../../../src-renderer/runs/experiments.ts'
import { aRun } from '../fixtures.ts'

const experiment = (id: number, changes: Partial<Experiment> = {}): Experiment => ({
  id,
  name: `Goal ${id}`,
  createdAt: 0,
  note: '',
  request: transferRequest.parse({
    environment: 'drunk-spider',
    methods: ['sqrl'],
    seeds: [0, 1],
    targetTask: { goal: [6.5, 2.5] },
  }),
  ...changes,
})

describe('summarizeExperiments()', () => {
  const runs = [
    aRun({ id: 1, experimentId: 1, state: 'finished', step: 1000, failures: 3, episodes: 20 }),
    aRun({ id: 2, experimentId: 1, state: 'running', step: 500 }),
    aRun({ id: 3, experimentId: 1, state: 'interrupted', step: 0 }),
  ]

  it('counts what is done, on the way and halted, the newest experiment first', () => {
    const [empty, first] = summarizeExperiments([experiment(1), experiment(2)], runs)
    expect(empty).toMatchObject({ experiment: { id: 2 }, runs: 0, progress: 0 })
    expect(first).toMatchObject({
      runs: 3,
      finished: 1,
      unfinished: 1,
      halted: 1,
      progress: 0.5,
      failures: 3,
    })
  })

  it('finds experiments by name, note and method', () => {
    const all = summarizeExperiments([experiment(1), experiment(2, { note: 'a baseline' })], runs)
    const found = (filter: string) => filterExperiments(all, filter).map(({ experiment: { id } }) => id)
    expect([found('goal'), found('baseline'), found('goal sqrl'), found('#2')]).toEqual([
      [2, 1],
      [2],
      [1],
      [2],
    ])
  })
})

describe('describeRequest()', () => {
  it('leaves out what was not asked for', () => {
    expect(describeRequest(experiment(1))).toEqual([
      ['Environment', 'drunk-spider'],
      ['Methods', 'sqrl'],
      ['Seeds', '0, 1'],
      ['Preset', 'quick'],
      ['Target task goal', '6.5, 2.5'],
    ])
  })
})

describe('differencesOf()', () => {
  it('names settings and parameters that differ, and no seed', () => {
    const differing = [
      aRun({ specification: { seed: 1, settings: { sqrl: { epsilonSafe: 0.1, mask: true } } } }),
      aRun({ specification: { seed: 2, settings: { sqrl: { epsilonSafe: 0.2, mask: true } } } }),
      aRun({ specification: { task: { environment: 'drunk-spider', parameters: { noise: 0.1 } } } }),
      aRun({ specification: { task: { environment: 'drunk-spider', parameters: { noise: 0.2 } } } }),
    ]
    expect(differencesOf(differing).next()).toEqual({ done: true, value: ['noise', 'sqrl.epsilonSafe'] })
  })
})
