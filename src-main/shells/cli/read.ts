import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Run } from '../../contract/runs.ts'
import { measureCalibration } from '../../lab/calibration.ts'
import { LabError } from '../../lab/errors.ts'
import { exportExperiment } from '../../lab/experiment-export.ts'
import type { Lab } from '../../lab/lab.ts'
import { type RolloutOptions, rollOut, rolloutsCsv } from '../../lab/rollouts.ts'
import { evaluationsCsv, exportNetworks, metricsCsv } from '../../lab/run-export.ts'
import { withLab } from './lab-folder.ts'
import { formatNumber, formatPercent, formatTable, print, report } from './output.ts'
import { exitCode, formatResult } from './train.ts'

/** Commands that only look at a lab. */
export interface ReadOptions {
  lab: string
  json: boolean
}

const read = <T>(options: ReadOptions, use: (lab: Lab) => Promise<T> | T) =>
  withLab(options.lab, { train: false, mustExist: true }, use)

export function listRuns(options: ReadOptions): Promise<void> {
  return read(options, (lab) => {
    const runs = lab.runs.list()
    report(options.json, runs, () => {
      if (runs.length === 0)
        return 'This lab has no runs yet. Start some with: npm run --silent lab -- transfer'
      const header = [
        'run',
        'experiment',
        'method',
        'phase',
        'seed',
        'state',
        'step',
        'of',
        'failures',
        'episodes',
        'return',
      ]
      return formatTable(header, runs.map(runRow))
    })
  })
}

function runRow({
  id,
  experimentId,
  specification,
  state,
  step,
  failures,
  episodes,
  recentReturn,
}: Run): string[] {
  const { method, phase, seed, steps } = specification
  return [
    id,
    experimentId,
    method,
    phase,
    seed,
    state,
    step,
    steps,
    failures,
    episodes,
    formatNumber(recentReturn),
  ].map(String)
}

export function showRun(id: number, options: ReadOptions): Promise<void> {
  return read(options, (lab) => {
    const run = lab.runs.get(id)
    const checkpoints = lab.checkpoints.list(id)
    report(options.json, { ...run, checkpoints }, () => {
      const { specification, provenance } = run
      const facts: [string, string][] = [
        ['run', `${run.id}, experiment ${run.experimentId}`],
        ['what', `${specification.method}, ${specification.phase}, seed ${specification.seed}`],
        ['state', run.error ? `${run.state}: ${run.error}` : run.state],
        ['steps', `${run.step} of ${specification.steps} (${run.environmentSteps} environment steps)`],
        ['episodes', `${run.episodes}, ${run.successes} successes, ${run.failures} failures`],
        ['recent return', formatNumber(run.recentReturn)],
        ['trained for', `${formatNumber(run.trainedSeconds, 3)} s`],
        ['task', `${specification.task.environment} ${JSON.stringify(specification.task.parameters)}`],
        ['settings', JSON.stringify(specification.settings)],
        ['checkpoints', checkpoints.map(({ step }) => step).join(', ') || 'none'],
        [
          'made with',
          provenance
            ? `${provenance.engine}, ${provenance.cpu}, commit ${provenance.gitCommit ?? 'unknown'}`
            : 'not started',
        ],
      ]
      return formatTable(['', ''], facts).trim()
    })
  })
}

export function compareExperiment(
  id: number,
  { atCommonStep, ...options }: ReadOptions & { atCommonStep: boolean },
): Promise<void> {
  return read(options, async (lab) => {
    const result = await lab.experiments.compare(id, atCommonStep ? 'common' : 'end')
    report(options.json, result, () => formatResult(result))
  })
}

export function listFailures(
  filter: { runId?: number; experimentId?: number },
  options: ReadOptions,
): Promise<void> {
  return read(options, (lab) => {
    const { total, failures } = lab.failures.list({ ...filter, limit: 10_000 })
    const rows = failures.map(({ id, runId, phase, step, cause, length, warningLead }) => ({
      id,
      run: runId,
      phase,
      step,
      cause,
      length,
      warningLead,
    }))
    report(options.json, rows, () => {
      if (total === 0) return 'No failures.'
      const table = formatTable(
        ['episode', 'run', 'phase', 'step', 'cause', 'length', 'warning lead'],
        rows.map((row) => Object.values(row).map((value) => String(value ?? '–'))),
      )
      return total > rows.length ? `${table}\n${total - rows.length} more; name a run with --run.` : table
    })
  })
}

export function verifyEpisode(id: number, options: ReadOptions): Promise<number> {
  return read(options, async (lab) => {
    const result = await lab.replays.verify({ episodeId: id })
    report(options.json, result, () =>
      result.firstDifference
        ? `Episode ${id}: the ${result.firstDifference.what} after frame ${result.firstDifference.frame} does not come out again.`
        : `Episode ${id}: all ${result.frames} recorded states and rewards come out again.`,
    )
    return result.verified ? exitCode.done : exitCode.failed
  })
}

export function exportRun(id: number, folder: string | undefined, options: ReadOptions): Promise<void> {
  return read(options, async (lab) => {
    const run = lab.runs.get(id)
    const evaluations = lab.episodes.evaluations(id)
    const files = {
      ...(evaluations.length === 0 ? {} : { 'evaluations.csv': evaluationsCsv(evaluations) }),
      ...exportNetworks(run.specification, lab.checkpointBundle(lastCheckpoint(lab, id))),
      'metrics.csv': metricsCsv(lab.metrics.history({ runId: id })),
      'run.json': `${JSON.stringify(run, null, 2)}\n`,
    }
    await writeFiles(`Run ${id}`, resolve(folder ?? `run-${id}`), files, options)
  })
}

