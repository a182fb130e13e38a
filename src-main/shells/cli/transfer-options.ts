import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import {
  environmentName,
  methodName,
  presetName,
  type SettingValue,
  type TransferRequest,
} from '../../contract/transfer.ts'
import { LabError } from '../../lab/errors.ts'
import { targetDescriptions } from '../../lab/presets/registry.ts'
import { checkTransfer } from '../../lab/transfer.ts'
import { parseAssignments, parseInteger } from './values.ts'

const integer = (option: string) => (text: string) => parseInteger(option, text)
const integers = (option: string) => (text: string) =>
  text.split(',').map((part) => parseInteger(option, part, 0))
const collect = (value: string, previous: string[]) => [...previous, value]

function choice<T extends z.ZodEnum>(option: string, schema: T) {
  return (text: string): z.output<T> => {
    const parsed = schema.safeParse(text)
    if (!parsed.success)
      throw new LabError('INVALID', `${option} is one of ${schema.options.join(', ')}, not "${text}".`)
    return parsed.data
  }
}

/** Everything that a transfer can be asked for on the command line. */
export function transferOptions(command: Command): Command {
  return command
    .option('--file <path>', 'a request in JSON; what else stands on the command line goes before it')
    .option(
      '--environment <name>',
      environmentName.options.join(', '),
      choice('--environment', environmentName),
    )
    .option('--methods <names>', `any of ${methodName.options.join(', ')}, by commas`, (text) =>
      text.split(',').map(choice('--methods', methodName)),
    )
    .option('--seeds <numbers>', 'by commas', integers('--seeds'))
    .option('--name <text>', 'name of the experiment')
    .option('--preset <name>', presetName.options.join(', '), choice('--preset', presetName))
    .option(
      '--pretrained <experiment>',
      'start from the pre-training runs of this experiment',
      integer('--pretrained'),
    )
    .option(
      '--pretrained-run <run>',
      'start every fine-tuning from this finished pre-training run',
      integer('--pretrained-run'),
    )
    .option(
      '--checkpoint <id>',
      'start every fine-tuning from this checkpoint of a pre-training run',
      integer('--checkpoint'),
    )
    .option('--pretrain-steps <number>', 'policy steps of pre-training', integer('--pretrain-steps'))
    .option('--finetune-steps <number>', 'policy steps of fine-tuning', integer('--finetune-steps'))
    .option(
      '--pretrain <name=value>',
      'parameter of the pre-training task; holds for the target too',
      collect,
      [],
    )
    .option(
      '--target <name[=value]>',
      `parameter of the target task, or a target of the paper: ${targetNames()}`,
      collect,
      [],
    )
    .option(
      '--set <name=value>',
      'setting, such as sqrl.epsilonSafe=0.1; prefix pretrain. or finetune. for one phase; several values: each:0.1,0.2 or uniform:0.1..0.5 or loguniform:1e-4..1e-3',
      collect,
      [],
    )
    .option('--draws <number>', 'how many times the drawn values are drawn', integer('--draws'))
    .option('--draw-seed <number>', 'seed of the draws, 0 by default', (text) =>
      parseInteger('--draw-seed', text, 0),
    )
}

const given = z.object({
  file: z.string().optional(),
  set: z.array(z.string()),
  pretrain: z.array(z.string()),
  target: z.array(z.string()),
  draws: z.number().optional(),
  drawSeed: z.number().optional(),
})

/** Options that a transfer cannot do without, unless a file has them. */
const needed = ['environment', 'methods', 'seeds'] as const

/**
 * The request that the options, and the file they may name, ask for.
 * @throws LabError naming what is missing or wrong.
 */
export async function readTransferRequest(options: Record<string, unknown>): Promise<TransferRequest> {
  const { file, set, pretrain, target, draws: count, drawSeed: seed } = given.parse(options)
  const plain = Object.fromEntries(Object.entries(options).filter(([name]) => !(name in given.shape)))
  const fromFile = file === undefined ? {} : await readRequestFile(file)
  for (const name of needed)
    if (plain[name] === undefined && fromFile[name] === undefined)
      throw new LabError('INVALID', `transfer needs --${name}, or a file that names it with --file.`)
  const environment = plain.environment ?? fromFile.environment
  const isParameter = (item: { group: string }) => item.group === environment
  const merge = (name: string, values: object) => {
    const own = record.safeParse(fromFile[name] ?? {})
    return own.success ? { ...own.data, ...values } : fromFile[name]
  }
  const drawn = Object.entries({ count, seed }).filter(([, value]) => value !== undefined)
  const request = {
    ...fromFile,
    ...plain,
    ...(drawn.length === 0 ? {} : { draws: merge('draws', Object.fromEntries(drawn)) }),
    pretrainTask: merge('pretrainTask', parseAssignments('--pretrain', pretrain, isParameter)),
    targetTask: merge('targetTask', {
      ...namedTargets(
        target.filter((word) => !word.includes('=')),
        environment,
      ),
      ...parseAssignments(
        '--target',
        target.filter((word) => word.includes('=')),
        isParameter,
      ),
    }),
    settings: merge(
      'settings',
      parseAssignments('--set', set, (item) => !isParameter(item)),
    ),
  }
  const checked = checkTransfer(request, () => null)
  if (checked.request === null)
    throw new LabError('INVALID', checked.problems[0]?.sentence ?? 'The request is not valid.')
  return checked.request
}

const targetNames = () =>
  targetDescriptions()
    .map(({ environment, name }) => `${name} (${environment})`)
    .join(', ')

/** Named target tasks as what they change. */
function namedTargets(names: readonly string[], environment: unknown): Record<string, SettingValue> {
  const known = targetDescriptions().filter((target) => target.environment === environment)
  const tasks = names.map((name) => {
    const target = known.find((entry) => entry.name === name)
    if (!target)
      throw new LabError(
        'INVALID',
        `--target takes name=value or one of ${known.map((entry) => entry.name).join(', ')}, not "${name}".`,
      )
    return target.targetTask
  })
  return Object.assign({}, ...tasks)
}

const record = z.record(z.string(), z.unknown())

async function readRequestFile(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new LabError('NOT_FOUND', `The file ${path} could not be read.`)
  })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new LabError('INVALID', `The file ${path} is not JSON.`)
  }
  const parsed = record.safeParse(content)
  if (parsed.success) return parsed.data
  throw new LabError('INVALID', `The file ${path} holds no transfer request: it has to be one JSON object.`)
}
