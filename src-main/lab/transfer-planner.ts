import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { methods } from '../algorithms/registry.ts'
import type { MethodName, Phase, RunSpecification, SettingValue, Task } from '../contract/transfer.ts'
import { environmentParameters } from '../environments/registry.ts'
import { compatibilityOf } from './compatibility.ts'
import { presetFor } from './presets/registry.ts'
import type { Source } from './pretraining.ts'
import { type Problems, plainPath } from './problems.ts'
import { flatSettings, parseRecording, parseSettings, settingNames } from './settings.ts'
import type { SettledRequest } from './sweeps.ts'

/** What one combination of values asks for, before seeds. */
export interface Combination {
  tasks: Readonly<Record<Phase, Task | null>>
  methods: { first: RunSpecification; second: RunSpecification }[]
}

/** Settles tasks and settings of one combination, and names what is wrong in them. */
export class Planner {
  readonly #request: SettledRequest
  readonly #source: Source | null
  readonly #problems: Problems
  readonly #split: { phase: Phase | null; name: string; value: SettingValue }[]

  constructor(request: SettledRequest, source: Source | null, problems: Problems) {
    this.#request = request
    this.#source = source
    this.#problems = problems
    this.#split = Object.entries(request.settings).map(([name, value]) => ({ ...splitPhase(name), value }))
  }

