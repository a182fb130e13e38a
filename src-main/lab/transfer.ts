import { z } from 'zod'
import {
  type MethodName,
  type Phase,
  type RunSpecification,
  type SettingValue,
  type Task,
  type TransferRequest,
  transferRequest,
} from '../contract/transfer.ts'
import { environmentParameters } from '../environments/registry.ts'
import { LabError } from './errors.ts'
import type { PlannedRun } from './experiments.ts'
import { presetFor } from './presets.ts'
import { checkSettingNames, explain, resolveRecording, resolveSettings } from './settings.ts'

type Request = z.output<typeof transferRequest>

/**
 * The runs of a transfer: for each method and seed a pre-training run and the fine-tuning run that starts from it. Nothing is written.
 * @throws LabError `INVALID` naming what is wrong in the request.
 */
export function planTransfer(input: TransferRequest): PlannedRun[] {
  const parsed = transferRequest.safeParse(input)
  if (!parsed.success) throw new LabError('INVALID', explain('request', parsed.error))
  const request = parsed.data
  checkSettingNames(Object.keys(request.settings).map((name) => splitPhase(name).name))
  const tasks = { pretrain: resolveTask(request, 'pretrain'), finetune: resolveTask(request, 'finetune') }
  return [...new Set(request.seeds)].flatMap((seed) =>
    [...new Set(request.methods)].flatMap((method) => {
      const pretrain = `${method} ${seed} pretrain`
      return [
        {
          key: pretrain,
          startsFrom: null,
          specification: specify(request, method, 'pretrain', seed, tasks.pretrain),
        },
        {
          key: `${method} ${seed} finetune`,
          startsFrom: pretrain,
          specification: specify(request, method, 'finetune', seed, tasks.finetune),
        },
      ]
    }),
  )
}

function specify(
  request: Request,
  method: MethodName,
  phase: Phase,
  seed: number,
  task: Task,
): RunSpecification {
  const preset = presetFor(request.preset, request.environment, phase)
  const asked = phase === 'pretrain' ? request.pretrainSteps : request.finetuneSteps
  const settings = settingsFor(request, phase)
  const recording = resolveRecording(settings)
  return {
    method,
    phase,
    seed,
    task,
    steps: asked ?? preset.steps,
    settings: resolveSettings(method, { ...preset.settings, ...settings }),
    recording: {
      checkpointEvery: recording.checkpointEvery ?? preset.checkpointEvery,
      metricsEvery: recording.metricsEvery ?? preset.metricsEvery,
      failureFramesLimit: recording.failureFramesLimit ?? null,
      ...(recording.failureBudget === undefined ? {} : { failureBudget: recording.failureBudget }),
    },
  }
}

/** A parameter that the pre-training task changes holds for the target too, unless the target names it. */
function resolveTask(request: Request, phase: Phase): Task {
  const { environment, pretrainTask, targetTask } = request
  const preset = presetFor(request.preset, environment, phase).task
  const asked = phase === 'pretrain' ? pretrainTask : { ...pretrainTask, ...targetTask }
  const goal = preset.goal && phase === 'finetune' && !('goal' in targetTask) ? { goal: preset.goal } : {}
  const parsed = environmentParameters(environment).safeParse({ ...preset, ...asked, ...goal })
  if (!parsed.success)
    throw new LabError(
      'INVALID',
      explain(`${phase === 'pretrain' ? 'pre-training' : 'target'} parameter`, parsed.error),
    )
  return { environment, parameters: z.record(z.string(), z.json()).parse(parsed.data) }
}

function splitPhase(name: string): { phase: Phase | null; name: string } {
  const [first = '', ...rest] = name.split('.')
  return first === 'pretrain' || first === 'finetune'
    ? { phase: first, name: rest.join('.') }
    : { phase: null, name }
}

/** Settings of the request for one phase, those that name the phase last. */
function settingsFor({ settings }: Request, phase: Phase): Record<string, SettingValue> {
  const split = Object.entries(settings).map(([name, value]) => ({ ...splitPhase(name), value }))
  const pick = (wanted: Phase | null) =>
    split.filter((item) => item.phase === wanted).map(({ name, value }) => [name, value])
  return Object.fromEntries([...pick(null), ...pick(phase)])
}
