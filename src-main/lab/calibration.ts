import { z } from 'zod'
import { ActionSampler } from '../algorithms/action-sampler.ts'
import { selectSafeAction } from '../algorithms/mask.ts'
import { perceptronShapes } from '../algorithms/networks.ts'
import { restoreGroup } from '../algorithms/state.ts'
import type { Task } from '../contract/transfer.ts'
import { compiledEngine } from '../engine/compiled/compiled-engine.ts'
import { createParameterGroup } from '../engine/parameters.ts'
import { createEnvironment } from '../environments/registry.ts'
import { createStreams } from '../random.ts'
import {
  areaUnderRoc,
  brierScore,
  type ReliabilityBin,
  type RocPoint,
  reliabilityBins,
  rocPoints,
} from '../statistics/calibration.ts'
import { warningLead } from '../training/episode-recorder.ts'
import type { ArrayBundle } from '../training/messages.ts'
import { LabError } from './errors.ts'

const settingsSchema = z.object({
  sac: z.object({ hiddenSizes: z.array(z.int()) }),
  sqrl: z.object({ epsilonSafe: z.number(), gammaSafe: z.number(), candidates: z.int() }),
})

export interface CalibrationOptions {
  task: Task
  /** Settings of the run that the networks come from. */
  settings: Readonly<Record<string, unknown>>
  networks: ArrayBundle
  episodes: number
  seed: number
  /** Whether actions pass the mask; calibration is about the policy without it. */
  masked: boolean
  randomStartFraction: number
}

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
}

interface JudgedStep {
  qSafe: number
  failsNow: boolean
  failsWithinHorizon: boolean
  discountedFailure: number
}

/** @throws LabError where the networks have no safety critic. */
export async function measureCalibration(options: CalibrationOptions): Promise<Calibration> {
  const settings = settingsSchema.safeParse(options.settings)
  if (!settings.success || !('safetyCritic' in options.networks.arrays))
    throw new LabError(
      'INVALID',
      'This run has no safety critic, so there is nothing to calibrate. Choose a run of sqrl.',
    )
  const { epsilonSafe, gammaSafe } = settings.data.sqrl
  const horizon = Math.ceil(1 / (1 - gammaSafe))
  const episodes = await rollOut(options, settings.data)
  const steps = episodes.flatMap(({ qSafe, failed }) =>
    [...qSafe].map((value, index): JudgedStep => {
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
    roc: rocPoints(now),
    reliability: reliabilityBins(soon),
  }
}

async function rollOut(
  { task, networks, episodes, seed, masked, randomStartFraction }: CalibrationOptions,
  { sac: { hiddenSizes }, sqrl: { epsilonSafe, candidates } }: z.infer<typeof settingsSchema>,
): Promise<{ qSafe: Float32Array; failed: boolean }[]> {
  const streams = createStreams(seed, 2)
  const environment = createEnvironment(task, streams.environment)
  const { observationSize, actionSize } = environment
  const policy = createParameterGroup(
    'policy',
    perceptronShapes('policy', observationSize, hiddenSizes, 2 * actionSize),
    { trainable: false },
  )
  const safetyCritic = createParameterGroup(
    'safetyCritic',
    perceptronShapes('safety', observationSize + actionSize, hiddenSizes, 1),
    { trainable: false },
  )
  restoreGroup(policy, networks)
  restoreGroup(safetyCritic, networks)
  const sampler = await ActionSampler.create({
    engine: compiledEngine,
    observationSize,
    actionSize,
    count: masked ? candidates : 1,
    policy,
    safetyCritic,
  })
  const results: { qSafe: Float32Array; failed: boolean }[] = []
  while (results.length < episodes) {
    let observation = environment.reset(
      streams.environment.uniform() < randomStartFraction ? 'random' : 'fixed',
    )
    const qSafe: number[] = []
    for (;;) {
      const drawn = await sampler.draw(observation, streams.candidates)
      const chosen = masked ? selectSafeAction(drawn, epsilonSafe, 'uniform', streams.candidates) : 0
      qSafe.push(drawn.qSafe[chosen] ?? Number.NaN)
      const step = environment.step(drawn.actions.slice(chosen * actionSize, (chosen + 1) * actionSize))
      observation = step.observation
      if (!step.terminated && !step.truncated) continue
      results.push({ qSafe: Float32Array.from(qSafe), failed: step.failure })
      break
    }
  }
  return results
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

function shareAbove(steps: readonly JudgedStep[], epsilonSafe: number): number | null {
  return steps.length === 0 ? null : steps.filter(({ qSafe }) => qSafe > epsilonSafe).length / steps.length
}
