import { formatInterval } from '../../src-main/contract/figures/results.ts'
import type {
  ReproductionFinding,
  ReproductionQuery,
  ReproductionStanding,
  ReproductionVerdict,
} from '../../src-main/contract/index.ts'
import { formatCount } from '../text/numbers.ts'

/** Told apart by shape as well as by word. */
export const verdictSigns: Record<ReproductionVerdict, string> = {
  reproduced: '●',
  partly: '◐',
  'not reproduced': '○',
  'not enough runs': '–',
}

/** `figure-10a` is Figure 10a. */
export const figureLabel = (name: string): string => name.replace(/^figure-/, 'Figure ')

export const findingKey = ({ figure, target }: Pick<ReproductionFinding, 'figure' | 'target'>): string =>
  `${figure}-${target}`

export const lengthsLabel = (budget: ReproductionQuery['budget']): string => {
  if (budget === 'paper') return 'as long as in the paper'
  if (budget === 1) return 'as long as in the study'
  return `${Number((100 * budget).toPrecision(3))} % of the study`
}

export const thereOf = ({ arms }: ReproductionFinding): { there: number; needed: number } => ({
  there: arms.reduce((sum, { runIds }) => sum + runIds.length, 0),
  needed: arms.reduce((sum, { needed }) => sum + needed, 0),
})

/** The figure for readers who hear it. */
export function describeFinding({ title, target, arms }: ReproductionFinding): string {
  const known = arms.filter(({ runIds }) => runIds.length > 0)
  const told = known.map(
    ({ label, failureRate, finalReturn }) =>
      `${label}: failure rate ${formatInterval(failureRate, 100)} %, final return ${formatInterval(finalReturn, 1)}`,
  )
  return `${title}, ${target}. ${told.join('; ')}.`
}

export const runCount = (count: number): string => (count === 1 ? '1 run' : `${formatCount(count)} runs`)

export const missingRuns = ({ missing }: ReproductionStanding): number =>
  missing.reduce((sum, { count }) => sum + count, 0)