export function exportCheckpoint(id: number, file: string | undefined, options: ReadOptions): Promise<void> {
  return read(options, async (lab) => {
    const { fileName, bytes } = await lab.checkpoints.download(id)
    const path = resolve(file ?? fileName)
    await writeFile(path, bytes)
    report(options.json, { file: path }, () => `Checkpoint ${id} is exported to ${path}.`)
  })
}

export function exportExperimentFiles(
  id: number,
  folder: string | undefined,
  options: ReadOptions,
): Promise<void> {
  return read(options, async (lab) => {
    const files = await exportExperiment(lab, id)
    return writeFiles(`Experiment ${id}`, resolve(folder ?? `experiment-${id}`), files, options)
  })
}

async function writeFiles(
  what: string,
  folder: string,
  files: Record<string, Uint8Array | string>,
  { json }: ReadOptions,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const names = Object.keys(files)
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  report(json, { folder, files: names }, () =>
    [`${what} is exported to ${folder}:`, ...names.map((name) => `  ${name}`)].join('\n'),
  )
}

function lastCheckpoint(lab: Lab, runId: number): number {
  const checkpoint = lab.checkpoints.list(runId).at(-1)
  if (!checkpoint) throw new LabError('INVALID', `Run ${runId} has no checkpoint yet.`)
  return checkpoint.id
}

/** Fresh episodes of a run's last checkpoint, on its own task or another run's. */
export interface RolloutCommandOptions extends ReadOptions {
  run: number
  taskOf?: number
  episodes: number
  seed: number
  masked: boolean
  randomStarts: number
  /** Judge a random first action from each start, instead of the policy's own. */
  probe?: boolean
}

function rolloutOptions(lab: Lab, options: RolloutCommandOptions): RolloutOptions {
  const { settings } = lab.runs.get(options.run).specification
  return {
    task: lab.runs.get(options.taskOf ?? options.run).specification.task,
    settings,
    networks: lab.checkpointBundle(lastCheckpoint(lab, options.run)),
    episodes: options.episodes,
    seed: options.seed,
    masked: options.masked,
    randomStartFraction: options.randomStarts,
    randomFirstAction: options.probe ?? false,
  }
}

export function rollOutRun({ out, ...options }: RolloutCommandOptions & { out?: string }): Promise<void> {
  return read(options, async (lab) => {
    const { rollouts, stateNames } = await rollOut(rolloutOptions(lab, options))
    if (out) await writeFile(resolve(out), rolloutsCsv(rollouts, stateNames))
    const count = (outcome: string) => rollouts.filter((rollout) => rollout.outcome === outcome).length
    const meanReturn = rollouts.reduce((sum, rollout) => sum + rollout.return, 0) / rollouts.length
    const summary = {
      run: options.run,
      episodes: rollouts.length,
      successes: count('success'),
      failures: count('failure'),
      timeouts: count('timeout'),
      meanReturn,
    }
    report(
      options.json,
      summary,
      () =>
        `${summary.episodes} episodes: ${summary.successes} successes, ${summary.failures} failures, ${summary.timeouts} timeouts, mean return ${formatNumber(meanReturn)}`,
    )
  })
}

export function calibrate(options: RolloutCommandOptions): Promise<void> {
  return read(options, async (lab) => {
    const result = await measureCalibration(rolloutOptions(lab, options))
    if (options.json)
      return print(
        JSON.stringify({ run: options.run, taskOf: options.taskOf ?? options.run, ...result }, null, 2),
      )
    const { auc, warningLeads } = result
    const warned = warningLeads.filter((lead) => lead > 0).length
    print(
      formatTable(
        ['', ''],
        [
          ['episodes', `${result.episodes}, ${result.failures} failures, ${result.steps} steps`],
          ['AUC, fails now', formatNumber(auc.failsNow)],
          [`AUC, fails within ${result.horizon} steps`, formatNumber(auc.failsWithinHorizon)],
          ['Brier score', formatNumber(result.brier)],
          [
            'mean Q_safe',
            `${formatNumber(result.meanQSafe)} where ${formatNumber(result.meanDiscountedFailure)} came`,
          ],
          [`fatal steps refused at ${result.epsilonSafe}`, formatPercent(result.recallAtEpsilon)],
          ['other steps refused', formatPercent(result.falseAlarmRateAtEpsilon)],
          ['failures with a warning', `${warned} of ${warningLeads.length}`],
        ],
      ).trim(),
    )
    const { byRate, horizon } = result.thresholds
    if (byRate.length === 0) return
    const rows = byRate.map(({ askedRate, epsilonSafe, failuresForeseen, stepsAhead }) => [
      `${100 * askedRate} %`,
      String(epsilonSafe),
      formatPercent(failuresForeseen),
      formatNumber(stepsAhead),
    ])
    print(
      `\n${formatTable(['false alarms', 'epsilonSafe', `failures foreseen (${horizon} steps)`, 'steps ahead'], rows).trim()}`,
    )
  })
}
