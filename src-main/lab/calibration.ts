import { z } from 'zod'
import { failureHorizon, type HeldOutEpisode, harmlessCount } from '../algorithms/threshold.ts'
import type { ThresholdTable } from '../contract/transfer-measurements.ts'
import {
  areaUnderRoc,
  brierScore,
  type ReliabilityBin,
  type RocPoint,
  reliabilityBins,
  rocPoints,
} from '../statistics/calibration.ts'
import { warningLead } from '../training/episode-recorder.ts'
import { LabError } from './errors.ts'
import { type RolloutOptions, rollOut } from './rollouts.ts'
import { tabulateThresholds } from './threshold-table.ts'

const settingsSchema = z.object({ sqrl: z.object({ epsilonSafe: z.number(), gammaSafe: z.number() }) })

/** How well Q_safe tells failures on a task, from fresh episodes of the policy. */
export interface Calibration {
  episodes: number
  failures: number
  steps: number
  epsilonSafe: number
  /** Steps within which a failure counts as foretold: 1 / (1 - gammaSafe). */
  horizon: number
  auc: { failsNow: number | null; failsWithinHorizon: number | null }
  /** Against whether the episode failed within the horizon. */
  brier: number | null
  /** Mean of Q_safe, and of gammaSafe^(steps to the failure), which it estimates. */
  meanQSafe: number
  meanDiscountedFailure: number
  /** Share of the fatal steps, and of all others, with Q_safe above epsilonSafe. */
  recallAtEpsilon: number | null
  falseAlarmRateAtEpsilon: number | null
  /** Warning lead of each failure, in frames. */
  warningLeads: number[]
  /** Of fails-now. */
  roc: RocPoint[]
  reliability: ReliabilityBin[]
  /** False alarms of what the policy did itself; of a probe, failures of its random actions too. */
  thresholds: ThresholdTable
}

interface JudgedStep {
  qSafe: number
  failsNow: boolean
  failsWithinHorizon: boolean
  discountedFailure: number
}

/** @throws LabError where the networks have no safety critic. */
export async function measureCalibration(options: RolloutOptions): Promise<Calibration> {
  const settings = settingsSchema.safeParse(options.settings)
  if (!settings.success || !('safetyCritic' in options.networks.arrays))
    throw new LabError(
      'INVALID',
      'This run has no safety critic, so there is nothing to calibrate. Choose a run of sqrl.',
    )
  const { epsilonSafe, gammaSafe } = settings.data.sqrl
  const horizon = failureHorizon(gammaSafe)
  const { rollouts } = await rollOut(options)
  // A probe judges the random first action alone: what follows is the policy's doing, which Q_safe of that action foretells.
  const judged = (qSafe: Float32Array) => [...qSafe].slice(0, options.randomFirstAction ? 1 : undefined)
  const episodes = rollouts.map(({ qSafe, outcome }) => ({ qSafe, failed: outcome === 'failure' }))
  const steps = episodes.flatMap(({ qSafe, failed }) =>
    judged(qSafe).map((value, index): JudgedStep => {
      const toFailure = qSafe.length - 1 - index
      return {
        qSafe: value,
        failsNow: failed && toFailure === 0,
        failsWithinHorizon: failed && toFailure < horizon,
        discountedFailure: failed ? gammaSafe ** toFailure : 0,
      }
    }),
  )
  const predictions = (event: (step: JudgedStep) => boolean) =>
    steps.map((step) => ({ chance: step.qSafe, event: event(step) }))
  const now = predictions(({ failsNow }) => failsNow)
  const soon = predictions(({ failsWithinHorizon }) => failsWithinHorizon)
  const failures = episodes.filter(({ failed }) => failed)
  return {
    episodes: episodes.length,
    failures: failures.length,
    steps: steps.length,
    epsilonSafe,
    horizon,
    auc: { failsNow: areaUnderRoc(now), failsWithinHorizon: areaUnderRoc(soon) },
    brier: brierScore(soon),
    meanQSafe: mean(steps.map(({ qSafe }) => qSafe)),
    meanDiscountedFailure: mean(steps.map(({ discountedFailure }) => discountedFailure)),
    recallAtEpsilon: shareAbove(
      steps.filter(({ failsNow }) => failsNow),
      epsilonSafe,
    ),
    falseAlarmRateAtEpsilon: shareAbove(
      steps.filter(({ failsWithinHorizon }) => !failsWithinHorizon),
      epsilonSafe,
    ),
    warningLeads: failures.map(({ qSafe }) => warningLead(qSafe, epsilonSafe)),
    roc: corners(rocPoints(now)),
    reliability: reliabilityBins(soon),
    thresholds: options.randomFirstAction
      ? tabulateThresholds(episodes.map(ownHarmless(horizon)), gammaSafe, episodes.map(listed))
      : tabulateThresholds(episodes.map(listed), gammaSafe),
  }
}

interface JudgedEpisode {
  failed: boolean
  qSafe: Float32Array
}

const listed = ({ failed, qSafe }: JudgedEpisode): HeldOutEpisode => ({ failed, qSafe: [...qSafe] })

/** What the policy did itself after a random first action, as far as it was harmless. */
const ownHarmless =
  (horizon: number) =>
  ({ failed, qSafe }: JudgedEpisode): HeldOutEpisode => ({
    failed: false,
    qSafe: [...qSafe.slice(1, Math.max(1, harmlessCount(failed, qSafe.length, horizon)))],
  })

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

function shareAbove(steps: readonly JudgedStep[], epsilonSafe: number): number | null {
  return steps.length === 0 ? null : steps.filter(({ qSafe }) => qSafe > epsilonSafe).length / steps.length
}

/** The curve without the points inside its straight runs. */
function corners(points: readonly RocPoint[]): RocPoint[] {
  return points.filter((point, index) => {
    const before = points[index - 1]
    const after = points[index + 1]
    if (!before || !after) return true
    const flat =
      before.truePositiveRate === point.truePositiveRate && point.truePositiveRate === after.truePositiveRate
    const steep =
      before.falsePositiveRate === point.falsePositiveRate &&
      point.falsePositiveRate === after.falsePositiveRate
    return !flat && !steep
  })
}
