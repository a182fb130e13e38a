import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Lab, openLab } from '../../src-main/lab/lab.ts'
import { temporaryFolder } from '../store/fixtures.ts'
import { startScriptedWorker } from '../training/scripted.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let folder: ReturnType<typeof temporaryFolder>
let lab: Lab

beforeEach(async () => {
  folder = temporaryFolder()
  lab = await openLab(folder.path, { slots: 2, startWorker: startScriptedWorker })
})

afterEach(async () => {
  await lab.close()
  folder[Symbol.dispose]()
})

const request = (changes: Record<string, unknown> = {}) => ({
  environment: 'drunk-spider' as const,
  methods: ['sqrl' as const],
  seeds: [0],
  ...changes,
})
const plan = (changes: Record<string, unknown> = {}) => lab.transfers.plan({ request: request(changes) })

/** An experiment whose runs have all finished: pre-training run 1 with its checkpoints, and fine-tuning run 2. */
async function trained(changes: Record<string, unknown> = {}) {
  const experiment = lab.experiments.start(request({ pretrainSteps: 200, finetuneSteps: 100, ...changes }))
  await lab.whenIdle()
  return experiment.id
}

describe('transferCases().plan()', () => {
  it('lists the runs, the tasks and what differs from the preset, and writes nothing', () => {
    const planned = plan({
      seeds: [0, 1],
      targetTask: { noise: 0.3 },
      settings: { 'sqrl.epsilonSafe': 0.2, 'finetune.sac.batchSize': 32 },
      finetuneSteps: 500,
    })
    expect(planned.problems).toEqual([])
    expect(planned.runs.map(({ phase, seed, steps }) => [phase, seed, steps])).toEqual([
      ['pretrain', 0, 12_000],
      ['finetune', 0, 500],
      ['pretrain', 1, 12_000],
      ['finetune', 1, 500],
    ])
    expect(planned.tasks.finetune?.parameters).toMatchObject({ noise: 0.3, goal: [6.5, 3.5] })
    expect(planned.differences).toEqual([
      { where: 'settings', name: 'sqrl.epsilonSafe', phase: null, before: 0.1, after: 0.2 },
      { where: 'steps', name: 'finetuneSteps', phase: null, before: 3000, after: 500 },
      { where: 'targetTask', name: 'noise', phase: null, before: 0.1, after: 0.3 },
      { where: 'settings', name: 'sac.batchSize', phase: 'finetune', before: 64, after: 32 },
    ])
    expect(planned.bytes).toBeGreaterThan(0)
    expect(lab.runs.list()).toEqual([])
  })

  it('names everything that is wrong by its field, at once', () => {
    const {
      problems,
      request: accepted,
      command,
      runs,
    } = plan({
      targetTask: { goal: [3.5, 2.5], noise: -1 },
      settings: { 'sqrl.epsilonSafe': 'much', 'finetune.sac.batchSize': 0.5, 'sqrl.nothing': 1 },
    })
    expect(problems.map(({ path, message }) => [path.join('/'), message])).toEqual([
      [
        'settings/sqrl.nothing',
        'There is no setting "sqrl.nothing". Settings are written with their group, such as sqrl.epsilonSafe or sac.learningRate.',
      ],
      ['targetTask/noise', 'At least 0.'],
      ['targetTask/goal', 'The goal must lie on a free cell of the map.'],
      ['settings/sqrl.epsilonSafe', 'A number is needed here.'],
      ['settings/finetune.sac.batchSize', 'A whole number is needed here.'],
    ])
    expect([accepted, command, runs]).toEqual([null, null, []])
    expect(problems[2]?.sentence).toBe(
      'The target parameter goal is not valid: The goal must lie on a free cell of the map.',
    )
    expect(plan({ seeds: 'all', gravity: 9.81 }).problems.map(({ sentence }) => sentence)).toEqual([
      'The request seeds is not valid: A list is needed here.',
      'A transfer request has no entry "gravity".',
    ])
  })

  it('refuses networks and a Q_safe that would not fit fine-tuning', () => {
    expect(plan({ settings: { 'finetune.sac.hiddenSizes': [8] } }).problems).toMatchObject([
      {
        path: ['settings', 'sac.hiddenSizes'],
        message: expect.stringContaining('hidden layers of 256, 256'),
      },
    ])
    expect(plan({ settings: { 'finetune.sqrl.gammaSafe': 0.9 } }).problems).toMatchObject([
      { path: ['settings', 'sqrl.gammaSafe'], message: expect.stringContaining('would mean something else') },
    ])
    expect(plan({ settings: { 'finetune.sac.rewardScale': 0.5 } }).problems).toMatchObject([
      { path: ['settings', 'sac.rewardScale'], message: expect.stringContaining('rewards times 0.5') },
    ])
  })

  it('says how the pre-training fits and what carries over', () => {
    const [sqrl] = plan({
      targetTask: { noise: 0.3 },
      settings: { 'finetune.sqrl.epsilonSafe': 0.2 },
    }).compatibility
    const verdicts = sqrl?.findings.map(({ subject, verdict }) => [subject, verdict])
    expect(verdicts).toEqual([
      ['Environment', 'same'],
      ['Observation', 'same'],
      ['History', 'same'],
      ['Action', 'same'],
      ['Task', 'differs'],
      ['Hidden layers', 'same'],
      ['Normalisation', 'same'],
      ['Discount γ', 'same'],
      ['γ_safe', 'same'],
      ['ε_safe', 'differs'],
    ])
    expect(sqrl?.findings[4]).toMatchObject({
      pretraining: 'goal 7.5, 3.5, noise 0.1',
      target: 'goal 6.5, 3.5, noise 0.3',
    })
    const carried = sqrl?.parts.filter(({ carries }) => carries).map(({ part }) => part)
    expect(carried).toEqual(['Policy', 'Critics and their targets', 'Temperature α', 'Safety critic'])
  })

  it('compares a clone with its parent', () => {
    const parent = request({ settings: { 'sqrl.epsilonSafe': 0.2 } })
    const { parentDifferences } = lab.transfers.plan({
      request: request({ seeds: [0, 1], settings: { 'sqrl.epsilonSafe': 0.05 } }),
      parent,
    })
    expect(parentDifferences).toEqual([
      { where: 'request', name: 'seeds', phase: null, before: [0], after: [0, 1] },
      { where: 'settings', name: 'sqrl.epsilonSafe', phase: null, before: 0.2, after: 0.05 },
    ])
  })
})

