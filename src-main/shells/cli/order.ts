import type { Thinning } from '../../contract/lab-settings.ts'
import type { RunCommand } from '../../contract/runs.ts'
import { tag } from '../../contract/runs.ts'
import { LabError } from '../../lab/errors.ts'
import type { Lab } from '../../lab/lab.ts'
import { TRASH_DAYS } from '../../lab/trash.ts'
import { withLab } from './lab-folder.ts'
import { formatBytes, formatTable, note, report } from './output.ts'
import { exitCode } from './train.ts'

/** Commands that keep a lab in order: notes, tags, names, the trash. None of them trains. */
export interface OrderOptions {
  lab: string
  json: boolean
}

const use = <T>(options: OrderOptions, work: (lab: Lab) => Promise<T> | T) =>
  withLab(options.lab, { train: false, mustExist: true }, work)

const moment = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 19)

export function showLog(id: number, options: OrderOptions): Promise<void> {
  return use(options, (lab) => {
    const log = lab.runs.log(id)
    report(options.json, log, () =>
      formatTable(
        ['when (UTC)', 'step', 'what'],
        log.map(({ at, step, text }) => [moment(at), String(step), text]),
      ),
    )
  })
}

export function noteRun(id: number, text: string, options: OrderOptions): Promise<void> {
  return use(options, (lab) => {
    const run = lab.runs.annotate(id, { note: text })
    report(options.json, run, () => `Run ${id} has the note: ${run.note}`)
  })
}

/** Does it to each run; one that is refused does not keep the others from it. */
export function commandRuns(ids: number[], command: RunCommand, options: OrderOptions): Promise<number> {
  checkTags(command)
  return use(options, async (lab) => {
    const changed: number[] = []
    const refused: { id: number; reason: string }[] = []
    for await (const progress of lab.runs.act(ids, command)) {
      changed.push(...progress.changed)
      refused.push(...progress.refused)
    }
    for (const { reason } of refused) note(reason)
    report(options.json, { changed, refused }, () => sayDone(command, changed))
    return refused.length === 0 ? exitCode.done : exitCode.failed
  })
}

function checkTags(command: RunCommand): void {
  if (command.type !== 'tag') return
  const wrong = [...command.add, ...command.remove].find((word) => !tag.safeParse(word).success)
  if (wrong !== undefined)
    throw new LabError('INVALID', `"${wrong}" is no tag: a tag is one word of at most 40 letters.`)
  if (command.add.length + command.remove.length === 0)
    throw new LabError('INVALID', 'Name tags with --add or --remove.')
}

function sayDone({ type }: RunCommand, changed: readonly number[]): string {
  if (changed.length === 0) return 'Nothing was changed.'
  const runs = `${changed.length === 1 ? 'Run' : 'Runs'} ${changed.join(', ')}`
  if (type === 'delete') return `${runs}: moved to the trash. It can be restored for ${TRASH_DAYS} days.`
  return type === 'restore' ? `${runs}: restored.` : `${runs}: changed.`
}

export function listTrash({ empty, ...options }: OrderOptions & { empty: boolean }): Promise<void> {
  return use(options, (lab) => {
    if (empty) {
      const gone = lab.emptyTrash()
      return report(
        options.json,
        gone,
        () => `Deleted for good: ${gone.runs} runs, ${gone.experiments} experiments.`,
      )
    }
    const runs = lab.runs.trash()
    report(options.json, runs, () => {
      if (runs.length === 0) return 'The trash is empty.'
      const rows = runs.map(({ id, experimentId, specification: { method, phase, seed }, deletedAt }) =>
        [id, experimentId, method, phase, seed, moment(deletedAt ?? 0)].map(String),
      )
      return formatTable(['run', 'experiment', 'method', 'phase', 'seed', 'deleted (UTC)'], rows)
    })
  })
}

export interface ThinningOptions extends OrderOptions {
  last: number
  every: number
  dryRun: boolean
}

/** Deletes checkpoints of finished runs, or says which it would. */
export function thinOut(
  runIds: readonly number[],
  { last, every, dryRun, ...options }: ThinningOptions,
): Promise<void> {
  return use(options, async (lab) => {
    const found = await lab.checkpoints.thinOut({
      rule: { keep: 'some', last, every },
      ...(runIds.length === 0 ? {} : { runIds: [...runIds] }),
      isTrial: dryRun,
    })
    report(options.json, { ...found, dryRun }, () => sayThinning(found, dryRun))
  })
}

function sayThinning({ checkpoints, runs, bytes, needed, unfinished }: Thinning, dryRun: boolean): string {
  const verb = dryRun ? 'Would delete' : 'Deleted'
  const of = `of ${runs === 1 ? '1 run' : `${runs} runs`}`
  const done = `${verb} ${checkpoints === 1 ? '1 checkpoint' : `${checkpoints} checkpoints`} ${of}, ${formatBytes(bytes)}.`
  const kept =
    needed === 0 ? '' : ` ${needed} more are kept, as other runs or marked or kept episodes need them.`
  const left = unfinished === 0 ? '' : ` Runs that have not finished keep all of theirs: ${unfinished}.`
  return `${done}${kept}${left}`
}

export function annotateExperiment(
  id: number,
  changes: { name?: string; note?: string },
  options: OrderOptions,
): Promise<void> {
  if (changes.name?.trim() === '') throw new LabError('INVALID', 'An experiment’s name is not empty.')
  return use(options, (lab) => {
    const experiment = lab.experiments.annotate(id, changes)
    const { name, note: text } = experiment
    report(options.json, experiment, () => `Experiment ${id}: ${name}${text === '' ? '' : ` (${text})`}`)
  })
}

export function deleteExperiment(
  id: number,
  { withFinetuning, ...options }: OrderOptions & { withFinetuning: boolean },
): Promise<void> {
  return use(options, (lab) => {
    const runs = lab.experiments.delete(id, withFinetuning)
    report(options.json, { runs }, () => `Experiment ${id} and ${runs.length} runs are in the trash.`)
  })
}

export function restoreExperiment(id: number, options: OrderOptions): Promise<void> {
  return use(options, (lab) => {
    const experiment = lab.experiments.restore(id)
    report(options.json, experiment, () => `Experiment ${id}: ${experiment.name}, restored.`)
  })
}
