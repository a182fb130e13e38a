import { z } from 'zod'
import { methods } from '../algorithms/registry.ts'
import { failureHorizon } from '../algorithms/threshold.ts'
import type { MethodName, RunSpecification } from '../contract/transfer.ts'
import type { CarriedPart, Compatibility, CompatibilityFinding } from '../contract/transfer-plan.ts'
import { environmentSizes } from '../environments/registry.ts'
import { findNetworkSettings, type NetworkSettings } from './network-settings.ts'

interface Finding extends CompatibilityFinding {
  /** Entry of the request that a refusal points at. */
  path: readonly string[]
}

const settingsSchema = z.object({
  cpo: z.object({ epsilonSafe: z.number(), costDiscount: z.number() }).optional(),
  sqrl: z
    .object({
      gammaSafe: z.number(),
      epsilonSafe: z.number(),
      safetyTraining: z.string(),
      initialMultiplier: z.number(),
    })
    .optional(),
})
type Settings = z.infer<typeof settingsSchema>

/** Whether the networks of a pre-training fit the fine-tuning of `method`, and mean there what they meant. */
export function compatibilityOf(
  method: MethodName,
  pretrain: RunSpecification,
  finetune: RunSpecification,
): Omit<Compatibility, 'findings'> & { findings: Finding[] } {
  const before = settingsSchema.safeParse(pretrain.settings)
  const after = settingsSchema.safeParse(finetune.settings)
  const had = findNetworkSettings(pretrain.settings)
  const asked = findNetworkSettings(finetune.settings)
  if (!before.success || !after.success || !had || !asked) return { method, findings: [], parts: [] }
  const findings = [
    ...compareTasks(pretrain, finetune),
    ...compareMethods(method, pretrain, finetune),
    ...compareNetworks(had, asked),
    ...compareCosts(before.data, after.data),
    ...compareCritics(method, before.data, after.data),
  ]
  return { method, findings, parts: partsOf(before.data, after.data) }
}

function compareTasks(pretrain: RunSpecification, finetune: RunSpecification): Finding[] {
  const sizes = ({ task }: RunSpecification) => {
    const { observationSize, actionSize, pastSteps } = environmentSizes(task)
    const history = pastSteps === 0 ? 'of the present step' : `of the present and ${pastSteps} past steps`
    return { observation: `${observationSize} numbers`, history, action: `${actionSize} numbers` }
  }
  const from = sizes(pretrain)
  const to = sizes(finetune)
  const shape = (subject: string, a: string, b: string): Finding => ({
    subject,
    pretraining: a,
    target: b,
    verdict: a === b ? 'same' : 'refused',
    explanation:
      a === b
        ? 'The networks fit.'
        : `The target has another ${subject.toLowerCase()} than the pre-training task, and its networks do not fit.`,
    path: ['targetTask'],
  })
  const names = Object.keys({ ...pretrain.task.parameters, ...finetune.task.parameters })
  const changed = names.filter(
    (name) => !same(pretrain.task.parameters[name], finetune.task.parameters[name]),
  )
  return [
    {
      subject: 'Environment',
      pretraining: pretrain.task.environment,
      target: finetune.task.environment,
      verdict: 'same',
      explanation: 'Failure means the same in both tasks: the environment’s own indicator I(s).',
      path: ['environment'],
    },
    shape('Observation', from.observation, to.observation),
    shape('History', from.history, to.history),
    shape('Action', from.action, to.action),
    {
      subject: 'Task',
      pretraining:
        changed.length === 0 ? 'as the target' : changed.map((name) => show(name, pretrain)).join(', '),
      target:
        changed.length === 0 ? 'as in pre-training' : changed.map((name) => show(name, finetune)).join(', '),
      verdict: changed.length === 0 ? 'same' : 'differs',
      explanation:
        changed.length === 0
          ? 'Both tasks are alike: this continues the training rather than transfers it.'
          : 'Allowed: this is what is transferred to. Q_safe was learnt on the pre-training task alone.',
      path: ['targetTask'],
    },
  ]
}

