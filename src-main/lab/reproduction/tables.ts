import { toCsv } from '../../contract/figures/csv.ts'
import type { Interval } from '../../contract/numbers.ts'
import { labelOf } from './measured.ts'
import type { Arm } from './measurement.ts'

export const formatFigure = (value: number | null, scale = 1): string =>
  value === null ? '–' : String(Number((value * scale).toPrecision(3)))

export const formatInterval = ({ mean, low, high }: Interval, scale = 1): string =>
  low === null || high === null
    ? formatFigure(mean, scale)
    : `${formatFigure(mean, scale)} [${formatFigure(low, scale)}, ${formatFigure(high, scale)}]`

export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line), ''].join('\n')
}

/** The figures behind a figure: with 95 % intervals, to be read. */
export function resultMarkdown(arms: readonly Arm[]): string {
  const header = ['method', 'seeds', 'episodes', 'failures', 'failure rate, %', 'final return', 'success, %']
  return markdownTable(
    header,
    arms.map((arm) => [
      labelOf(arm),
      String(arm.runIds.length),
      String(arm.episodes),
      String(arm.failures),
      formatInterval(arm.failureRateInterval, 100),
      formatInterval(arm.finalReturnInterval),
      formatInterval(arm.successInterval, 100),
    ]),
  )
}

/** The same in full precision, for other programs. */
export function resultCsv(arms: readonly Arm[]): string {
  const of = (name: string, read: (arm: Arm) => Interval) =>
    (['mean', 'low', 'high'] as const).map((part) => ({
      name: part === 'mean' ? name : `${name}${part === 'low' ? 'Low' : 'High'}`,
      values: arms.map((arm) => read(arm)[part]),
    }))
  return toCsv([
    { name: 'method', values: arms.map(labelOf) },
    { name: 'runs', values: arms.map(({ runIds }) => runIds.join(' ')) },
    { name: 'episodes', values: arms.map(({ episodes }) => episodes) },
    { name: 'failures', values: arms.map(({ failures }) => failures) },
    ...of('failureRate', (arm) => arm.failureRateInterval),
    ...of('finalReturn', (arm) => arm.finalReturnInterval),
    ...of('successRate', (arm) => arm.successInterval),
  ])
}
