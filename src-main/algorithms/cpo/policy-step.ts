import { dot, solveConjugateGradient } from './conjugate-gradient.ts'
import { type StepSolution, solveStep } from './constrained-step.ts'
import {
  fisherOfHeads,
  logDensities,
  meanDivergence,
  squashedEntropy,
  surrogate,
  surrogateGradient,
} from './gaussian-heads.ts'
import type { PolicyPrograms } from './policy-programs.ts'

export interface PolicyStepSettings {
  trustRegion: number
  damping: number
  conjugateIterations: number
  lineSearchDecay: number
  lineSearchSteps: number
}

/** A batch as the policy step sees it. */
export interface PolicyBatch {
  observations: Float32Array
  unsquashed: Float32Array
  /** Of each step, its mean taken off. */
  rewardAdvantages: Float64Array
  /** The same of the cost, times the steps of an episode: the surrogate's change is then one of J_C. */
  costAdvantages: Float64Array
  /** J_C - d. */
  violation: number
}

export interface PolicyStepResult {
  kind: StepSolution['kind']
  lambda: number
  nu: number
  /** Of the accepted step; 0 where none was. */
  divergence: number
  rewardGain: number
  costGain: number
  /** Policies tried. */
  tries: number
  accepted: boolean
  /** Of the policy before. */
  entropy: number
}

/** Squared length below which a gradient is none. */
const NO_GRADIENT = 1e-16

/** One step of constrained policy optimisation: natural gradients, the step between both constraints, and a line search that keeps them. */
export async function stepPolicy(
  programs: PolicyPrograms,
  batch: PolicyBatch,
  settings: PolicyStepSettings,
): Promise<PolicyStepResult> {
  const { unsquashed, rewardAdvantages, costAdvantages, violation } = batch
  const actionSize = unsquashed.length / rewardAdvantages.length
  programs.setObservations(batch.observations)
  const before = await programs.heads()
  const densities = logDensities(before, unsquashed, actionSize)

  const product = async (vector: Float64Array) => {
    const change = await programs.change(vector)
    const image = await programs.gradient(fisherOfHeads(before, change, actionSize))
    return image.map((value, i) => value + settings.damping * (vector[i] ?? 0))
  }
  const gradientOf = (weights: Float64Array) =>
    programs.gradient(surrogateGradient(before, unsquashed, weights, actionSize))
  const solve = async (gradient: Float64Array) =>
    dot(gradient, gradient) < NO_GRADIENT
      ? new Float64Array(gradient.length)
      : solveConjugateGradient(product, gradient, settings.conjugateIterations)

  const g = await gradientOf(rewardAdvantages)
  const b = await gradientOf(costAdvantages)
  const uphill = await solve(g)
  const costly = await solve(b)
  const solution = solveStep({
    q: Math.max(0, dot(g, uphill)),
    r: dot(g, costly),
    s: Math.max(0, dot(b, costly)),
    c: violation,
    delta: settings.trustRegion,
  })
  const step = uphill.map((value, i) => solution.rewardShare * value + solution.costShare * (costly[i] ?? 0))

  const result: PolicyStepResult = {
    kind: solution.kind,
    lambda: solution.lambda,
    nu: solution.nu,
    divergence: 0,
    rewardGain: 0,
    costGain: 0,
    tries: 0,
    accepted: false,
    entropy: squashedEntropy(before, unsquashed, actionSize),
  }
  const { values } = programs.policy
  const start = values.slice()
  for (let length = 1; result.tries < settings.lineSearchSteps; length *= settings.lineSearchDecay) {
    result.tries++
    for (let i = 0; i < values.length; i++) values[i] = (start[i] ?? 0) + length * (step[i] ?? 0)
    const after = await programs.heads()
    const divergence = meanDivergence(before, after, actionSize)
    const rewardGain = surrogate(densities, after, unsquashed, rewardAdvantages, actionSize)
    const costGain = surrogate(densities, after, unsquashed, costAdvantages, actionSize)
    // While the limit is broken, going back under it comes before the return.
    const isBetter = violation > 0 && solution.nu > 0 ? true : rewardGain >= 0
    const isAllowed = costGain <= Math.max(-violation, 0)
    if (divergence <= settings.trustRegion && isBetter && isAllowed)
      return { ...result, divergence, rewardGain, costGain, accepted: true }
  }
  values.set(start)
  return result
}