function show(name: string, { task }: RunSpecification): string {
  const value = task.parameters[name]
  const isText = Array.isArray(value) && value.every((entry) => typeof entry === 'string')
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return isText ? `another ${words}` : `${words} ${Array.isArray(value) ? value.join(', ') : String(value)}`
}

function compareNetworks(before: NetworkSettings, after: NetworkSettings): Finding[] {
  const sizes = ({ hiddenSizes }: NetworkSettings) => hiddenSizes.join(', ')
  const fits = sizes(before) === sizes(after)
  const sameScale = before.rewardScale === after.rewardScale
  const scales = ({ rewardScale }: NetworkSettings) =>
    rewardScale === 1 ? 'none' : `rewards times ${rewardScale}, observations as they are`
  const sameDiscount = before.discount === after.discount
  return [
    {
      subject: 'Hidden layers',
      pretraining: sizes(before),
      target: sizes(after),
      verdict: fits ? 'same' : 'refused',
      explanation: fits
        ? 'The networks have the same sizes.'
        : `The pre-trained networks have hidden layers of ${sizes(before)} units, and fine-tuning asks for ${sizes(after)}.`,
      path: ['settings', `${after.group}.hiddenSizes`],
    },
    {
      subject: 'Normalisation',
      pretraining: scales(before),
      target: scales(after),
      verdict: sameScale ? 'same' : 'refused',
      explanation: sameScale
        ? 'The networks see the numbers that they learnt from.'
        : `The critics learnt from rewards times ${before.rewardScale}, and fine-tuning asks for rewards times ${after.rewardScale}: their values and the temperature would mean something else. Ask for the same in both phases.`,
      path: ['settings', 'sac.rewardScale'],
    },
    {
      subject: 'Discount γ',
      pretraining: String(before.discount),
      target: String(after.discount),
      verdict: sameDiscount ? 'same' : 'differs',
      explanation: sameDiscount
        ? 'The critics value returns as before.'
        : 'Allowed, but the critics begin with the values of the other discount and have to learn anew.',
      path: ['settings', `${after.group}.discount`],
    },
  ]
}

/** Of CPO: what its limit is on. */
function compareCosts({ cpo: before }: Settings, { cpo: after }: Settings): Finding[] {
  if (!before || !after) return []
  const sameDiscount = before.costDiscount === after.costDiscount
  const sameLimit = before.epsilonSafe === after.epsilonSafe
  return [
    {
      subject: 'Cost discount γ_C',
      pretraining: String(before.costDiscount),
      target: String(after.costDiscount),
      verdict: sameDiscount ? 'same' : 'differs',
      explanation: sameDiscount
        ? 'The failure cost means the same.'
        : 'Allowed, but the cost’s value network begins with the values of the other discount and has to learn anew.',
      path: ['settings', 'cpo.costDiscount'],
    },
    {
      subject: 'Cost limit d',
      pretraining: String(before.epsilonSafe),
      target: String(after.epsilonSafe),
      verdict: sameLimit ? 'same' : 'differs',
      explanation: sameLimit
        ? 'The policy starts under the limit that it was trained to keep.'
        : 'Allowed: the first updates lead the policy to the new limit.',
      path: ['settings', 'cpo.epsilonSafe'],
    },
  ]
}

/** Whether the networks of one method are what the other starts with; a safety critic that is missing is said apart. */
function compareMethods(
  method: MethodName,
  pretrain: RunSpecification,
  finetune: RunSpecification,
): Finding[] {
  const fits = methods[method].startsFrom.some((name) => name === pretrain.method)
  const [had, asked] = [ensembleSizeOf(pretrain), ensembleSizeOf(finetune)]
  if (fits && had === asked) return []
  if (!fits && 'sqrl' in finetune.settings && !('sqrl' in pretrain.settings)) return []
  const finding = { subject: 'Critics', verdict: 'refused' } as const
  if (fits)
    return [
      {
        ...finding,
        pretraining: String(had),
        target: String(asked),
        explanation: `There are ${had} pre-trained critics, and fine-tuning asks for ${asked}.`,
        path: ['settings', 'esac.ensembleSize'],
      },
    ]
  return [
    {
      ...finding,
      pretraining: pretrain.method,
      target: method,
      explanation: `The critics of ${pretrain.method} are not those of ${method}. Start from a run of ${methods[method].startsFrom.join(' or ')}, or leave ${method} out.`,
      path: ['methods'],
    },
  ]
}

