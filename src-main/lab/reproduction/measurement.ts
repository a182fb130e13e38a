import { type EpisodeFigure, episodeFigures } from '../../contract/comparisons.ts'
import { type Interval, unknownInterval } from '../../contract/numbers.ts'
import { unpackArrays } from '../../contract/packed-arrays.ts'
import type { Run } from '../../contract/runs.ts'
import type { Way } from '../../environments/drunk-spider-ways.ts'
import type { Store } from '../../store/store.ts'
import type { comparisonCases } from '../comparisons/cases.ts'
import { type FigureName, figures } from './claims.ts'
import type { Played } from './final-policies.ts'
import type { Measured } from './measured.ts'
import { type ReproductionRequest, type TargetTask, transferOf } from './request.ts'
import { comparableRuns, methodsOf, survey } from './runs.ts'
import type { RiskCount, WalkRisks } from './walk-risks.ts'
import type { Walk } from './walks.ts'

/** What a line, a point or the walks of a figure are made of. */
export interface Arm extends Measured {
  runIds: number[]
  episodes: number
  failures: number
  finalReturnInterval: Interval
  successInterval: Interval
  /** Null where no curves are drawn. */
  curve: { x: Float64Array; mid: Float64Array; low: Float64Array; high: Float64Array } | null
  /** Of the final policies; empty but for the figures that draw them. */
  walks: Walk[]
  risks: WalkRisks[]
}

type Comparisons = Pick<ReturnType<typeof comparisonCases>, 'curves' | 'statistics'>

const POINTS = 200

/** What comparisons tell of runs, without walks. */
type Compared = Omit<Arm, 'variant' | 'method' | keyof ReturnType<typeof sharesOfWalks> | 'walks' | 'risks'>

const nothing: Compared = {
  runIds: [],
  episodes: 0,
  failures: 0,
  finalReturn: [],
  failureRate: [],
  meanReturn: [],
  failureRateInterval: unknownInterval,
  finalReturnInterval: unknownInterval,
  successInterval: unknownInterval,
  curve: null,
}

/** The finished runs of a figure on one target, method by method; a method without any is there with nothing. */
export async function measureArms(
  store: Store,
  comparisons: Comparisons,
  request: ReproductionRequest,
  figure: FigureName,
  target: TargetTask,
  played: { walks: Played<Walk>; risks: Played<WalkRisks> },
): Promise<Arm[]> {
  const { variants, phase, draws } = figures[figure]
  const runs = comparableRuns(store)
  const arms: Arm[] = []
  for (const variant of variants) {
    const asked = methodsOf(request, variant)
    const transfer = transferOf(request, target, asked, variant.settings, variant.name)
    const needed = survey({ request: transfer, phases: new Set([phase]) }, runs)
    const byMethod = Map.groupBy(needed, ({ planned }) => planned.specification.method)
    for (const [method, needs] of byMethod) {
      const finished = needs.flatMap(({ run }) => (run?.state === 'finished' ? [run] : []))
      const curve = episodeFigures.find((name) => name === draws) ?? null
      const measured = finished.length === 0 ? nothing : await measure(comparisons, finished, curve)
      const walks = draws === 'ways' ? (await Promise.all(finished.map(played.walks))).flat() : []
      const risks = draws === 'risks' ? (await Promise.all(finished.map(played.risks))).flat() : []
      arms.push({
        variant: variant.name,
        method,
        ...measured,
        walks,
        risks,
        ...sharesOfWalks(walks, risks),
      })
    }
  }
  return arms
}

/** What is counted in the episodes of the final policies, by seed. */
function sharesOfWalks(walks: readonly Walk[], risks: readonly WalkRisks[]) {
  const ofWay = (way: Way) =>
    [...Map.groupBy(walks, ({ seed }) => seed)].map(([seed, ofSeed]) => ({
      seed,
      value: ofSeed.filter((walk) => walk.way === way).length / ofSeed.length,
    }))
  const ofRisk = (
    read: (risks: WalkRisks) => RiskCount,
    part: 'above' | 'failures',
    of: 'steps' | 'episodes',
  ) => risks.map((one) => ({ seed: one.seed, value: read(one)[part] / read(one)[of] }))
  return {
    bridgeShare: ofWay('bridge'),
    detourShare: ofWay('detour'),
    aboveShare: ofRisk(({ masked }) => masked, 'above', 'steps'),
    unmaskedAboveShare: ofRisk(({ unmasked }) => unmasked, 'above', 'steps'),
    walkFailureRate: ofRisk(({ masked }) => masked, 'failures', 'episodes'),
    unmaskedWalkFailureRate: ofRisk(({ unmasked }) => unmasked, 'failures', 'episodes'),
  }
}

async function measure(
  comparisons: Comparisons,
  runs: readonly Run[],
  figure: EpisodeFigure | null,
): Promise<Compared> {
  const runIds = runs.map(({ id }) => id)
  const { results } = await comparisons.statistics({ runIds, groupBy: ['phase'] })
  const [result] = results
  if (!result) throw new Error('Runs that were just found are not in the lab.')
  const valuesOf = (name: 'finalReturn' | 'failureRate' | 'meanReturn') =>
    result.runs.flatMap(({ seed, figures: values }) => {
      const value = values[name]
      return value === null ? [] : [{ seed, value }]
    })
  return {
    runIds,
    episodes: result.runs.reduce((sum, { episodes }) => sum + episodes, 0),
    failures: result.runs.reduce((sum, { failures }) => sum + failures, 0),
    finalReturn: valuesOf('finalReturn'),
    failureRate: valuesOf('failureRate'),
    meanReturn: valuesOf('meanReturn'),
    failureRateInterval: result.figures.failureRate,
    finalReturnInterval: result.figures.finalReturn,
    successInterval: result.figures.successRate,
    curve: figure === null ? null : await curveOf(comparisons, runs, figure),
  }
}

async function curveOf(
  comparisons: Comparisons,
  runs: readonly Run[],
  figure: EpisodeFigure,
): Promise<Arm['curve']> {
  const { arrays } = await comparisons.curves({
    runIds: runs.map(({ id }) => id),
    groupBy: ['phase'],
    figures: [figure],
    points: POINTS,
    range: { from: 0, to: Math.max(...runs.map(({ specification }) => specification.steps)) },
  })
  const unpacked = unpackArrays(await arrays.arrayBuffer())
  const read = (name: string) => Float64Array.from(unpacked[name] ?? [])
  return { x: read('x'), mid: read('0/0/mid'), low: read('0/0/low'), high: read('0/0/high') }
}
