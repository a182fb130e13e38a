import { resolve } from 'node:path'
import type { ExperimentResult } from '../../contract/comparison.ts'
import { startNames, type TransferRequest } from '../../contract/transfer.ts'
import { checkDiskSpace } from '../../lab/disk-space.ts'
import type { Lab } from '../../lab/lab.ts'
import { labCommand } from '../../lab/lab-command.ts'
import { planTransfer } from '../../lab/transfer.ts'
import { withLab } from './lab-folder.ts'
import { formatNumber, formatPercent, formatTable, note, report } from './output.ts'
import { showProgress } from './progress.ts'

export interface TrainingOptions {
  lab: string
  workers?: number
  json: boolean
  /** Leaves alone what others queued in the lab. */
  only?: boolean
}

/** Exit codes of the commands that train; CONTRIBUTING and README list them. */
export const exitCode = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const

/** Starts a transfer, trains it to its end and prints the result table. */
export async function runTransfer(request: TransferRequest, options: TrainingOptions): Promise<number> {
  const mustExist = startNames.some((name) => request[name] !== undefined)
  // Bad input ends here, before a lab is opened or made; what starts from a run of the lab is planned in it.
  if (!mustExist) checkDiskSpace(resolve(options.lab), planTransfer(request))
  return withLab(options.lab, { ...slots(options), ...training(options), mustExist }, async (lab) => {
    const { id, name } = lab.experiments.start(request)
    if (options.only) lab.trainOnly(id)
    const started = lab.runs.list().filter(({ experimentId }) => experimentId === id).length
    note(`Experiment ${id}: ${name}, ${started === 1 ? '1 run' : `${started} runs`}`)
    return await train(lab, id, options)
  })
}

/** Goes on with the runs of an experiment that were interrupted, paused or stopped. */
export async function resumeExperiment(experiment: number, options: TrainingOptions): Promise<number> {
  return withLab(options.lab, { ...slots(options), ...training(options), mustExist: true }, async (lab) => {
    lab.experiments.get(experiment)
    if (options.only) lab.trainOnly(experiment)
    for (const { id, state, experimentId } of lab.runs.list())
      if (experimentId === experiment && ['interrupted', 'paused', 'stopped', 'failed'].includes(state))
        lab.runs.resume(id)
    return await train(lab, experiment, options)
  })
}

const training = ({ only = false }: TrainingOptions) => (only ? { train: false } : {})
const slots = ({ workers }: TrainingOptions) => (workers === undefined ? {} : { slots: workers })

async function train(lab: Lab, experiment: number, options: TrainingOptions): Promise<number> {
  let interrupted = false
  const stop = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        interrupted = true
        note('Stopping after a checkpoint.')
        resolve()
      })
  })
  const endProgress = showProgress(lab, ({ experimentId }) => experimentId === experiment)
  await Promise.race([lab.whenIdle(), stop])
  endProgress()
  if (interrupted) {
    // What waits stays with this experiment: another command on the same lab does not train it.
    for (const { id, state, experimentId } of lab.runs.list())
      if (experimentId === experiment && state === 'queued') lab.runs.pause(id)
    await lab.close()
    note(`Stopped. Go on with: ${resumption(experiment, options)}`)
    return exitCode.interrupted
  }
  const result = await lab.experiments.compare(experiment)
  report(options.json, result, () => formatResult(result))
  const states = result.methods.flatMap(({ runs }) => runs.map(({ state }) => state))
  return states.every((state) => state === 'finished') ? exitCode.done : exitCode.failed
}

/** The command that goes on as this one was told to. */
const resumption = (experiment: number, { lab, workers, only = false }: TrainingOptions): string =>
  labCommand([
    'resume',
    String(experiment),
    '--lab',
    lab,
    ...(workers === undefined ? [] : ['--workers', String(workers)]),
    ...(only ? ['--only'] : []),
  ])

const interval = (
  { mean, low, high }: { mean: number | null; low: number | null; high: number | null },
  format: (value: number | null) => string,
) => (mean === null ? '–' : `${format(mean)} [${format(low)}, ${format(high)}]`)

/** The result table: a row for each method, swept value and phase, with 95 % intervals over seeds. */
export function formatResult({ methods }: ExperimentResult): string {
  const swept = [...new Set(methods.flatMap((method) => Object.keys(method.swept)))]
  const header = [
    'method',
    ...swept,
    'phase',
    'final return',
    'success rate',
    'failures',
    'episodes',
    'failure rate',
  ]
  const rows = methods.flatMap((method) =>
    (['pretraining', 'fine-tuning'] as const).map((phase) => {
      const { finalReturn, successRate, failures, episodes, failureRate } =
        phase === 'pretraining' ? method.pretraining : method
      return [
        method.method,
        ...swept.map((name) => String(method.swept[name] ?? '–')),
        phase,
        interval(finalReturn, formatNumber),
        interval(successRate, formatPercent),
        String(failures),
        String(episodes),
        interval(failureRate, formatPercent),
      ]
    }),
  )
  const refusals = methods.flatMap((method) =>
    (['pretraining', 'fine-tuning'] as const).flatMap((phase) =>
      (phase === 'pretraining' ? method.pretraining : method).refusals.map(
        (refusal) => `${[method.method, ...Object.values(method.swept)].join(' ')}, ${phase}: ${refusal}`,
      ),
    ),
  )
  return [formatTable(header, rows), ...refusals].join('\n')
}
