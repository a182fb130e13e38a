import { z } from 'zod'
import { methodName, startNames } from '../contract/transfer.ts'
import type { RequestDefaults, UncheckedRequest } from '../contract/transfer-plan.ts'
import type { PlannedRun } from './experiments.ts'
import { valuesOf } from './plan-differences.ts'
import type { Source } from './pretraining.ts'
import { firstValue } from './sweeps.ts'
import { checkTransfer, type Request } from './transfer.ts'

/** What holds where the request says nothing. Of what is half typed, as much is taken as makes sense. */
export function defaultsOf(
  input: UncheckedRequest,
  findSource: (request: Request) => Source | null,
): RequestDefaults | null {
  const { environment, preset, methods } = input
  const asked = z.record(z.string(), z.unknown()).safeParse(input.pretrainTask ?? {})
  const pretrainTask = asked.success
    ? Object.fromEntries(Object.entries(asked.data).map(([name, value]) => [name, firstValue(value)]))
    : input.pretrainTask
  const [start] = startNames.filter((name) => input[name] !== undefined && name !== 'pretrained')
  const base = { environment, seeds: [0], ...(preset === undefined ? {} : { preset }) }
  const source = start ? { [start]: input[start] } : {}
  const all = { ...base, methods: methodName.options }
  const attempts = [
    { ...all, ...source, ...(start ? {} : { pretrainTask }) },
    { ...base, ...source, methods },
    all,
  ]
  for (const attempt of attempts) {
    const { plan } = checkTransfer(attempt, findSource)
    if (plan.length > 0) return summarize(plan)
  }
  return null
}

function summarize(plan: readonly PlannedRun[]): RequestDefaults {
  const pretrain = valuesOf(plan, 'pretrain')
  const finetune = valuesOf(plan, 'finetune')
  const pick = (values: ReturnType<typeof valuesOf>, place: string) =>
    Object.fromEntries(
      [...values.values()].flatMap(({ where, name, values: [value = null] }) =>
        where === place ? [[name, value]] : [],
      ),
    )
  const steps = (phase: 'pretrain' | 'finetune') =>
    plan.find(({ specification }) => specification.phase === phase)?.specification.steps ?? 1
  const before = pick(pretrain, 'settings')
  const after = pick(finetune, 'settings')
  return {
    pretrainTask: pick(pretrain, 'pretrainTask'),
    targetTask: pick(finetune, 'targetTask'),
    settings: Object.fromEntries(
      Object.keys({ ...before, ...after }).map((name) => [
        name,
        { pretrain: before[name] ?? null, finetune: after[name] ?? null },
      ]),
    ),
    pretrainSteps: steps('pretrain'),
    finetuneSteps: steps('finetune'),
  }
}
