import { describe, expect, it } from 'vitest'
import { methods } from '../../src-main/algorithms/registry.ts'
import {
  environmentName,
  methodName,
  presetName,
  type TransferRequest,
} from '../../src-main/contract/transfer.ts'
import { environmentParameters } from '../../src-main/environments/registry.ts'
import { LabError } from '../../src-main/lab/errors.ts'
import { presetDescriptions } from '../../src-main/lab/presets/registry.ts'
import { settingDescriptions } from '../../src-main/lab/settings.ts'
import { planTransfer } from '../../src-main/lab/transfer.ts'

const request = (changes: Partial<TransferRequest> = {}): TransferRequest => ({
  environment: 'drunk-spider',
  methods: ['sqrl'],
  seeds: [0],
  ...changes,
})

/** Specifications of the one method and seed of a request. */
function plan(changes: Partial<TransferRequest> = {}) {
  const [pretrain, finetune] = planTransfer(request(changes)).map(({ specification }) => specification)
  if (!pretrain || !finetune) throw new Error('A transfer has two phases.')
  return { pretrain, finetune }
}

const onlyWhereAskedFor = new Set([
  'recording.failureBudget',
  'recording.evaluationEvery',
  'recording.evaluationEpisodes',
])

const isEnvironment = (group: string) => environmentName.safeParse(group).success

const sentence = (message: string) => expect.objectContaining({ code: 'INVALID', message })

