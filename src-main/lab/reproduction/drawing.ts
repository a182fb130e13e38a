import { type CsvColumn, toCsv } from '../../contract/figures/csv.ts'
import { extentOf, type Figure } from '../../contract/figures/figure.ts'
import { layOut } from '../../contract/figures/layout.ts'
import { toSvg } from '../../contract/figures/svg.ts'
import type { Interval } from '../../contract/numbers.ts'
import type { PaperFigure } from './claims.ts'
import { lookOf, seedsOf } from './looks.ts'
import { MAP_SIZE, wayColumns, ways } from './map-drawing.ts'
import { labelOf } from './measured.ts'
import type { Arm } from './measurement.ts'
import type { TargetTask } from './request.ts'
import { candidateColumns, risksAlong } from './risk-drawing.ts'

/** The app's colours on white, for programs that know no custom properties. */
export const printColours: Readonly<Record<string, string>> = {
  '--paper': '#ffffff',
  '--ink': '#1a1d23',
  '--ink-muted': '#5b616d',
  '--line': '#e2e4e9',
  '--method-sqrl': '#0072b2',
  '--method-sac': '#e69f00',
  '--method-esac': '#56b4e9',
  '--method-wcpg': '#cc79a7',
  '--method-cpo': '#009e73',
  '--method-rs': '#1a1d23',
  '--failure': '#d55e00',
  '--action-chosen': '#000000',
  '--action-allowed': '#8b909a',
  '--action-masked': '#c1121f',
}

const resolve = (colour: string): string =>
  colour.replace(/^var\((--[\w-]+)\)$/, (whole, name: string) => printColours[name] ?? whole)

const SIZE = { width: 720, height: 440, isAlone: true }

const print = (figure: Figure, size: typeof SIZE): string =>
  toSvg(layOut(figure, size), figure.title, resolve)

/** The figure as SVG, and the numbers in it as CSV. */
export function draw(
  { title, draws, phase, ownTarget }: PaperFigure,
  target: TargetTask,
  place: string,
  arms: readonly Arm[],
): { svg: string; csv: string } {
  const whole = `${title}: ${place}`
  if (draws === 'ways')
    return { svg: print(ways(whole, ownTarget, arms), MAP_SIZE), csv: toCsv(wayColumns(arms)) }
  if (draws === 'risks') {
    const risks = arms.flatMap((arm) => arm.risks)
    return { svg: print(risksAlong(whole, target, risks), SIZE), csv: toCsv(candidateColumns(risks)) }
  }
  const figure = draws === 'scatter' ? scatter(whole, arms) : curves(whole, draws, phase, arms)
  const columns = draws === 'scatter' ? scatterColumns(arms) : curveColumns(arms)
  return { svg: print(figure, SIZE), csv: toCsv(columns) }
}

const isRate = (name: string) => name === 'failureRate'
const percent = (value: number) => `${Number((100 * value).toPrecision(6))} %`
const plain = (value: number) => String(Number(value.toPrecision(6)))

const yLabels: Readonly<Record<string, string>> = {
  return: 'return, last 100 episodes',
  failureRate: 'failures, share of the last 100 episodes',
  cumulativeFailures: 'failures so far',
}

function curves(title: string, name: string, phase: string, arms: readonly Arm[]): Figure {
  const lines = arms.flatMap((arm) => {
    const { curve } = arm
    if (!curve) return []
    const { colour, dash } = lookOf(arms, arm)
    const label = labelOf(arm)
    return [
      {
        label,
        endLabel: label,
        x: curve.x,
        y: curve.mid,
        low: curve.low,
        high: curve.high,
        colour,
        dash,
        width: 1.75,
      },
    ]
  })
  const values = lines.flatMap(({ y, low, high }) => [...y, ...low, ...high])
  return {
    title,
    xLabel: phase === 'pretrain' ? 'pre-training step' : 'fine-tuning step',
    yLabel: yLabels[name] ?? name,
    caption: `Lines: means over seeds. Bands: 95 % bootstrap intervals of the mean.${seedsOf(arms)}`,
    x: extentOf(
      lines.flatMap(({ x }) => [x.at(-1) ?? 0]),
      0,
    ),
    y: extentOf(values, name === 'return' ? null : 0),
    formatX: (value) => value.toLocaleString('en'),
    formatY: isRate(name) ? percent : plain,
    lines,
    points: [],
    thresholds: [],
  }
}

function scatter(title: string, arms: readonly Arm[]): Figure {
  const barOf = ({ low, high }: Interval) => (low === null || high === null ? null : { from: low, to: high })
  const points = arms.flatMap((arm) => {
    const { failureRateInterval: rate, finalReturnInterval: gain } = arm
    if (rate.mean === null || gain.mean === null) return []
    const { colour, marker } = lookOf(arms, arm)
    const [xBar, yBar] = [barOf(rate), barOf(gain)]
    const label = labelOf(arm)
    return [
      {
        label,
        text: label,
        x: rate.mean,
        y: gain.mean,
        colour,
        marker,
        size: 5,
        ...(xBar ? { xBar } : {}),
        ...(yBar ? { yBar } : {}),
      },
    ]
  })
  return {
    title,
    xLabel: 'failures, share of all episodes of the fine-tuning',
    yLabel: 'return, last 100 episodes',
    caption: `Points: means over seeds. Bars: 95 % intervals.${seedsOf(arms)}`,
    x: extentOf(
      points.flatMap(({ x, xBar }) => [x, xBar?.to ?? x]),
      0,
    ),
    y: extentOf(points.flatMap(({ y, yBar }) => [y, yBar?.from ?? y, yBar?.to ?? y])),
    formatX: percent,
    formatY: plain,
    lines: [],
    points,
    thresholds: [],
  }
}

function curveColumns(arms: readonly Arm[]): CsvColumn[] {
  const all = arms.flatMap((arm) => (arm.curve ? [{ label: labelOf(arm), ...arm.curve }] : []))
  return all.flatMap(({ label, x, mid, low, high }) => [
    { name: `${label}: step`, values: x },
    { name: label, values: mid },
    { name: `${label}: low`, values: low },
    { name: `${label}: high`, values: high },
  ])
}

function scatterColumns(arms: readonly Arm[]): CsvColumn[] {
  const of = (name: string, read: (arm: Arm) => Interval): CsvColumn[] => [
    { name, values: arms.map((arm) => read(arm).mean) },
    { name: `${name}: low`, values: arms.map((arm) => read(arm).low) },
    { name: `${name}: high`, values: arms.map((arm) => read(arm).high) },
  ]
  return [
    { name: 'method', values: arms.map(labelOf) },
    ...of('failure rate', (arm) => arm.failureRateInterval),
    ...of('final return', (arm) => arm.finalReturnInterval),
  ]
}