  run(): Combination {
    this.#checkNames()
    const source = this.#source
    if (source && source.specification.task.environment !== this.#request.environment) {
      const sentence = `Run ${source.runId} was pre-trained on ${source.specification.task.environment}; a transfer stays within one environment.`
      this.#problems.add({ path: ['environment'], message: sentence, sentence })
      return { methods: [], tasks: { pretrain: null, finetune: null } }
    }
    const pretrain = source ? source.specification.task : this.#resolveTask('pretrain')
    const finetune = this.#resolveTask('finetune')
    const tasks = { pretrain, finetune }
    if (!pretrain || !finetune) {
      for (const method of this.#methods)
        for (const phase of ['pretrain', 'finetune'] as const) this.#resolveSettings(method, phase)
      return { methods: [], tasks }
    }
    const specify = (method: MethodName, phase: Phase) =>
      this.#specify(method, phase, phase === 'pretrain' ? pretrain : finetune)
    const combination = this.#methods.flatMap((method) => {
      const first = source ? source.specification : specify(methods[method].startsFrom[0], 'pretrain')
      const second = specify(method, 'finetune')
      if (!first || !second) return []
      this.#checkCompatibility(method, first, second)
      return [{ first, second }]
    })
    return { methods: combination, tasks }
  }

  get #methods(): MethodName[] {
    return [...new Set(this.#request.methods)]
  }

  #checkNames(): void {
    const known = settingNames()
    for (const asked of Object.keys(this.#request.settings)) {
      const { name } = splitPhase(asked)
      if (known.has(name)) continue
      const sentence = `There is no setting "${name}". Settings are written with their group, such as sqrl.epsilonSafe or sac.learningRate.`
      this.#problems.add({ path: ['settings', asked], message: sentence, sentence })
    }
    const own = 'finetune.sqrl.epsilonSafe'
    const rate = ['finetune.sqrl.falseAlarmRate', 'sqrl.falseAlarmRate'].find(
      (name) => name in this.#request.settings,
    )
    if (own in this.#request.settings && rate !== undefined) {
      const sentence = `Fine-tuning takes its threshold from one thing: drop ${own} or ${rate}.`
      this.#problems.add({ path: ['settings', own], message: sentence, sentence })
    }
  }

  #checkCompatibility(method: MethodName, first: RunSpecification, second: RunSpecification): void {
    for (const { verdict, explanation, path } of compatibilityOf(method, first, second).findings)
      if (verdict === 'refused')
        this.#problems.add({ path: [...path], message: explanation, sentence: explanation })
  }

  /**
   * A parameter that the pre-training task changes holds for the target too, unless the target names it. What the preset's target changes
   * is its own.
   */
  #resolveTask(phase: Phase): Task | null {
    const { environment, pretrainTask, targetTask } = this.#request
    const { task: preset, ownTask } = presetFor(this.#request.preset, environment, phase)
    const inherited = this.#source ? this.#source.specification.task.parameters : pretrainTask
    const asked = phase === 'pretrain' ? pretrainTask : { ...inherited, ...targetTask }
    const own = Object.fromEntries(Object.entries(ownTask).filter(([name]) => !(name in targetTask)))
    const parsed = environmentParameters(environment).safeParse({ ...preset, ...asked, ...own })
    if (parsed.success) return { environment, parameters: z.record(z.string(), z.json()).parse(parsed.data) }
    const ownPath = phase === 'pretrain' ? 'pretrainTask' : 'targetTask'
    this.#problems.addIssues(
      phase === 'pretrain' ? 'pre-training parameter' : 'target parameter',
      parsed.error.issues,
      ([name = '', ...rest]) => {
        const isInherited =
          phase === 'finetune' && String(name) in pretrainTask && !(String(name) in { ...targetTask, ...own })
        return [isInherited ? 'pretrainTask' : ownPath, String(name), ...plainPath(rest)]
      },
    )
    return null
  }

  /** Null where something is wrong. */
  #specify(method: MethodName, phase: Phase, task: Task): RunSpecification | null {
    const { preset: presetName, environment, pretrainSteps, finetuneSteps } = this.#request
    const preset = presetFor(presetName, environment, phase)
    const settings = this.#resolveSettings(method, phase)
    if (!settings) return null
    const { recording } = settings
    return {
      method,
      phase,
      seed: 0,
      task,
      steps: (phase === 'pretrain' ? pretrainSteps : finetuneSteps) ?? preset.steps,
      settings: settings.settings,
      recording: {
        checkpointEvery: recording.checkpointEvery ?? preset.checkpointEvery,
        metricsEvery: recording.metricsEvery ?? preset.metricsEvery,
        failureFramesLimit: recording.failureFramesLimit ?? null,
        ...(recording.evaluationEvery === undefined
          ? {}
          : {
              evaluation: { every: recording.evaluationEvery, episodes: recording.evaluationEpisodes ?? 10 },
            }),
        ...(recording.failureBudget === undefined ? {} : { failureBudget: recording.failureBudget }),
      },
    }
  }

  #resolveSettings(method: MethodName, phase: Phase) {
    const asked = this.#settingsFor(phase)
    const preset = presetFor(this.#request.preset, this.#request.environment, phase).settings
    const base = { ...preset, ...this.#inheritedSettings() }
    // A threshold asked for as a probability is meant, whatever rate the preset or the run has.
    if ('sqrl.epsilonSafe' in asked) delete base['sqrl.falseAlarmRate']
    const settings = parseSettings(method, { ...base, ...asked })
    const recording = parseRecording({ ...preset, ...asked })
    for (const result of [settings, recording]) {
      if (result.success) continue
      this.#problems.addIssues('setting', result.error.issues, ([group = '', key = '', ...rest]) => {
        const name = `${String(group)}.${String(key)}`
        const prefixed = `${phase}.${name}`
        return ['settings', prefixed in this.#request.settings ? prefixed : name, ...plainPath(rest)]
      })
    }
    if (!settings.success || !recording.success) return null
    return {
      settings: z.record(z.string(), z.json()).parse(settings.data),
      recording: recording.data.recording,
    }
  }

  /** Settings of the request for one phase, those that name the phase last. */
  #settingsFor(phase: Phase): Record<string, SettingValue> {
    const pick = (wanted: Phase | null) =>
      this.#split.filter((item) => item.phase === wanted).map(({ name, value }) => [name, value])
    return Object.fromEntries([...pick(null), ...pick(phase)])
  }

  /**
   * What a run that is started from settles for its fine-tuning. Where its episodes started was for pre-training alone, and what it has as the preset has it for
   * pre-training gives way to what the preset has for fine-tuning.
   */
  #inheritedSettings(): Record<string, SettingValue> {
    if (!this.#source) return {}
    const { method, settings, task } = this.#source.specification
    const preset = presetFor(this.#request.preset, task.environment, 'pretrain').settings
    const usual = flatSettings(parseSettings(method, preset).data ?? {})
    return Object.fromEntries(
      [...flatSettings(settings)].flatMap(([name, value]) =>
        value === null || name.startsWith('training.') || isDeepStrictEqual(value, usual.get(name))
          ? []
          : [[name, value]],
      ),
    )
  }
}

function splitPhase(name: string): { phase: Phase | null; name: string } {
  const [first = '', ...rest] = name.split('.')
  return first === 'pretrain' || first === 'finetune'
    ? { phase: first, name: rest.join('.') }
    : { phase: null, name }
}