describe('planTransfer()', () => {
  it('plans a pre-training run and the fine-tuning run that starts from it for each method and seed, each once', () => {
    const runs = planTransfer(request({ methods: ['sqrl', 'sac', 'sqrl'], seeds: [4, 7, 4] }))
    expect(runs.map(({ specification: { method, seed, phase } }) => [seed, method, phase])).toEqual(
      [4, 7].flatMap((seed) =>
        ['sqrl', 'sac'].flatMap((method) => [
          [seed, method, 'pretrain'],
          [seed, method, 'finetune'],
        ]),
      ),
    )
    expect(new Set(runs.map(({ key }) => key)).size).toBe(8)
    for (const [index, { startsFrom }] of runs.entries())
      expect(startsFrom).toBe(index % 2 === 0 ? null : runs[index - 1]?.key)
  })

  it('takes steps, recording and settings of the preset, and what is asked for instead', () => {
    const quick = plan()
    expect(quick.pretrain).toMatchObject({ steps: 12_000, recording: { failureFramesLimit: null } })
    expect(quick.finetune.steps).toBe(3_000)
    expect(plan({ preset: 'study' })).toMatchObject({
      pretrain: { steps: 50_000 },
      finetune: { steps: 10_000 },
    })
    expect(plan({ preset: 'study', finetuneSteps: 77 })).toMatchObject({
      pretrain: { steps: 50_000 },
      finetune: { steps: 77 },
    })
  })

  it('records as often as is asked for, in one phase or both', () => {
    const { pretrain, finetune } = plan({
      settings: {
        'recording.metricsEvery': 10,
        'recording.failureFramesLimit': 0,
        'finetune.recording.checkpointEvery': 50,
      },
    })
    expect(pretrain.recording).toEqual({ checkpointEvery: 2000, metricsEvery: 10, failureFramesLimit: 0 })
    expect(finetune.recording).toEqual({ checkpointEvery: 50, metricsEvery: 10, failureFramesLimit: 0 })
  })

  it('starts half of the pre-training episodes anywhere, and fine-tuning where the task says', () => {
    const { pretrain, finetune } = plan()
    expect(pretrain.settings.training).toEqual({ randomStartFraction: 0.5 })
    expect(finetune.settings.training).toEqual({ randomStartFraction: 0 })
  })

  it('has the numbers of the paper’s tables in the preset `paper`', () => {
    const { pretrain, finetune } = plan({ preset: 'paper' })
    expect([pretrain.steps, finetune.steps]).toEqual([50_000, 500_000])
    for (const { settings, task } of [pretrain, finetune]) {
      expect(settings.sac).toMatchObject({ learningRate: 3e-4, hiddenSizes: [256, 256] })
      expect(settings.sqrl).toMatchObject({ epsilonSafe: 0.1, gammaSafe: 0.65 })
      expect(task.parameters).toMatchObject({ episodeLength: 30, scale: 1, noise: 0.1 })
    }
  })

  it('gives both phases a plain setting, and one phase a prefixed one, which wins', () => {
    const { pretrain, finetune } = plan({
      settings: {
        'finetune.sqrl.epsilonSafe': 0.02,
        'sqrl.epsilonSafe': 0.3,
        'pretrain.sac.batchSize': 17,
        'sqrl.mask': false,
      },
    })
    expect(pretrain.settings).toMatchObject({
      sqrl: { epsilonSafe: 0.3, mask: false },
      sac: { batchSize: 17 },
    })
    expect(finetune.settings).toMatchObject({
      sqrl: { epsilonSafe: 0.02, mask: false },
      sac: { batchSize: 64 },
    })
  })

  it('gives a setting to the methods that know it', () => {
    const [sqrl, , sac] = planTransfer(
      request({ methods: ['sqrl', 'sac'], settings: { 'sqrl.epsilonSafe': 0.3, 'sac.batchSize': 32 } }),
    )
    expect(sqrl?.specification.settings).toMatchObject({ sqrl: { epsilonSafe: 0.3 }, sac: { batchSize: 32 } })
    expect(sac?.specification.settings).toMatchObject({ sac: { batchSize: 32 } })
    expect(sac?.specification.settings).not.toHaveProperty('sqrl')
  })

  it('lets the target inherit the parameters of pre-training, but not its goal', () => {
    const { pretrain, finetune } = plan({ pretrainTask: { noise: 0.25, distanceCost: 3, goal: [6, 6] } })
    expect(pretrain.task.parameters).toMatchObject({ noise: 0.25, distanceCost: 3, goal: [6, 6] })
    expect(finetune.task.parameters).toMatchObject({ noise: 0.25, distanceCost: 3, goal: [6.5, 3.5] })
  })

  it('lets the target differ where it names a parameter', () => {
    const { pretrain, finetune } = plan({
      pretrainTask: { noise: 0.25 },
      targetTask: { noise: 0.1, goal: [6.5, 2.5] },
    })
    expect(pretrain.task.parameters).toMatchObject({ noise: 0.25, goal: [7.5, 3.5] })
    expect(finetune.task.parameters).toMatchObject({ noise: 0.1, goal: [6.5, 2.5] })
  })

  const cases = environmentName.options.flatMap((environment) =>
    methodName.options.map((method) => [environment, method] as const),
  )
  it.each(cases)(
    'writes every parameter and setting of %s and %s down, defaults included',
    (environment, method) => {
      const { finetune } = plan({ environment, methods: [method] })
      const groups = new Map<string, unknown>([
        ...Object.entries(finetune.settings),
        ['recording', finetune.recording],
        [environment, finetune.task.parameters],
      ])
      expect([...groups.keys()]).toEqual(expect.arrayContaining(Object.keys(methods[method].settings.shape)))
      for (const { group, name } of settingDescriptions()) {
        if (onlyWhereAskedFor.has(name) || !groups.has(group)) continue
        // RS has SQRL's safety critic without what would act on it.
        if (method === 'rs' && ['sqrl.mask', 'sqrl.safetyTerm'].includes(name)) continue
        expect(groups.get(group)).toHaveProperty([
          group === environment ? name : name.slice(group.length + 1),
        ])
      }
    },
  )

  it('pre-trains RS as SQRL, once for both', () => {
    const planned = planTransfer({ environment: 'drunk-spider', methods: ['sqrl', 'rs'], seeds: [0, 1] })
    const runs = planned.map(({ specification: { method, phase, seed } }) => `${method} ${phase} ${seed}`)
    expect(runs.toSorted()).toEqual([
      'rs finetune 0',
      'rs finetune 1',
      'sqrl finetune 0',
      'sqrl finetune 1',
      'sqrl pretrain 0',
      'sqrl pretrain 1',
    ])
    for (const run of planned.filter(({ startsFrom }) => startsFrom !== null))
      expect(run.startsFrom).toBe(`sqrl ${run.specification.seed} pretrain`)
  })

  const refused: [string, Partial<TransferRequest>, string | RegExp][] = [
    [
      'an unknown setting',
      { settings: { 'sqrl.epsilon': 0.1 } },
      'There is no setting "sqrl.epsilon". Settings are written with their group, such as sqrl.epsilonSafe or sac.learningRate.',
    ],
    [
      'a phase without a setting',
      { settings: { 'finetune.epsilonSafe': 0.1 } },
      /^There is no setting "epsilonSafe"\. /,
    ],
    [
      'a setting out of range',
      { settings: { 'sqrl.epsilonSafe': 2 } },
      /^The setting sqrl\.epsilonSafe is not valid: .*1\.$/,
    ],
    [
      'a setting of another kind',
      { settings: { 'sac.batchSize': 'many' } },
      /^The setting sac\.batchSize is not valid: .*\.$/,
    ],
    [
      'a recording that never comes',
      { settings: { 'recording.metricsEvery': 0 } },
      /^The setting recording\.metricsEvery is not valid: .*\.$/,
    ],
    [
      'a choice that there is not',
      { settings: { 'sqrl.safetyLoss': 'l1' } },
      /^The setting sqrl\.safetyLoss is not valid: .*squared.*\.$/,
    ],
    [
      'an unknown parameter',
      { pretrainTask: { gravity: 9.81 } },
      'There is no pre-training parameter "gravity".',
    ],
    [
      'an unknown target parameter',
      { targetTask: { gravity: 9.81 } },
      'There is no target parameter "gravity".',
    ],
    [
      'a target goal in lava',
      { targetTask: { goal: [3.5, 2.5] } },
      'The target parameter goal is not valid: The goal must lie on a free cell of the map.',
    ],
    [
      'a map that the inherited goal does not fit',
      { pretrainTask: { map: ['...'], start: [0.5, 0.5], goal: [0.5, 2.5] } },
      'The target parameter goal is not valid: The goal must lie on a free cell of the map.',
    ],
    ['no seeds', { seeds: [] }, /^The request seeds is not valid: .*\.$/],
    ['half a step', { finetuneSteps: 0.5 }, /^The request finetuneSteps is not valid: .*\.$/],
    ['no step', { pretrainSteps: 0 }, /^The request pretrainSteps is not valid: .*\.$/],
  ]
  it.each(refused)('refuses %s in one sentence', (_, changes, message) => {
    let thrown: unknown
    try {
      planTransfer(request(changes))
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(LabError)
    expect(thrown).toEqual(sentence(expect.any(String)))
    const said = thrown instanceof Error ? thrown.message : ''
    if (typeof message === 'string') expect(said).toBe(message)
    else expect(said).toMatch(message)
    expect(said).not.toContain('\n')
  })
})

describe('settingDescriptions()', () => {
  const all = settingDescriptions()
  const find = (group: string, name: string) => all.find((item) => item.group === group && item.name === name)

  it('describes each setting and parameter once, with help that ends like a sentence', () => {
    expect(new Set(all.map(({ group, name }) => `${group}/${name}`)).size).toBe(all.length)
    for (const { group, name, help } of all)
      expect([group, name, /^[A-Z].*\.$/.test(help)]).toEqual([group, name, true])
  })

  it('gives the paper’s symbols, bounds, choices and defaults', () => {
    expect(find('sqrl', 'sqrl.epsilonSafe')).toMatchObject({
      symbol: 'ε_safe',
      unit: 'probability',
      kind: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.1,
    })
    expect(find('sqrl', 'sqrl.gammaSafe')).toMatchObject({ symbol: 'γ_safe', default: 0.7 })
    expect(find('sqrl', 'sqrl.safetyLoss')).toMatchObject({
      kind: 'choice',
      choices: ['squared', 'crossEntropy'],
    })
    expect(find('sqrl', 'sqrl.mask')).toMatchObject({ kind: 'boolean', default: true })
    expect(find('sac', 'sac.hiddenSizes')).toMatchObject({ kind: 'numbers', default: [256, 256] })
    expect(find('sac', 'sac.batchSize')).toMatchObject({ kind: 'integer', unit: 'transitions' })
    expect(find('sac', 'sac.targetEntropy')).toMatchObject({ kind: 'number', default: null })
    expect(find('drunk-spider', 'goal')).toMatchObject({ kind: 'numbers', default: [7.5, 3.5] })
    expect(find('drunk-spider', 'map')).toMatchObject({ kind: 'lines' })
    // A pair is bounded by what bounds its numbers.
    const mass = { kind: 'range', unit: 'kg', minimum: 0.005, maximum: 1, default: [0.05, 0.05] }
    expect(find('cube-rotate', 'cubeMass')).toMatchObject(mass)
  })

  it.each(environmentName.options)('names defaults that the schemas of %s take', (environment) => {
    const own = all.filter(({ group }) => !isEnvironment(group))
    const settings = Object.fromEntries(
      own.flatMap(({ name, default: value }) =>
        typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
          ? [[name, value]]
          : [],
      ),
    )
    expect(Object.keys(settings).length).toBeGreaterThan(30)
    expect(() => plan({ environment, settings })).not.toThrow()
    const parameters = all.filter(({ group }) => group === environment)
    const defaults = Object.fromEntries(parameters.map(({ name, default: value }) => [name, value]))
    expect(environmentParameters(environment).parse(defaults)).toEqual(defaults)
  })
})

describe('presetDescriptions()', () => {
  it('names each preset with the steps it plans', () => {
    const presets = presetDescriptions()
    expect(presets.map(({ environment, name }) => `${environment} ${name}`)).toEqual(
      environmentName.options.flatMap((environment) =>
        presetName.options.map((name) => `${environment} ${name}`),
      ),
    )
    for (const { environment, name, pretrainSteps, finetuneSteps, help } of presets) {
      const { pretrain, finetune } = plan({ environment, preset: name })
      expect([pretrainSteps, finetuneSteps]).toEqual([pretrain.steps, finetune.steps])
      expect(help).toMatch(/^[A-Z].*\.$/)
    }
  })
})

describe('what a preset has for fine-tuning alone', () => {
  const settingsOf = (
    pretrain: TransferRequest['settings'],
    environment: TransferRequest['environment'] = 'minitaur',
  ) => {
    const specification = plan({ environment, settings: pretrain }).pretrain
    const asked = request({ environment, pretrainedRun: 1 })
    const runs = planTransfer(asked, { checkpointId: 1, runId: 1, specification })
    return { pretrain: specification.settings, finetune: runs.at(-1)?.specification.settings }
  }

  it('holds from a pre-trained run too, but for what that run was told otherwise', () => {
    const usual = settingsOf({})
    expect(usual.pretrain).toMatchObject({ sqrl: { candidates: 50, fallback: 'safest', gammaSafe: 0.97 } })
    expect(usual.finetune).toMatchObject({
      sac: { keptTransitions: 300_000 },
      sqrl: { candidates: 250, fallback: 'alongside', gammaSafe: 0.97 },
    })
    expect(settingsOf({}, 'cube-rotate').finetune).toMatchObject({
      sac: { keptTransitions: 0 },
      sqrl: { candidates: 250, fallback: 'alongside', gammaSafe: 0.9 },
    })
    const told = settingsOf({ 'sqrl.candidates': 20, 'sqrl.gammaSafe': 0.9 })
    expect(told.finetune).toMatchObject({ sqrl: { candidates: 20, fallback: 'alongside', gammaSafe: 0.9 } })
  })
})

describe('the threshold of fine-tuning', () => {
  const source = (falseAlarmRate: number | null) => {
    const { pretrain } = plan({ settings: { 'sqrl.gammaSafe': 0.8 } })
    const sqrl = { ...Object(pretrain.settings.sqrl), falseAlarmRate }
    return { runId: 1, specification: { ...pretrain, settings: { ...pretrain.settings, sqrl } } }
  }
  const thresholdOf = (settings: TransferRequest['settings']) => {
    const runs = planTransfer(request({ pretrainedRun: 1, settings }), { checkpointId: 1, ...source(0.05) })
    return runs.at(-1)?.specification.settings.sqrl
  }

  it('is a probability where one is asked for, whatever rate the run has that it starts from', () => {
    expect(thresholdOf({})).toMatchObject({ falseAlarmRate: 0.05 })
    expect(thresholdOf({ 'sqrl.epsilonSafe': 0.02 })).toMatchObject({
      falseAlarmRate: null,
      epsilonSafe: 0.02,
    })
    expect(thresholdOf({ 'finetune.sqrl.falseAlarmRate': 0.01 })).toMatchObject({ falseAlarmRate: 0.01 })
  })

  it('is asked for in one form', () => {
    const both = { 'finetune.sqrl.epsilonSafe': 0.1, 'finetune.sqrl.falseAlarmRate': 0.01 }
    expect(() => plan({ settings: both })).toThrow(
      'Fine-tuning takes its threshold from one thing: drop finetune.sqrl.epsilonSafe or finetune.sqrl.falseAlarmRate.',
    )
  })
})
