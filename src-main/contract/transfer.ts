import { z } from 'zod'
import { id, seed, stepCount } from './numbers.ts'
import { draws, faultOf, isSeveral, sweepableValue } from './setting-values.ts'

export const environmentName = z.enum(['drunk-spider', 'minitaur', 'cube-rotate'])
export type EnvironmentName = z.infer<typeof environmentName>

export const methodName = z.enum(['sqrl', 'sac', 'esac', 'wcpg', 'cpo', 'rs'])
export type MethodName = z.infer<typeof methodName>

export const phase = z.enum(['pretrain', 'finetune'])
export type Phase = z.infer<typeof phase>

export const presetName = z.enum(['quick', 'study', 'paper'])
export type PresetName = z.infer<typeof presetName>

export { type SettingValue, settingValue } from './setting-values.ts'

/** Entries of a request that name what it starts from, instead of pre-training anew; at most one of them. */
export const startNames = ['pretrained', 'pretrainedRun', 'checkpoint'] as const

/** Entries of a request whose values may be several, to be tried one after the other. */
export const sweptEntries = ['pretrainTask', 'targetTask', 'settings'] as const

/**
 * What a user asks for when a pretrain-to-target transfer starts. Everything left out comes from the preset, or, where one run or checkpoint
 * is started from, from that run.
 */
export const transferRequest = z
  .strictObject({
    name: z.string().trim().min(1).max(120).optional(),
    environment: environmentName,
    methods: z.array(methodName).min(1),
    seeds: z.array(seed).min(1).max(100),
    preset: presetName.default('quick'),
    /** An experiment whose finished pre-training runs are started from, each by its method and seed. */
    pretrained: id.optional(),
    /** A finished pre-training run that every fine-tuning run starts from. */
    pretrainedRun: id.optional(),
    /** A checkpoint of a pre-training run that every fine-tuning run starts from. */
    checkpoint: id.optional(),
    pretrainSteps: stepCount.optional(),
    finetuneSteps: stepCount.optional(),
    /** Environment parameters of the pre-training task that differ from the preset, by name. */
    pretrainTask: z.record(z.string(), sweepableValue).default({}),
    /** Environment parameters of the target task that differ from the preset, by name. */
    targetTask: z.record(z.string(), sweepableValue).default({}),
    /** Settings by dotted name, such as `sqrl.epsilonSafe`; a name prefixed with `pretrain.` or `finetune.` holds for that phase alone. */
    settings: z.record(z.string(), sweepableValue).default({}),
    /** Needed where a value is to be drawn. */
    draws: draws.optional(),
  })
  .check(({ value, issues }) => {
    const report = (path: string, message: string) =>
      issues.push({ code: 'custom', message, path: [path], input: value })
    let isDrawn = false
    for (const entry of sweptEntries)
      for (const [name, several] of Object.entries(value[entry])) {
        if (!isSeveral(several)) continue
        isDrawn ||= !('each' in several)
        const message = faultOf(several)
        if (message !== null) issues.push({ code: 'custom', message, path: [entry, name], input: several })
      }
    if (isDrawn && value.draws === undefined)
      report('draws', 'Values are to be drawn: say how many times, such as 8.')
    if (!isDrawn && value.draws !== undefined)
      report('draws', 'Nothing is drawn: leave the number of draws out.')
    const [first, second] = startNames.filter((name) => value[name] !== undefined)
    if (first && second) report(second, `A transfer starts from one thing: drop ${first} or ${second}.`)
    if (value.pretrainedRun === undefined && value.checkpoint === undefined) return
    const already = 'Leave it out: the pre-training that this transfer starts from is done.'
    if (value.pretrainSteps !== undefined) report('pretrainSteps', already)
    if (Object.keys(value.pretrainTask).length > 0) report('pretrainTask', already)
    for (const name of Object.keys(value.settings))
      if (name.startsWith('pretrain.'))
        issues.push({ code: 'custom', message: already, path: ['settings', name], input: value })
  })
export type TransferRequest = z.input<typeof transferRequest>

/** An environment with every parameter settled. */
export const task = z.object({
  environment: environmentName,
  parameters: z.record(z.string(), z.json()),
})
export type Task = z.infer<typeof task>

/** Everything a worker needs to know to train one run, and everything a reader needs to repeat it. */
export const runSpecification = z.object({
  method: methodName,
  phase,
  seed,
  task,
  /** Policy steps of the whole run (n_pre or n_target). */
  steps: stepCount,
  /** Settings of the method, parsed by the method's own schema. */
  settings: z.record(z.string(), z.json()),
  /** Book-keeping of the training: intervals in policy steps, how many failures keep their frames. */
  recording: z.object({
    checkpointEvery: stepCount,
    metricsEvery: stepCount,
    /** Failures of a run that keep their frames; later ones replace earlier ones by reservoir sampling. null: all. */
    failureFramesLimit: z.int().nonnegative().nullable(),
    /** Safety budget: a run that fails more often than this pauses by itself, once. Nothing: no budget. */
    failureBudget: z.int().nonnegative().nullish(),
    /** Deterministic episodes apart from training, so many at every so many policy steps. Nothing: none. */
    evaluation: z.object({ every: stepCount, episodes: z.int().positive().max(1000) }).nullish(),
  }),
})
export type RunSpecification = z.infer<typeof runSpecification>

/** How one setting or task parameter is shown and entered. A range is drawn from anew for each episode; its two numbers are its ends. */
export const settingDescription = z.object({
  name: z.string(),
  group: z.string(),
  symbol: z.string().nullable(),
  unit: z.string().nullable(),
  help: z.string(),
  kind: z.enum(['number', 'integer', 'boolean', 'choice', 'numbers', 'range', 'lines']),
  choices: z.array(z.string()).nullable(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  default: z.json(),
})
export type SettingDescription = z.infer<typeof settingDescription>

export const experiment = z.object({
  id,
  name: z.string().trim().min(1).max(120),
  createdAt: z.int(),
  request: transferRequest,
  note: z.string().max(20_000),
})
export type Experiment = z.infer<typeof experiment>
