import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { methods } from '../algorithms/registry.ts'
import {
  type MethodName,
  type Phase,
  type RunSpecification,
  type SettingValue,
  type Task,
  type TransferRequest,
  transferRequest,
} from '../contract/transfer.ts'
import type { SweepSummary, TransferProblem } from '../contract/transfer-plan.ts'
import { environmentParameters } from '../environments/registry.ts'
import { compatibilityOf } from './compatibility.ts'
import { LabError } from './errors.ts'
import type { PlannedRun } from './experiments.ts'
import { presetFor } from './presets/registry.ts'
import { type Source, sourceKey } from './pretraining.ts'
import { Problems } from './problems.ts'
import { flatSettings, parseRecording, parseSettings, settingNames } from './settings.ts'
import { type SettledRequest, spreadOut } from './sweeps.ts'

export type Request = z.output<typeof transferRequest>

export interface CheckedTransfer {
  problems: TransferProblem[]
  /** Null while there are problems with the request itself. */
  request: Request | null
  /** Empty while there are problems. */
  plan: PlannedRun[]
  /** Of the first combination. */
  tasks: Readonly<Record<Phase, Task | null>>
  /** Null where every setting has one value. */
  sweep: SweepSummary | null
}

/**
 * The runs of a transfer: for each method and seed a pre-training run (of its own, or of the method that it starts from) and the fine-tuning run
 * that starts from it, or the fine-tuning runs alone where they start from one source; in a sweep, these for each combination of values. Runs that would be alike are one run, so that
 * combinations which ask for the same pre-training share it. Nothing is written.
 * @throws LabError `INVALID` naming what is wrong in the request.
 */
export function planTransfer(input: TransferRequest, source: Source | null = null): PlannedRun[] {
  const { problems, plan } = checkTransfer(input, () => source)
  if (problems[0]) throw new LabError('INVALID', problems[0].sentence)
  return plan
}

/**
 * Everything that is wrong with a request, and its plan where nothing is.
 * @param findSource may throw a LabError, which becomes a problem.
 */
export function checkTransfer(
  input: unknown,
  findSource: (request: Request) => Source | null,
): CheckedTransfer {
  const parsed = transferRequest.safeParse(input)
  const problems = new Problems()
  const nothing = { plan: [], tasks: { pretrain: null, finetune: null }, sweep: null }
  if (!parsed.success) {
    problems.addIssues('request', parsed.error.issues, plainPath)
    return { problems: problems.list, request: null, ...nothing }
  }
  const request = parsed.data
  try {
    const source = findSource(request)
    const { requests, summary } = spreadOut(request, problems)
    const planners = requests.map((settled) => new Planner(settled, source, problems))
    const combinations = planners.map((planner) => planner.run())
    const tasks = combinations[0]?.tasks ?? nothing.tasks
    const plan = problems.none ? planRuns(request, source, combinations) : []
    return { problems: problems.list, request, plan, tasks, sweep: problems.none ? summary : null }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    const path = request.checkpoint === undefined ? 'pretrainedRun' : 'checkpoint'
    problems.add({ path: [path], message: error.message, sentence: error.message })
    return { problems: problems.list, request, ...nothing }
  }
}

/** What one combination of values asks for, before seeds. */
interface Combination {
  tasks: CheckedTransfer['tasks']
  methods: { first: RunSpecification; second: RunSpecification }[]
}

/** The runs of all combinations, seed by seed, each of them once and behind the one that it starts from. */
function planRuns(
  request: Request,
  source: Source | null,
  combinations: readonly Combination[],
): PlannedRun[] {
  const plan = new Map<string, PlannedRun>()
  const variants = new Map<string, string>()
  const counts = new Map<string, number>()
  /** The same for specifications that are alike, and for no others. */
  const keyOf = (specification: RunSpecification, startsFrom: string): string => {
    const { method, phase } = specification
    const text = JSON.stringify([specification, startsFrom])
    const known = variants.get(text)
    if (known !== undefined) return known
    const number = (counts.get(`${method} ${phase}`) ?? 0) + 1
    counts.set(`${method} ${phase}`, number)
    const key = number === 1 ? phase : `${phase} ${number}`
    variants.set(text, key)
    return key
  }
  const add = (run: PlannedRun): void => void (plan.has(run.key) || plan.set(run.key, run))
  if (source) add({ key: sourceKey, startsFrom: null, specification: source.specification })
  for (const seed of new Set(request.seeds))
    for (const { methods } of combinations)
      for (const { first, second } of methods) {
        const { method } = second
        const variant = source ? sourceKey : keyOf(first, '')
        const startsFrom = source ? sourceKey : `${first.method} ${seed} ${variant}`
        if (!source) add({ key: startsFrom, startsFrom: null, specification: { ...first, seed } })
        const key = `${method} ${seed} ${keyOf(second, variant)}`
        add({ key, startsFrom, specification: { ...second, seed } })
      }
  return [...plan.values()]
}

class Planner {
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

const plainPath = (path: readonly PropertyKey[]): (string | number)[] =>
  path.map((part) => (typeof part === 'number' ? part : String(part)))

function splitPhase(name: string): { phase: Phase | null; name: string } {
  const [first = '', ...rest] = name.split('.')
  return first === 'pretrain' || first === 'finetune'
    ? { phase: first, name: rest.join('.') }
    : { phase: null, name }
}
