import type { Run } from '../contract/runs.ts'
import type { Lab } from './lab.ts'

/** Policy steps between two rows of the curves. */
const CURVE_STEPS = 200
/** Policy episodes over which a curve's return and success rate are averaged. */
const CURVE_EPISODES = 100

/** The result table, the runs and the learning curves of an experiment, as CSV files by name. */
export async function exportExperiment(lab: Lab, experiment: number): Promise<Record<string, string>> {
  const { methods } = await lab.experiments.compare(experiment)
  const ids = new Set(methods.flatMap((method) => method.runs.map(({ id }) => id)))
  const runs = [...ids].map((id) => lab.runs.get(id))
  const swept = [...new Set(methods.flatMap((method) => Object.keys(method.swept)))]
  return {
    'summary.csv': csv(
      [
        'method',
        ...swept,
        'phase',
        'runs',
        'episodes',
        'failures',
        ...['failureRate', 'finalReturn', 'successRate'].flatMap((name) => [
          name,
          `${name}Low`,
          `${name}High`,
        ]),
        'notAveraged',
      ],
      methods.flatMap((method) =>
        (['pretrain', 'finetune'] as const).map((phase) => {
          const result = phase === 'pretrain' ? method.pretraining : method
          const figures = [result.failureRate, result.finalReturn, result.successRate].flatMap(
            ({ mean, low, high }) => [mean, low, high],
          )
          const count = method.runs.filter((run) => run.phase === phase).length
          const values = swept.map((name) => plainValue(method.swept[name]))
          return [
            method.method,
            ...values,
            phase,
            count,
            result.episodes,
            result.failures,
            ...figures,
            result.refusals.join(' '),
          ]
        }),
      ),
    ),
    'runs.csv': csv(
      [
        'run',
        'method',
        'phase',
        'seed',
        'steps',
        'environmentSteps',
        'episodes',
        'successes',
        'failures',
        'recentReturn',
        'trainedSeconds',
        'state',
        'gitCommit',
        'engine',
      ],
      runs.map((run) => [
        run.id,
        run.specification.method,
        run.specification.phase,
        run.specification.seed,
        run.step,
        run.environmentSteps,
        run.episodes,
        run.successes,
        run.failures,
        run.recentReturn,
        run.trainedSeconds,
        run.state,
        run.provenance?.gitCommit ?? null,
        run.provenance?.engine ?? null,
      ]),
    ),
    'curves.csv': csv(
      ['run', 'method', 'phase', 'seed', 'step', 'episodes', 'cumulativeFailures', 'return', 'successRate'],
      runs.flatMap((run) => curve(lab, run)),
    ),
    'request.json': `${JSON.stringify(lab.experiments.get(experiment), null, 2)}\n`,
  }
}

function curve(lab: Lab, { id, step: lastStep, specification }: Run): (string | number | null)[][] {
  const episodes = lab.episodes
    .list({ runId: id, limit: Number.MAX_SAFE_INTEGER })
    .filter(({ kind }) => kind !== 'evaluation')
  const { method, phase, seed } = specification
  const rows: (string | number | null)[][] = []
  let next = 0
  let failures = 0
  const recent: { return: number; success: boolean }[] = []
  for (let step = CURVE_STEPS; step <= lastStep; step += CURVE_STEPS) {
    for (let episode = episodes[next]; episode && episode.step <= step; episode = episodes[++next]) {
      if (episode.outcome === 'failure') failures++
      if (episode.kind !== 'training') continue
      recent.push({ return: episode.return, success: episode.outcome === 'success' })
      if (recent.length > CURVE_EPISODES) recent.shift()
    }
    const average = (value: (episode: (typeof recent)[number]) => number) =>
      recent.length === 0 ? null : recent.reduce((sum, episode) => sum + value(episode), 0) / recent.length
    rows.push([
      id,
      method,
      phase,
      seed,
      step,
      next,
      failures,
      average((e) => e.return),
      average((e) => (e.success ? 1 : 0)),
    ])
  }
  return rows
}

/** A swept value in one cell. */
const plainValue = (value: unknown): string | number =>
  typeof value === 'number' ? value : Array.isArray(value) ? value.join(' ') : String(value ?? '')

function csv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (value: string | number | null) =>
    value === null
      ? ''
      : typeof value === 'number'
        ? Number(value.toPrecision(8))
        : /[",\n]/.test(value)
          ? `"${value.replaceAll('"', '""')}"`
          : value
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('')
}
