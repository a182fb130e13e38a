import { toCsv } from '../../contract/figures/csv.ts'
import { methodName } from '../../contract/transfer.ts'
import { type FigureName, figures } from './claims.ts'
import { draw } from './drawing.ts'
import type { Arm } from './measurement.ts'
import type { ReproductionRequest, TargetTask } from './request.ts'
import { riskColumns } from './risk-drawing.ts'
import { formatInterval, markdownTable, resultCsv, resultMarkdown } from './tables.ts'
import { type Check, rulesInWords, type Verdict, verdictOf } from './verdicts.ts'

/** One figure on one target task: the paper's claim, our numbers and what they make of it. */
export interface Finding {
  figure: FigureName
  target: string
  claim: string
  checks: Check[]
  verdict: Verdict
}

interface Part {
  finding: Finding
  files: Record<string, string>
  markdown: string
}

export function reportPart(
  { budget, methods }: ReproductionRequest,
  figure: FigureName,
  target: TargetTask,
  arms: readonly Arm[],
): Part {
  const { title, claim, checks: check, phase, speaksOfAll, draws } = figures[figure]
  const leftOut = speaksOfAll
    ? methodName.options.filter((name) => name !== 'sqrl' && !methods.includes(name))
    : []
  const place = phase === 'pretrain' ? target.environment : target.name
  const name = `${figure}-${place}`
  const checks = check(arms, target.environment)
  const finding: Finding = {
    figure,
    target: place,
    claim: claim(target.environment),
    checks,
    verdict: verdictOf(checks, budget === 'paper' ? null : budget, leftOut.length === 0),
  }
  const { svg, csv } = draw(figures[figure], target, place, arms)
  const table = resultMarkdown(arms)
  const markdown = [
    `## ${figure.replace('figure-', 'Figure ')}, ${place}: ${finding.verdict}`,
    `**${title}.** The paper: ${finding.claim}`,
    `![${title}](${name}.svg)`,
    checks.length === 0 ? 'There is nothing to compare: runs of a side are missing.\n' : checkTable(checks),
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join(', ').toUpperCase()}.`]),
    table,
  ].join('\n\n')
  const files = {
    [`${name}.svg`]: svg,
    [`${name}.csv`]: csv,
    [`${name}-results.csv`]: resultCsv(arms),
    [`${name}-results.md`]: table,
    ...(draws === 'risks'
      ? { [`${name}-walks.csv`]: toCsv(riskColumns(arms.flatMap(({ risks }) => risks))) }
      : {}),
  }
  return { finding, files, markdown }
}

function checkTable(checks: readonly Check[]): string {
  return markdownTable(
    ['check', 'measured, 95 %', 'seeds', 'outcome'],
    checks.map(({ sentence, measured, unit, seeds, outcome }) => [
      sentence,
      unit === null ? formatInterval(measured) : `${formatInterval(measured, 100)} ${unit}`,
      String(seeds),
      outcome,
    ]),
  )
}

export function reportText(request: ReproductionRequest, parts: readonly Part[], standing: string): string {
  const { budget, seeds } = request
  const lengths = budget === 'paper' ? 'the paper’s lengths' : `${budget} of the lengths of the study`
  return [
    '# Reproduction',
    `${seeds === 1 ? 'One seed' : `${seeds} seeds`}, ${lengths}. ${standing}`,
    markdownTable(
      ['figure', 'task', 'verdict'],
      parts.map(({ finding: { figure, target, verdict } }) => [figure, target, verdict]),
    ),
    '## How the verdicts come about',
    rulesInWords.map((rule) => `- ${rule}`).join('\n'),
    ...parts.map(({ markdown }) => markdown),
  ].join('\n\n')
}
