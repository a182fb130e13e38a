import type { SettingValue } from '../contract/transfer.ts'
import type { Request } from './transfer.ts'

/** Words of the command line that asks for the same transfer. */
export function transferArguments(request: Request, labFolder: string): string[] {
  const { pretrainTask, targetTask, settings } = request
  const assignments = (option: string, values: Readonly<Record<string, SettingValue>>) =>
    Object.entries(values).flatMap(([name, value]) => [option, `${name}=${writeValue(value)}`])
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
    ...option('--lab', labFolder),
  ]
}

/** As the command line takes it: lists of numbers by commas, the rows of a map by slashes. */
function writeValue(value: SettingValue): string {
  if (!Array.isArray(value)) return String(value)
  return value.join(value.some((entry) => typeof entry === 'string') ? '/' : ',')
}

/** The whole command, each word quoted where the shell of the platform would change it. */
export function transferCommand(request: Request, labFolder: string, platform = process.platform): string {
  const quote = platform === 'win32' ? quoteForWindows : quoteForPosix
  return ['npm run --silent lab --', ...transferArguments(request, labFolder).map(quote)].join(' ')
}

const PLAIN = /^[\w@%+=:,./-]+$/

export function quoteForPosix(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** For cmd and PowerShell, as far as both agree. */
function quoteForWindows(word: string): string {
  return PLAIN.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`
}