describe('a transfer from what is trained', () => {
  it('starts every fine-tuning run from one finished run, with its task and settings', async () => {
    await trained({ pretrainTask: { noise: 0.2 }, settings: { 'sac.hiddenSizes': [32] } })
    const { runs, problems, differences } = plan({
      pretrainedRun: 1,
      seeds: [4, 5],
      targetTask: { distanceCost: 2 },
    })
    expect(problems).toEqual([])
    expect(runs.map(({ phase, seed, existingRunId }) => [phase, seed, existingRunId])).toEqual([
      ['pretrain', 0, 1],
      ['finetune', 4, null],
      ['finetune', 5, null],
    ])
    expect(differences.map(({ name }) => name)).toEqual(['distanceCost'])
    lab.experiments.start(request({ pretrainedRun: 1, seeds: [4, 5], finetuneSteps: 100 }))
    await lab.whenIdle()
    const started = lab.runs.list().slice(2)
    expect(started.map(({ pretrainRunId, state }) => [pretrainRunId, state])).toEqual([
      [1, 'finished'],
      [1, 'finished'],
    ])
    expect(started[0]?.specification).toMatchObject({
      task: { parameters: { noise: 0.2, goal: [6.5, 3.5] } },
      settings: { sac: { hiddenSizes: [32] } },
    })
  })

  it('starts from the chosen checkpoint, though its run was stopped before its end', async () => {
    lab.experiments.start(request({ pretrainSteps: 100_000, settings: { 'recording.checkpointEvery': 100 } }))
    await vi.waitFor(() => expect(lab.checkpoints.list(1).length).toBeGreaterThan(1), 30_000)
    lab.runs.stop(1)
    await vi.waitFor(() => expect(lab.runs.get(1).state).toBe('stopped'), 30_000)
    const first = lab.checkpoints.list(1).find(({ step }) => step === 100)
    if (!first) throw new Error('There is no first checkpoint.')
    expect(plan({ pretrainedRun: 1 }).problems).toMatchObject([
      { path: ['pretrainedRun'], message: expect.stringContaining('Run 1 is stopped, not finished.') },
    ])
    lab.experiments.start(request({ checkpoint: first.id, finetuneSteps: 100 }))
    await vi.waitFor(() => expect(lab.runs.get(3).state).toBe('finished'), 30_000)
    expect(lab.runs.get(3)).toMatchObject({ pretrainRunId: 1, pretrainCheckpointId: first.id })
    const { pretrainedSteps } = lab.metrics.history({ runId: 3, names: ['pretrainedSteps'] })
    expect(new Set(pretrainedSteps?.values)).toEqual(new Set([100]))
  })

  it('trains a sweep with the pre-training that its values share, and compares them by it', async () => {
    const sweep = { 'finetune.sqrl.epsilonSafe': { each: [0.05, 0.2] } }
    const planned = plan({ settings: sweep })
    expect(planned.runs).toHaveLength(3)
    expect(planned.bytes).toBeGreaterThan(plan().bytes)
    const experiment = await trained({ settings: sweep })
    expect(lab.runs.list().map(({ pretrainRunId }) => pretrainRunId)).toEqual([null, 1, 1])
    const { methods } = await lab.experiments.compare(experiment)
    expect(methods.map(({ swept }) => swept)).toEqual([
      { 'sqrl.epsilonSafe': 0.05 },
      { 'sqrl.epsilonSafe': 0.2 },
    ])
    const { groups } = await lab.comparisons.statistics({ runIds: [2, 3] })
    expect(groups.map(({ values }) => values)).toEqual(methods.map(({ swept }) => swept))
  })

  it('finds for each value of a sweep the run that was pre-trained with it', async () => {
    const settings = { 'sac.discount': { each: [0.9, 0.95] } }
    const first = await trained({ settings })
    const again = plan({ settings, pretrained: first, pretrainSteps: 200 })
    expect(again.problems).toEqual([])
    expect(again.runs.map(({ existingRunId }) => existingRunId)).toEqual([1, null, 3, null])
  })

  it('refuses what cannot be started from, beside its field', async () => {
    const experiment = await trained({ methods: ['sac'] })
    const refusals = [
      [{ pretrainedRun: 9 }, 'pretrainedRun', 'There is no run 9 in this lab.'],
      [{ checkpoint: 99 }, 'checkpoint', 'There is no checkpoint 99 in this lab.'],
      [
        { pretrainedRun: 2 },
        'pretrainedRun',
        'Run 2 is a fine-tuning run. A transfer starts from a pre-training run.',
      ],
      [
        { pretrainedRun: 1 },
        'methods',
        'The pre-training has no safety critic, and sqrl cannot start without one. Start from a run of sqrl, or leave sqrl out.',
      ],
      [
        { pretrained: experiment },
        'pretrained',
        `Experiment ${experiment} has no finished pre-training run of sqrl with seed 0.`,
      ],
      [
        { pretrained: experiment, checkpoint: 1 },
        'checkpoint',
        'A transfer starts from one thing: drop pretrained or checkpoint.',
      ],
      [
        { pretrainedRun: 1, methods: ['sac'], pretrainSteps: 5 },
        'pretrainSteps',
        'Leave it out: the pre-training that this transfer starts from is done.',
      ],
    ] as const
    for (const [changes, path, message] of refusals)
      expect(plan(changes).problems.map((problem) => [problem.path.join('.'), problem.message])).toEqual([
        [path, message],
      ])
  })

  it('lets a method without a safety critic take over the policy of one that has it', async () => {
    await trained()
    const { problems, compatibility } = plan({ pretrainedRun: 1, methods: ['sqrl', 'sac'] })
    expect(problems).toEqual([])
    expect(compatibility[1]?.parts).toContainEqual({
      part: 'Safety critic',
      carries: false,
      explanation: 'This method has none; it stays behind.',
    })
  })
})