const ensembleSizeOf = ({ settings }: RunSpecification): number | undefined =>
  z.object({ ensembleSize: z.int() }).safeParse(settings.esac).data?.ensembleSize

function compareCritics(method: MethodName, before: Settings, after: Settings): Finding[] {
  if (!after.sqrl) return []
  if (!before.sqrl)
    return [
      {
        subject: 'Safety critic',
        pretraining: 'none',
        target: 'needed',
        verdict: 'refused',
        explanation: `The pre-training has no safety critic, and ${method} cannot start without one. Start from a run of sqrl, or leave ${method} out.`,
        path: ['methods'],
      },
    ]
  const sameMeaning = before.sqrl.gammaSafe === after.sqrl.gammaSafe
  const sameThreshold = before.sqrl.epsilonSafe === after.sqrl.epsilonSafe
  return [
    {
      subject: 'γ_safe',
      pretraining: `${before.sqrl.gammaSafe} (${failureHorizon(before.sqrl.gammaSafe)} steps)`,
      target: `${after.sqrl.gammaSafe} (${failureHorizon(after.sqrl.gammaSafe)} steps)`,
      verdict: sameMeaning ? 'same' : 'refused',
      explanation: sameMeaning
        ? 'Q_safe means the same: a failure counts less the further ahead it is, and hardly beyond this horizon.'
        : `Q_safe was learnt with γ_safe ${before.sqrl.gammaSafe}, so under ${after.sqrl.gammaSafe} its numbers would mean something else. Ask for the same in both phases.`,
      path: ['settings', 'sqrl.gammaSafe'],
    },
    {
      subject: 'ε_safe',
      pretraining: String(before.sqrl.epsilonSafe),
      target: String(after.sqrl.epsilonSafe),
      verdict: sameThreshold ? 'same' : 'differs',
      explanation: sameThreshold
        ? 'The mask refuses what it refused in the safety rollouts.'
        : 'Allowed: the safety critic does not depend on the threshold, only the rollouts it learnt from did.',
      path: ['settings', 'sqrl.epsilonSafe'],
    },
  ]
}

function partsOf(before: Settings, after: Settings): CarriedPart[] {
  const part = (name: string, carries: boolean, explanation: string) => ({ part: name, carries, explanation })
  const safety = after.sqrl
    ? [
        part(
          'Safety critic',
          true,
          after.sqrl.safetyTraining === 'online'
            ? 'Goes on learning on the target task.'
            : 'Frozen: it judges, but learns no more.',
        ),
        part('Safety multiplier ν', false, `Starts at ${after.sqrl.initialMultiplier}.`),
        part('D_safe', false, 'Starts empty.'),
      ]
    : before.sqrl
      ? [part('Safety critic', false, 'This method has none; it stays behind.')]
      : []
  const policy = part('Policy', true, 'Acts from the first step as it did at the end of pre-training.')
  const optimisers = part('Optimisers', false, 'Adam starts anew.')
  if (after.cpo)
    return [
      policy,
      part(
        'Value networks',
        true,
        'Of the return and of the failure cost, with the values of the pre-training task.',
      ),
      part('Unfinished batch', false, 'Starts empty: every update learns from the target task alone.'),
      optimisers,
    ]
  return [
    policy,
    part('Critics and their targets', true, 'With the values of the pre-training task.'),
    part('Temperature α', true, 'As it was learnt.'),
    ...safety,
    part('D_offline', false, 'Starts empty, so that no transition of the pre-training task is learnt from.'),
    optimisers,
  ]
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
