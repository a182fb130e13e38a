import type { ResultFigure } from '../../contract/comparisons.ts'
import { markerPath } from '../../contract/figures/marks.ts'
import { formatCount, formatFigure } from '../../contract/figures/number-words.ts'
import {
  formatAverage,
  formatDifference,
  formatInterval,
  resultNames,
} from '../../contract/figures/results.ts'
import { formatMedian } from '../../contract/figures/survival.ts'
import type { Report, ReportedGroup } from './gather.ts'
import { type Column, type Content, Html, html, table } from './html.ts'
import { effectOf, seedsOf } from './words.ts'

/** A group's name behind a piece of its line with its marker. */
export function groupMark({ look }: Pick<ReportedGroup, 'look'>): Html {
  const { colour, dash, marker } = look
  const line = new Html(
    `<svg class="mark" width="26" height="10" viewBox="0 0 26 10" aria-hidden="true"><path d="M0 5h26" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash.join(' ')}"/><path d="${markerPath(marker, 13, 5, 3.5)}" fill="${colour}"/></svg>`,
  )
  return html`${line}<bdi>${look.label}</bdi>`
}

const shown = [
  'failureRate',
  'finalReturn',
  'successRate',
  'cumulativeFailures',
  'worstReturns',
  'meanReturn',
] as const

const titleOf = (figure: ResultFigure): string => {
  const { label, unit } = resultNames[figure]
  return unit ? `${label} (${unit})` : label
}

export function results({ groups }: Report): Html {
  const sum = ({ result }: ReportedGroup, of: 'episodes' | 'failures') =>
    formatCount(result.runs.reduce((total, run) => total + run[of], 0))
  const columns: Column<ReportedGroup>[] = [
    { title: 'Group', cell: groupMark },
    { title: 'Seeds', isNumber: true, cell: (group) => formatCount(seedsOf(group)) },
    { title: 'Episodes', isNumber: true, cell: (group) => sum(group, 'episodes') },
    { title: 'Failures', isNumber: true, cell: (group) => sum(group, 'failures') },
    ...shown.map(
      (figure): Column<ReportedGroup> => ({
        title: titleOf(figure),
        isNumber: true,
        cell: ({ result }) => formatAverage(result, figure),
      }),
    ),
    {
      title: 'Median first failure (step)',
      isNumber: true,
      cell: ({ result }) => formatMedian(result.survival.steps),
    },
    { title: 'Pareto front', cell: ({ result }) => (result.isPareto ? 'on it' : '') },
  ]
  return table('Results of each group', columns, groups)
}

/** What each figure is, once. */
export function meanings(): Html {
  return html`<dl>${[...shown].map(
    (figure) => html`<div><dt>${resultNames[figure].label}</dt><dd>${resultNames[figure].help}</dd></div>`,
  )}
<div><dt>Median first failure</dt><dd>By then at most half of a group’s runs have not failed; runs that never failed count until their end.</dd></div>
<div><dt>Intervals</dt><dd>95 %: bootstraps over seeds; of rates the wider of that and Wilson’s interval over all episodes.</dd></div>
<div><dt>Effect size</dt><dd>d_z: the mean of the differences seed by seed in their own standard deviations. g: without pairs, in pooled standard deviations (Hedges).</dd></div>
<div><dt>Chance to be better</dt><dd>Of all pairs of a run of the group with one of the baseline, the share in which the group’s is better, a tie counting half.</dd></div></dl>`
}

export function differences({ groups, baseline }: Report): Content {
  if (baseline === null || groups.length < 2) return null
  const rows = groups.flatMap((group) =>
    group === baseline
      ? []
      : shown.flatMap((figure) => {
          const difference = group.result.differences[figure]
          return difference ? [{ group, figure, difference }] : []
        }),
  )
  const refused = groups.filter(({ result }) => result.refusals.length > 0)
  const why = refused.map(
    ({ look, result }) => html`<p><bdi>${look.label}</bdi>: ${result.refusals.join(' ')}</p>`,
  )
  if (rows.length === 0)
    return html`${why}${why.length === 0 ? html`<p>No differences can be worked out yet.</p>` : null}`
  type Row = (typeof rows)[number]
  const columns: Column<Row>[] = [
    { title: 'Group', cell: ({ group }) => groupMark(group) },
    { title: 'Figure', cell: ({ figure }) => titleOf(figure) },
    {
      title: html`Difference to <bdi>${baseline.look.label}</bdi>, 95 %`,
      isNumber: true,
      cell: ({ figure, difference }) => formatDifference(difference, resultNames[figure].scale),
    },
    {
      title: 'Pairs of seeds',
      isNumber: true,
      cell: ({ difference }) => (difference.pairs === null ? 'none' : formatCount(difference.pairs)),
    },
    { title: 'Effect size', isNumber: true, cell: ({ difference }) => effectOf(difference) || '–' },
    {
      title: 'Chance to be better (%)',
      isNumber: true,
      cell: ({ difference }) => formatFigure(Math.round(difference.improvement * 100)),
    },
    { title: 'Verdict', cell: ({ difference }) => difference.verdict },
  ]
  return html`${why}${table('Differences to the baseline', columns, rows)}`
}

export function pretraining({ groups }: Report): Content {
  const rows = groups.flatMap(({ look, result: { pretraining: before } }) =>
    before ? [{ look, before }] : [],
  )
  if (rows.length === 0) return null
  type Row = (typeof rows)[number]
  const columns: Column<Row>[] = [
    { title: 'Group', cell: groupMark },
    { title: 'Runs', isNumber: true, cell: ({ before }) => formatCount(before.runs) },
    { title: 'Episodes', isNumber: true, cell: ({ before }) => formatCount(before.episodes) },
    { title: 'Failures', isNumber: true, cell: ({ before }) => formatCount(before.failures) },
    {
      title: 'Failure rate (%)',
      isNumber: true,
      cell: ({ before }) => formatInterval(before.failureRate, 100),
    },
  ]
  return html`<h3>Before that: pre-training</h3>
<p>The runs that these started from, where failing was harmless.</p>
${table('Pre-training of each group', columns, rows)}`
}

const MOST_CAUSES = 20

export function causes({ groups }: Report): Html {
  const totals = new Map<string, number>()
  for (const group of groups)
    for (const [cause, count] of group.causes) totals.set(cause, (totals.get(cause) ?? 0) + count)
  if (totals.size === 0) return html`<p>No training episode failed.</p>`
  const all = [...totals].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([cause]) => cause)
  const [named, rest] = [all.slice(0, MOST_CAUSES), all.slice(MOST_CAUSES)]
  const rows = [
    ...named.map((cause) => ({ title: cause === '' ? 'not recorded' : cause, causes: [cause] })),
    ...(rest.length > 0 ? [{ title: `${rest.length} other causes`, causes: rest }] : []),
  ]
  type Row = (typeof rows)[number]
  const columns: Column<Row>[] = [
    { title: 'Cause', cell: ({ title }) => title },
    ...groups.map(
      (group): Column<Row> => ({
        title: groupMark(group),
        isNumber: true,
        cell: (row) =>
          formatCount(row.causes.reduce((sum, cause) => sum + (group.causes.get(cause) ?? 0), 0)),
      }),
    ),
  ]
  return table('Failures by cause', columns, rows)
}
