import type { ComparisonStatistics, Difference, GroupResult, Interval, ResultFigure } from '../index.ts'
import type { CsvColumn } from './csv.ts'
import { extentOf, type Figure, type FigurePoint } from './figure.ts'
import { fullLabel, type GroupLook, panelColumn } from './group-looks.ts'
import { formatFigure, formatFixed, formatMark } from './number-words.ts'

/** Figures of whole runs, as they are called in tables. Shares are shown as percent. */
export const resultNames: Record<ResultFigure, { label: string; unit: string; help: string; scale: number }> =
  {
    finalReturn: {
      label: 'Return at the end',
      unit: '',
      help: 'Mean return of the last 100 policy episodes.',
      scale: 1,
    },
    successRate: {
      label: 'Success at the end',
      unit: '%',
      help: 'Share of successes among the last 100 policy episodes.',
      scale: 100,
    },
    failureRate: {
      label: 'Failure rate',
      unit: '%',
      help: 'Failed share of all training episodes and extra rollouts; evaluation is not counted.',
      scale: 100,
    },
    cumulativeFailures: {
      label: 'Failures',
      unit: '',
      help: 'Failed training episodes and extra rollouts of a run.',
      scale: 1,
    },
    firstFailure: {
      label: 'First failure',
      unit: 'step',
      help: 'Step of the first failure; the length of the run where it never failed.',
      scale: 1,
    },
    worstReturns: {
      label: 'Worst returns',
      unit: '',
      help: 'Mean of the worst tenth of the last 100 returns (their conditional value at risk).',
      scale: 1,
    },
    meanReturn: {
      label: 'Return over training',
      unit: '',
      help: 'Mean height of the learning curve: the area under the returns of all policy episodes over the steps, divided by the steps.',
      scale: 1,
    },
  }
export const resultOrder = Object.keys(resultNames).filter(
  (name): name is ResultFigure => name in resultNames,
)

/** The mean and its bounds with as many decimals as the largest of them needs for three digits. */
export function formatInterval({ mean, low, high }: Interval, scale: number): string {
  if (mean === null) return '–'
  const largest = Math.max(...[mean, low ?? 0, high ?? 0].map((value) => Math.abs(value * scale)))
  const decimals = largest === 0 ? 0 : Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(largest))))
  const text = (value: number) => formatFixed(value * scale, decimals)
  return low === null || high === null ? text(mean) : `${text(mean)} [${text(low)}, ${text(high)}]`
}

/** A group's figure, or that it was refused. */
export const formatAverage = ({ figures, refusals }: GroupResult, figure: ResultFigure): string =>
  figures[figure].mean === null && refusals.length > 0
    ? 'not averaged'
    : formatInterval(figures[figure], resultNames[figure].scale)

export function formatDifference({ mean, low, high }: Difference, scale: number): string {
  return (mean > 0 ? '+' : '') + formatInterval({ mean, low, high }, scale)
}

export const verdictWords: Record<Difference['verdict'], string> = {
  better: 'better',
  worse: 'worse',
  unclear: 'unclear',
}

function explainEffect({ effectSize, pairs }: Difference): string {
  if (effectSize === null) return ''
  return pairs === null
    ? ' g: the difference in pooled standard deviations (Hedges, without the upward bias of few runs).'
    : ' d_z: the mean of the differences seed by seed, in their own standard deviations; it grows with how well the seeds agree.'
}

export function explainDifference(difference: Difference): string {
  const how =
    difference.pairs === null
      ? 'each side’s seeds resampled on their own'
      : `${difference.pairs} seeds that both have, resampled together`
  const chance = Math.round(difference.improvement * 100)
  return `Difference of the means with a 95 % bootstrap interval (${how}). A run of this group is better than one of the baseline in ${chance} % of all pairs.${explainEffect(difference)}`
}

