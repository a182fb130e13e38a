import { environmentName } from '../../contract/transfer.ts'
import { figures } from './figures.ts'
import { inPanel, type Report } from './gather.ts'
import { type Content, Html, html, written } from './html.ts'
import { machines, moment, notes, requests, runsTable } from './provenance.ts'
import { causes, differences, groupMark, meanings, pretraining, results } from './sections.ts'
import { differingSettings, sharedSettings } from './setup.ts'
import { style } from './style.ts'
import { answerOf, countOf, joinWords, phaseOf, seedsOf } from './words.ts'

/** Nothing is loaded and nothing runs, whatever names and notes hold. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** The whole file. The same runs give the same bytes: there is no clock in it but what the lab has stored. */
export function reportDocument(report: Report): string {
  const panels = report.panels.map((panel) => ({ panel, part: inPanel(report, panel) }))
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="SQRL Lab">
<title>${report.title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<header>
<p class="kind">${kindOf(report)}</p>
<h1>${written(report.title)}</h1>
<p class="about">${about(report)}</p>
</header>
${panels.map(({ panel, part }, index) => findings(part, panel.label, index === 0 ? '' : `-${index + 1}`))}
${section(
  'setup',
  'What was trained',
  html`<h3>What differs</h3>
${differingSettings(report)}
${sharedSettings(report)}
${requests(report)}`,
)}
${notes(report)}
${section('runs', 'Runs', runsTable(report))}
${section('provenance', 'Trained with', machines(report))}
</main>
</body>
</html>
`
  return page.text
}

/** What came out, in one panel; its name stands in the headings where there are several. */
function findings(report: Report, panel: string, suffix: string): Html {
  const { question, answer, findings: told, warnings } = answerOf(report)
  const legend = html`<ul class="legend">${report.groups.map((group) => html`<li>${groupMark(group)}</li>`)}</ul>`
  const titled = (id: string, title: string, content: Content) =>
    section(`${id}${suffix}`, panel === '' ? title : `${title}: ${panel}`, content)
  return html`${titled(
    'answer',
    'In short',
    html`<p class="muted">${question}</p>
<p class="answer">${answer}</p>
<ul>${told.map((text) => html`<li>${text}</li>`)}</ul>
${warnings.length === 0 ? null : html`<ul class="warnings" aria-label="What weakens this">${warnings.map((text) => html`<li>${text}</li>`)}</ul>`}`,
  )}
${titled(
  'results',
  'Results',
  html`<p>Means over seeds with 95 % intervals.</p>
${results(report)}
${pretraining(report)}
<details><summary>What the figures mean</summary>${meanings()}</details>`,
)}
${report.groups.length < 2 ? null : titled('differences', 'Differences', differences(report))}
${titled('figures', 'Figures', html`${legend}${figures(report, `figure${suffix}`)}`)}
${titled('causes', 'Failures by cause', html`<p>Training episodes and extra rollouts; evaluation is not counted.</p>${causes(report)}`)}
`
}

const section = (id: string, title: string, content: Content): Html =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}</section>`

const kindOf = ({ experiment, experiments }: Report): Content =>
  experiment === null
    ? ['Comparison of runs of ', joinWords(experiments.map(({ id }) => `experiment ${id}`))]
    : `Experiment ${experiment.id}, ${moment(experiment.createdAt)}`

const names = { 'drunk-spider': 'DrunkSpider', minitaur: 'the Minitaur', 'cube-rotate': 'the cube' } as const

function about(report: Report): string {
  const { described, groups, statistics } = report
  const environments = environmentName.options.filter((name) =>
    described.some(({ run }) => run.specification.task.environment === name),
  )
  const where = joinWords(environments.map((name) => names[name]))
  const finished = described.filter(({ run }) => run.state === 'finished').length
  const seeds = [...new Set(groups.map(seedsOf))].sort((a, b) => a - b)
  const each = seeds.length === 1 ? countOf(seeds[0] ?? 0, 'seed') : `${seeds[0]} to ${seeds.at(-1)} seeds`
  const gone = statistics.missing.length
  return [
    `${joinWords(new Set(groups.map(({ look }) => look.label)))} in ${phaseOf(report)} on ${where}: ${countOf(described.length, 'run')} with ${each} each, ${finished === described.length ? 'all finished' : `${finished} of them finished`}.`,
    gone === 0 ? '' : ` Not in the lab any more, and left out: ${countOf(gone, 'run')}.`,
  ].join('')
}
