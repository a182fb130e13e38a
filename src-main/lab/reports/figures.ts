import {
  reliabilityColumns,
  reliabilityFigure,
  rocColumns,
  rocFigure,
} from '../../contract/figures/calibration.ts'
import type { CsvColumn } from '../../contract/figures/csv.ts'
import { axisNames, episodeFigureName, type FigureName, formatX } from '../../contract/figures/curve-names.ts'
import { curvesColumns, curvesFigure, describeCurves } from '../../contract/figures/curves.ts'
import type { Figure } from '../../contract/figures/figure.ts'
import { layOut } from '../../contract/figures/layout.ts'
import { formatCount, formatFigure } from '../../contract/figures/number-words.ts'
import { commonThreshold, formatInterval, scatterColumns, toScatter } from '../../contract/figures/results.ts'
import {
  describeSurvival,
  survivalAxis,
  survivalColumns,
  survivalFigure,
  survivalsOf,
} from '../../contract/figures/survival.ts'
import { toInlineSvg } from '../../contract/figures/svg.ts'
import type { Report } from './gather.ts'
import { type Content, Html, html, table } from './html.ts'

interface Drawn {
  figure: Figure
  /** What it shows, in words. */
  description: string
  columns: CsvColumn[]
}

/** Two stand beside each other on a wide page; on a narrow one their letters can still be read. */
const SIZE = { width: 480, height: 340, isAlone: false }

/** All figures, each with its numbers. */
export function figures(report: Report, prefix: string): Html {
  const drawn = [...curves(report), ...safety(report), ...calibration(report)]
  return html`<div class="figures">${drawn.map((one, index) => figureOf(one, `${prefix}-${index + 1}`))}</div>`
}

function figureOf({ figure, description, columns }: Drawn, id: string): Html {
  const inline = { id, title: figure.title, description, points: figure.points }
  return html`<figure>
<h3>${figure.title}</h3>
${new Html(toInlineSvg(layOut(figure, SIZE), inline))}
<figcaption>${figure.caption}</figcaption>
<p class="words">${description}</p>
${numbers(figure.title, columns)}
</figure>
`
}

function numbers(title: string, columns: readonly CsvColumn[]): Html {
  const count = Math.max(0, ...columns.map(({ values }) => values.length))
  const cell = (value: number | string | null | undefined): Content =>
    value === null || value === undefined || Number.isNaN(value)
      ? ''
      : typeof value === 'number'
        ? String(Number(value.toPrecision(6)))
        : value
  const isNumber = ({ values }: CsvColumn) => typeof values[0] !== 'string'
  return html`<details><summary>The numbers of “${title}” (${formatCount(count)} rows)</summary>
${table(
  `Numbers of ${title}`,
  columns.map((column) => ({
    title: column.name,
    isNumber: isNumber(column),
    cell: (row: number) => cell(column.values[row]),
  })),
  [...Array(count).keys()],
)}</details>`
}

const criticName: FigureName = {
  label: 'How well Q_safe ranks danger',
  unit: 'AUC',
  help: 'Chance that Q_safe ranks a step before a failure above one that is not, while training; one half is guessing',
  scale: 1,
  floor: null,
  isStep: false,
}

function curves({ curves: all, request }: Report): Drawn[] {
  const { x, average, window } = request
  return all.flatMap(({ of, groups: known }): Drawn[] => {
    const groups = known.map(({ curve }) => curve)
    if (groups.length === 0) return []
    const texts = {
      name: of === 'calibrationAuc' ? criticName : episodeFigureName(of, window),
      x: axisNames[x],
      average: average === 'mean' ? 'means' : 'interquartile means',
      formatX: formatX(x),
    }
    const drawn = {
      figure: curvesFigure(groups, texts),
      description: describeCurves(groups, texts),
      columns: curvesColumns(groups, texts),
    }
    return [drawn]
  })
}

function safety({ statistics, looks, groups, request }: Report): Drawn[] {
  const threshold = commonThreshold(statistics)
  const rates = statistics.results.flatMap(({ runs: list }) =>
    list.map(({ figures: of }) => of.failureRate ?? 0),
  )
  // Drawn where it lies, unless that leaves no room for what there is to see.
  const isNear = threshold !== null && threshold <= 4 * Math.max(...rates)
  const scatter = toScatter(statistics, looks, threshold, isNear)
  const known = groups.filter(({ result: { figures: of } }) => of.failureRate.mean !== null)
  const ends = known.map(({ look, result: { figures: of } }) => {
    const rate = `${formatInterval(of.failureRate, 100)} % failed`
    return `${look.label}: ${rate}, return ${formatInterval(of.finalReturn, 1)}`
  })
  const isWithin = (rate: number | null) => rate !== null && threshold !== null && rate <= threshold
  const runs = statistics.results.flatMap(({ runs: list }) => list)
  const within = runs.filter(({ figures: of }) => isWithin(of.failureRate)).length
  const kept =
    threshold === null
      ? ''
      : ` ${formatCount(within)} of ${formatCount(runs.length)} runs failed no more often than the threshold of ${formatFigure(threshold * 100)} %${isNear ? '' : ', which lies to the right of all that is drawn'}.`
  const axis = survivalAxis(request.x)
  const survivals = survivalsOf(statistics, looks, axis)
  return [
    ...(scatter.points.length === 0
      ? []
      : [
          {
            figure: scatter,
            description: `${ends.length === 0 ? 'Single runs only.' : `${ends.join('; ')}.`}${kept}`,
            columns: scatterColumns(statistics, looks),
          },
        ]),
    ...(survivals.length === 0
      ? []
      : [
          {
            figure: survivalFigure(survivals, axis),
            description: describeSurvival(survivals, axis),
            columns: survivalColumns(survivals, axis),
          },
        ]),
  ]
}

function calibration({ probed }: Report): Drawn[] {
  if (probed.length === 0) return []
  const ranked = probed.map(
    ({ runId, calibration: { auc, brier } }) =>
      `run ${runId}: AUC ${formatFigure(auc.failsNow)}, Brier score ${formatFigure(brier)}`,
  )
  const description = `Of fresh episodes with a random first action. ${ranked.join('; ')}.`
  return [
    { figure: rocFigure(probed), description, columns: rocColumns(probed) },
    { figure: reliabilityFigure(probed), description, columns: reliabilityColumns(probed) },
  ]
}
