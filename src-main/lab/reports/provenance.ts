import { methodLooks, phaseNames } from '../../contract/figures/method-looks.ts'
import { formatCount, formatFigure } from '../../contract/figures/number-words.ts'
import type { Run } from '../../contract/runs.ts'
import type { Report } from './gather.ts'
import { type Column, type Html, html, long, table, written } from './html.ts'

/** To the minute in UTC, so that every machine writes the same. */
export const moment = (timestamp: number | null): string =>
  timestamp === null ? '–' : `${new Date(timestamp).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** Every run reported, and those that they started from. */
export function runsTable({ runs, groups, looks }: Report): Html {
  const labels = new Map(
    groups.flatMap(({ group }) =>
      group.runs.map(({ id }) => [id, looks.get(group.id)?.label ?? ''] as const),
    ),
  )
  const columns: Column<Run>[] = [
    { title: 'Run', isNumber: true, cell: ({ id }) => id },
    { title: 'Group', cell: ({ id }) => labels.get(id) ?? 'started from' },
    { title: 'Method', cell: ({ specification }) => methodLooks[specification.method].label },
    { title: 'Phase', cell: ({ specification }) => phaseNames[specification.phase] },
    { title: 'Seed', isNumber: true, cell: ({ specification }) => specification.seed },
    { title: 'State', cell: ({ state, error }) => (error === null ? state : long(`${state}: ${error}`)) },
    { title: 'Steps', isNumber: true, cell: ({ step }) => formatCount(step) },
    { title: 'of', isNumber: true, cell: ({ specification }) => formatCount(specification.steps) },
    { title: 'Episodes', isNumber: true, cell: ({ episodes }) => formatCount(episodes) },
    { title: 'Failures', isNumber: true, cell: ({ failures }) => formatCount(failures) },
    { title: 'Return', isNumber: true, cell: ({ recentReturn }) => formatFigure(recentReturn) },
    { title: 'Starts from run', isNumber: true, cell: ({ pretrainRunId }) => pretrainRunId ?? '–' },
    { title: 'Ended', cell: ({ endedAt }) => moment(endedAt) },
    {
      title: 'Commit',
      cell: ({ provenance }) => html`<code>${provenance?.gitCommit?.slice(0, 10) ?? '–'}</code>`,
    },
    { title: 'Version', cell: ({ provenance }) => provenance?.application ?? '–' },
    { title: 'Tags', cell: ({ tags }) => tags.map((tag, index) => [index > 0 ? ', ' : null, written(tag)]) },
    { title: 'Note', cell: ({ note }) => long(written(note)) },
  ]
  return table('Runs', columns, runs)
}

/** Machines and software, once for all runs that they trained. */
export function machines({ runs }: Report): Html {
  const known = runs.filter(({ provenance }) => provenance !== null)
  const alike = [...Map.groupBy(known, ({ provenance }) => JSON.stringify(provenance)).values()]
  if (alike.length === 0) return html`<p>None of these runs has started.</p>`
  return html`${alike.map(([first, ...more]) => {
    const { provenance } = first ?? {}
    if (!first || !provenance) return null
    const facts: [string, string][] = [
      ['Runs', [first, ...more].map(({ id }) => id).join(', ')],
      ['Version', provenance.application],
      ['Commit', provenance.gitCommit ?? 'not known'],
      ['Engine', provenance.engine],
      ['Threads of a run', String(provenance.threads)],
      ['Processor', provenance.cpu],
      ['System', provenance.platform],
      ...Object.entries(provenance.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]
    return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
`
  })}`
}

/** What was asked for, to be asked for again. */
export function requests({ experiments }: Report): Html {
  return html`${experiments.map(
    ({
      id,
      name,
      createdAt,
      request,
    }) => html`<details><summary>What was asked for as experiment ${id}, ${written(name)}, on ${moment(createdAt)}</summary>
<p>Kept in a file, <code>npm run --silent lab -- transfer --file FILE</code> asks for it again.</p>
<div class="scroll" role="region" aria-label="Request of experiment ${id}" tabindex="0"><pre>${JSON.stringify(request, null, 2)}</pre></div></details>
`,
  )}`
}

/** What was written about it. */
export function notes({ experiments }: Report): Html | null {
  const withNotes = experiments.filter(({ note }) => note.trim() !== '')
  if (withNotes.length === 0) return null
  return html`<section aria-labelledby="notes"><h2 id="notes">Notes</h2>
${withNotes.map(
  ({ id, name, note }) => html`<h3>${written(name)} (experiment ${id})</h3>
<p class="note">${written(note)}</p>
`,
)}</section>`
}
