import { isSeveral, type SettingValue, type SweepableValue } from '../contract/setting-values.ts'
import { labCommand } from './lab-command.ts'
import type { Request } from './transfer.ts'

/** Words of the command line that asks for the same transfer. */
export function transferArguments(request: Request, labFolder: string): string[] {
  const { pretrainTask, targetTask, settings } = request
  const assignments = (option: string, values: Readonly<Record<string, SweepableValue>>) =>
    Object.entries(values).flatMap(([name, value]) => [option, `${name}=${write(value)}`])
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [name, String(value)]
  return [
    'transfer',
    ...option('--environment', request.environment),
    ...option('--methods', request.methods.join(',')),
    ...option('--seeds', request.seeds.join(',')),
    ...option('--preset', request.preset),
    ...option('--name', request.name),
    ...option('--pretrained', request.pretrained),
    ...option('--pretrained-run', request.pretrainedRun),
    ...option('--checkpoint', request.checkpoint),
    ...option('--pretrain-steps', request.pretrainSteps),
    ...option('--finetune-steps', request.finetuneSteps),
    ...assignments('--pretrain', pretrainTask),
    ...assignments('--target', targetTask),
    ...assignments('--set', settings),
    ...option('--draws', request.draws?.count),
    ...option('--draw-seed', request.draws?.seed),
    ...option('--lab', labFolder),
  ]
}

/** Several values by commas, or by semicolons where they are lists themselves; bounds with two dots between them. */
function write(value: SweepableValue): string {
  if (!isSeveral(value)) return writeValue(value)
  if ('uniform' in value) return `uniform:${value.uniform.join('..')}`
  if ('logUniform' in value) return `loguniform:${value.logUniform.join('..')}`
  return `each:${value.each.map(writeValue).join(value.each.some(Array.isArray) ? ';' : ',')}`
}

/** As the command line takes it: lists of numbers by commas, the rows of a map by slashes. */
function writeValue(value: SettingValue): string {
  if (!Array.isArray(value)) return String(value)
  return value.join(value.some((entry) => typeof entry === 'string') ? '/' : ',')
}

/** The whole command. */
export const transferCommand = (request: Request, labFolder: string, platform = process.platform): string =>
  labCommand(transferArguments(request, labFolder), platform)
