import {
  type ReproductionFinding,
  type ReproductionQuery,
  reproductionQuery,
} from '../../contract/reproductions.ts'
import { FEW_SEEDS } from '../comparisons/statistics.ts'
import { figures } from './claims.ts'
import { printColours } from './drawing.ts'
import { labelOf } from './measured.ts'
import type { Arm } from './measurement.ts'
import type { Finding } from './report.ts'
import { parseFigures, parseTargets, type ReproductionRequest } from './request.ts'
import { FEWEST_STEPS } from './verdicts.ts'

/** As words of the command line would ask for it. */
export function requestOf(query: ReproductionQuery): ReproductionRequest {
  const { figure, environments, methods, seeds, budget } = reproductionQuery.parse(query)
  const targets = parseTargets(environments)
  return { figures: parseFigures(figure, targets), targets, methods, seeds, budget }
}

/** A finding with what a window shows of it beside the words. */
export function shownFinding(
  request: ReproductionRequest,
  finding: Finding,
  arms: readonly Arm[],
  svg: string | undefined,
): ReproductionFinding {
  const { title, phase } = figures[finding.figure]
  const isDrawn = arms.some(({ runIds }) => runIds.length > 0)
  return {
    ...finding,
    title,
    phase,
    why: whyOf(request, finding, arms),
    arms: arms.map((arm) => ({
      label: labelOf(arm),
      method: arm.method,
      runIds: arm.runIds,
      needed: request.seeds,
      episodes: arm.episodes,
      failures: arm.failures,
      failureRate: arm.failureRateInterval,
      finalReturn: arm.finalReturnInterval,
      successRate: arm.successInterval,
    })),
    svg: isDrawn && svg !== undefined ? withProperties(svg) : null,
  }
}

const properties = new Map(Object.entries(printColours).map(([name, colour]) => [colour, name]))

/** Colours of print back to what they stand for, so that a window can show its own. */
const withProperties = (svg: string): string =>
  svg.replaceAll(/"(#[0-9a-f]{6})"/g, (whole, colour: string) => {
    const name = properties.get(colour)
    return name === undefined ? whole : `"var(${name})"`
  })

function whyOf(
  { budget, seeds }: ReproductionRequest,
  { checks, verdict }: Finding,
  arms: readonly Arm[],
): string {
  const bare = arms.filter(({ runIds }) => runIds.length === 0).map(labelOf)
  if (verdict === 'not enough runs') {
    if (budget !== 'paper' && budget < FEWEST_STEPS)
      return `Trainings shorter than ${100 * FEWEST_STEPS} % of the study’s lengths get no verdict.`
    if (seeds < FEW_SEEDS) return `Fewer than ${FEW_SEEDS} seeds get no verdict.`
    if (bare.length > 0) return `There are no finished runs of ${new Intl.ListFormat('en').format(bare)}.`
    return `A verdict takes ${FEW_SEEDS} seeds that both sides of each comparison have.`
  }
  const count = (wanted: string) => checks.filter(({ outcome }) => outcome === wanted).length
  const [holding, unclear, contradicted] = [count('holds'), count('unclear'), count('contradicted')]
  const parts = [
    `${holding} of ${checks.length} ${checks.length === 1 ? 'check' : 'checks'} ${holding === 1 ? 'holds' : 'hold'}`,
    ...(unclear > 0 ? [`${unclear} ${unclear === 1 ? 'is' : 'are'} unclear`] : []),
    ...(contradicted > 0 ? [`${contradicted} ${contradicted === 1 ? 'is' : 'are'} contradicted`] : []),
  ]
  const isWhole = holding < checks.length || verdict === 'reproduced'
  return `${parts.join(', ')}${isWhole ? '' : ', but methods that the claim speaks of are left out'}.`
}
