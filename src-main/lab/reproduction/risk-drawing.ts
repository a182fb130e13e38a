import type { CsvColumn } from '../../contract/figures/csv.ts'
import { extentOf, type Figure, type FigureLine, type FigurePoint } from '../../contract/figures/figure.ts'
import type { TargetTask } from './request.ts'
import type { RiskCount, RiskStep, WalkRisks } from './walk-risks.ts'

/** More would cover each other: steps of the stretch with most refusals, and candidates of each beside the one taken. */
const STEPS = 40
const CANDIDATES = 12
/** Of a step's width, which its candidates take. */
const SPREAD = 0.6

type Role = 'taken' | 'allowed' | 'masked'
const looks: Readonly<Record<Role, { colour: string; opacity: number }>> = {
  masked: { colour: 'var(--action-masked)', opacity: 0.75 },
  allowed: { colour: 'var(--action-allowed)', opacity: 0.75 },
  taken: { colour: 'var(--action-chosen)', opacity: 1 },
}

interface Candidate {
  frame: number
  /** Among those of its step. */
  place: number
  role: Role
  action: Float32Array
  qSafe: number
}

/** Q_safe of candidate actions along an episode of the first seed, as Figure 6 of the paper has it. */
export function risksAlong(title: string, target: TargetTask, all: readonly WalkRisks[]): Figure {
  const risks = all[0]
  const { steps, from } = stretch(risks)
  const shown = steps.flatMap((step, index) => candidatesOf(step, from + index, risks?.epsilonSafe ?? 1))
  const drawn = shown.filter(({ place, role }) => role === 'taken' || place < CANDIDATES)
  const taken = drawn.filter(({ role }) => role === 'taken')
  const directionOf = directions[target.environment]
  const order: readonly Role[] = ['masked', 'allowed', 'taken']
  return {
    title,
    xLabel: 'step of the episode',
    yLabel: 'failure probability, Q_safe',
    caption: captionOf(all, from, steps.length, directionOf !== undefined),
    x: { from: from - 1, to: from + Math.max(1, steps.length) },
    y: extentOf([...drawn.map(({ qSafe }) => qSafe), risks?.epsilonSafe ?? 1]),
    formatX: String,
    formatY: (value) => String(Number(value.toPrecision(6))),
    isLegendOutside: true,
    lines: [
      ...order.toReversed().map((role): FigureLine => {
        const isTaken = role === 'taken'
        return {
          label: role,
          x: isTaken ? taken.map(({ frame }) => frame) : [],
          y: isTaken ? taken.map(({ qSafe }) => qSafe) : [],
          colour: looks[role].colour,
          width: 1.25,
        }
      }),
    ],
    points: order.flatMap((role) =>
      drawn
        .filter((candidate) => candidate.role === role)
        .map(({ frame, place, qSafe, action }): FigurePoint => {
          const direction = directionOf?.(action)
          return {
            label: role,
            // Beside each other, the one taken in the middle.
            x: role === 'taken' ? frame : frame + ((place + 0.5) / CANDIDATES - 0.5) * SPREAD,
            y: qSafe,
            ...looks[role],
            marker: 'circle',
            size: direction === undefined ? 2 : 7,
            ...(direction === undefined ? {} : { direction }),
          }
        }),
    ),
    thresholds: risks ? [{ axis: 'y', at: risks.epsilonSafe, label: 'ε_safe', colour: 'var(--ink)' }] : [],
  }
}

/** Where an action leads on the page, for environments whose actions are a direction: DrunkSpider's are row and column, seen from above. */
const directions: Partial<Record<TargetTask['environment'], (action: Float32Array) => number>> = {
  'drunk-spider': ([row = 0, column = 0]) => Math.atan2(-row, column),
}

/** The steps with most refusals, where the whole is too long. */
function stretch(risks: WalkRisks | undefined): { steps: RiskStep[]; from: number } {
  if (!risks) return { steps: [], from: 0 }
  const { steps } = risks.example
  const refused = steps.map(
    ({ candidates }) => candidates.filter(({ qSafe }) => qSafe > risks.epsilonSafe).length,
  )
  const sumFrom = (from: number) => refused.slice(from, from + STEPS).reduce((sum, count) => sum + count, 0)
  let from = 0
  for (let start = 1; start + STEPS <= steps.length; start++) if (sumFrom(start) > sumFrom(from)) from = start
  return { steps: steps.slice(from, from + STEPS), from }
}

const candidatesOf = ({ candidates, chosen }: RiskStep, frame: number, epsilonSafe: number): Candidate[] =>
  candidates.map(({ action, qSafe }, index) => ({
    frame,
    place: index,
    action,
    qSafe,
    role: index === chosen ? 'taken' : qSafe > epsilonSafe ? 'masked' : 'allowed',
  }))

function captionOf(all: readonly WalkRisks[], from: number, steps: number, hasDirections: boolean): string {
  const [risks] = all
  if (!risks) return ''
  const { example, seed } = risks
  const whole = example.steps.length
  const part = steps < whole ? ` Steps ${from} to ${from + steps - 1} of ${whole}.` : ''
  const inWords = (side: 'masked' | 'unmasked') => {
    const sum = (name: keyof RiskCount) => all.reduce((so, { [side]: count }) => so + count[name], 0)
    return `${sum('above')} of ${sum('steps')} actions lie above ε_safe and ${sum('failures')} of ${sum('episodes')} episodes fail`
  }
  return [
    `The masked episode of seed ${seed}’s final policy in which most was refused; it ended in ${example.outcome}.${part}`,
    `${hasDirections ? 'Arrows point where an action leads on the map' : 'Each point is a candidate'}; the one taken at each step is drawn with ${CANDIDATES} others.`,
    `Seeds: ${all.length}. With the mask ${inWords('masked')}; without it ${inWords('unmasked')}.`,
  ].join(' ')
}

/** Every candidate of the episode that is drawn. */
export function candidateColumns([risks]: readonly WalkRisks[]): CsvColumn[] {
  if (!risks) return []
  const { example, seed, epsilonSafe } = risks
  const all = example.steps.flatMap((step, frame) => candidatesOf(step, frame, epsilonSafe))
  return [
    { name: 'seed', values: all.map(() => seed) },
    { name: 'episode', values: all.map(() => example.episode) },
    { name: 'step', values: all.map(({ frame }) => frame) },
    { name: 'qSafe', values: all.map(({ qSafe }) => qSafe) },
    { name: 'role', values: all.map(({ role }) => role) },
    { name: 'action', values: all.map(({ action }) => action.join(' ')) },
  ]
}

/** A row per seed: what its episodes came to with the mask and without. */
export function riskColumns(all: readonly WalkRisks[]): CsvColumn[] {
  const of = (side: 'masked' | 'unmasked') =>
    (['steps', 'above', 'episodes', 'failures'] as const).map((name) => ({
      name: `${side}: ${name}`,
      values: all.map(({ [side]: count }) => count[name]),
    }))
  return [
    { name: 'seed', values: all.map(({ seed }) => seed) },
    { name: 'epsilonSafe', values: all.map(({ epsilonSafe }) => epsilonSafe) },
    ...of('masked'),
    ...of('unmasked'),
  ]
}