/** The threshold most runs were trained with; null where none has one. */
export function commonThreshold({ results }: ComparisonStatistics): number | null {
  const counts = new Map<number, number>()
  for (const { epsilonSafe } of results.flatMap(({ runs }) => runs))
    if (epsilonSafe !== null) counts.set(epsilonSafe, (counts.get(epsilonSafe) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

/** Points of runs, where some of them may be chosen. */
const usual = { size: 3.5, opacity: 0.45 }
const chosen = { size: 4.5, opacity: 0.95 }
const left = { size: 3, opacity: 0.12 }

/** Return against failure rate: a point for each run, and for each group one with its intervals. */
export function toScatter(
  statistics: ComparisonStatistics,
  looks: ReadonlyMap<string, GroupLook>,
  threshold: number | null,
  isThresholdInSight: boolean,
  marked: ReadonlySet<number> | null = null,
): Figure {
  const points = statistics.results.flatMap((result): FigurePoint[] => {
    const look = looks.get(result.groupId)
    if (!look) return []
    const { finalReturn, failureRate } = result.figures
    const common = { colour: look.colour, marker: look.marker, key: look.id }
    const runs = result.runs.flatMap((run): FigurePoint[] => {
      const { failureRate: x, finalReturn: y } = run.figures
      if (x === null || y === null) return []
      const label = `Run ${run.id}, ${look.label}, seed ${run.seed}: return ${formatFigure(y)}, failure rate ${formatFigure(x * 100)} %`
      return [
        {
          ...common,
          label,
          x: x * 100,
          y,
          ...(marked === null ? usual : marked.has(run.id) ? chosen : left),
          href: `/runs/${run.id}`,
        },
      ]
    })
    if (finalReturn.mean === null || failureRate.mean === null) return runs
    const extent = ({ low, high }: Interval, scale: number) =>
      low === null || high === null ? undefined : { from: low * scale, to: high * scale }
    const [xBar, yBar] = [extent(failureRate, 100), extent(finalReturn, 1)]
    const group: FigurePoint = {
      ...common,
      label: `${look.label}: return ${formatInterval(finalReturn, 1)}, failure rate ${formatInterval(failureRate, 100)} %`,
      x: failureRate.mean * 100,
      y: finalReturn.mean,
      ...(xBar ? { xBar } : {}),
      ...(yBar ? { yBar } : {}),
      size: 6,
      text: look.label,
      isRinged: result.isPareto,
    }
    return [...runs, group]
  })
  const shown = threshold === null ? [] : [threshold * 100]
  const xs = points.flatMap(({ x, xBar }) => [x, ...(xBar ? [xBar.from, xBar.to] : [])])
  const ys = points.flatMap(({ y, yBar }) => [y, ...(yBar ? [yBar.from, yBar.to] : [])])
  const x = extentOf(isThresholdInSight ? [...xs, ...shown] : xs, 0)
  return {
    title: 'Return against failure rate',
    xLabel: 'Failure rate (%)',
    yLabel: 'Return at the end',
    caption:
      'Small: runs; large: means over seeds with 95 % intervals. Ringed: no other group has both a higher return and a lower failure rate.',
    x,
    y: extentOf(ys),
    formatX: formatMark,
    formatY: formatMark,
    lines: [],
    points,
    thresholds: shown
      .filter((at) => at <= x.to)
      .map((at) => ({ axis: 'x', at, label: `ε = ${formatMark(at)} %`, colour: 'var(--ink-muted)' })),
  }
}

export function scatterColumns(
  statistics: ComparisonStatistics,
  looks: ReadonlyMap<string, GroupLook>,
): CsvColumn[] {
  const rows = statistics.results.flatMap((result) => {
    const group = fullLabel(looks.get(result.groupId), result.groupId)
    const { failureRate, finalReturn } = result.figures
    return [
      {
        ...{
          group,
          run: null,
          seed: null,
          x: failureRate.mean,
          xLow: failureRate.low,
          xHigh: failureRate.high,
        },
        ...{ y: finalReturn.mean, yLow: finalReturn.low, yHigh: finalReturn.high, isPareto: result.isPareto },
      },
      ...result.runs.map(({ id, seed, figures, isPareto }) => ({
        ...{ group, run: id, seed, x: figures.failureRate, xLow: null, xHigh: null },
        ...{ y: figures.finalReturn, yLow: null, yHigh: null, isPareto },
      })),
    ]
  })
  const percent = (value: number | null) => (value === null ? null : value * 100)
  return [
    { name: 'group', values: rows.map(({ group }) => group) },
    { name: 'run', values: rows.map(({ run }) => run) },
    { name: 'seed', values: rows.map(({ seed }) => seed) },
    { name: 'failure rate (%)', values: rows.map(({ x }) => percent(x)) },
    { name: 'failure rate low', values: rows.map(({ xLow }) => percent(xLow)) },
    { name: 'failure rate high', values: rows.map(({ xHigh }) => percent(xHigh)) },
    { name: 'return', values: rows.map(({ y }) => y) },
    { name: 'return low', values: rows.map(({ yLow }) => yLow) },
    { name: 'return high', values: rows.map(({ yHigh }) => yHigh) },
    { name: 'on the Pareto front', values: rows.map(({ isPareto }) => (isPareto ? 'yes' : 'no')) },
  ]
}

/** The table of figures: a row per group, and with each figure its bounds and its difference to the baseline. */
export function resultColumns(
  statistics: ComparisonStatistics,
  looks: ReadonlyMap<string, GroupLook>,
): CsvColumn[] {
  const { results } = statistics
  const scaled = (value: number | null | undefined, scale: number) =>
    value === null || value === undefined ? null : value * scale
  return [
    ...panelColumn(results.map(({ groupId }) => looks.get(groupId)?.panel ?? '')),
    { name: 'group', values: results.map(({ groupId }) => looks.get(groupId)?.label ?? groupId) },
    { name: 'runs', values: results.map(({ runs }) => runs.length) },
    {
      name: 'Median first failure (step)',
      values: results.map(({ survival }) => survival.steps.median),
    },
    ...resultOrder.flatMap((figure): CsvColumn[] => {
      const { label, unit, scale } = resultNames[figure]
      const name = unit ? `${label} (${unit})` : label
      const of = (bound: 'mean' | 'low' | 'high') =>
        results.map(({ figures }) => scaled(figures[figure][bound], scale))
      const against = (bound: 'mean' | 'low' | 'high') =>
        results.map(({ differences }) => scaled(differences[figure]?.[bound], scale))
      return [
        { name, values: of('mean') },
        { name: `${label} low`, values: of('low') },
        { name: `${label} high`, values: of('high') },
        { name: `${label} difference`, values: against('mean') },
        { name: `${label} difference low`, values: against('low') },
        { name: `${label} difference high`, values: against('high') },
        {
          name: `${label} effect size`,
          values: results.map(({ differences }) => differences[figure]?.effectSize ?? null),
        },
        {
          name: `${label} effect size is`,
          values: results.map(({ differences }) => effectName(differences[figure])),
        },
      ]
    }),
  ]
}

const effectName = (difference: Difference | null): string | null =>
  difference === null || difference.effectSize === null
    ? null
    : difference.pairs === null
      ? 'Hedges’ g'
      : 'd_z of pairs'

/** The same table for a paper, means with intervals. */
export function toLatex(statistics: ComparisonStatistics, looks: ReadonlyMap<string, GroupLook>): string {
  const safe = (text: string) =>
    text.replaceAll(/[&%$#_{}]/g, (sign) => `\\${sign}`).replaceAll('·', '\\textperiodcentered{}')
  const number = (value: number) => Number(value.toPrecision(4))
  const cell = ({ mean, low, high }: Interval, scale: number) =>
    mean === null
      ? '--'
      : `$${number(mean * scale)}$${low === null || high === null ? '' : ` {\\small[$${number(low * scale)}$, $${number(high * scale)}$]}`}`
  const head = resultOrder.map((figure) => {
    const { label, unit } = resultNames[figure]
    return safe(unit ? `${label} (${unit})` : label)
  })
  const rows = statistics.results.map(({ groupId, figures }) =>
    [
      safe(fullLabel(looks.get(groupId), groupId)),
      ...resultOrder.map((figure) => cell(figures[figure], resultNames[figure].scale)),
    ].join(' & '),
  )
  return [
    '% Means over seeds with 95 % intervals.',
    `\\begin{tabular}{l${'r'.repeat(head.length)}}`,
    '\\toprule',
    `${['Group', ...head].join(' & ')} \\\\`,
    '\\midrule',
    ...rows.map((row) => `${row} \\\\`),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n')
}
