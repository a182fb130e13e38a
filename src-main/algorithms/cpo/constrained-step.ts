/** The step's problem in three numbers and two bounds: maximise g'x with c + b'x <= 0 and x'Hx / 2 <= delta. */
export interface StepProblem {
  /** g' H^-1 g. */
  q: number
  /** g' H^-1 b. */
  r: number
  /** b' H^-1 b; 0 where the cost has no gradient. */
  s: number
  /** Expected cost above its limit. */
  c: number
  /** Largest mean KL divergence. */
  delta: number
}

/**
 * Which of its constraints shape the step.
 * free: the limit is out of reach of the trust region; bounded: the limit lies within it, or is broken and can be met again;
 * recovery: the limit is broken by more than one step can make good.
 */
export type StepKind = 'free' | 'bounded' | 'recovery'

export interface StepSolution {
  kind: StepKind
  /** Price of the trust region; 0 in recovery, which has no objective. */
  lambda: number
  /** Price of the cost's limit. */
  nu: number
  /** The step is rewardShare H^-1 g + costShare H^-1 b. */
  rewardShare: number
  costShare: number
}

/** Below it the cost (or the objective) hardly depends on the policy: no step can be told to change it. */
const SMALLEST_CURVATURE = 1e-10
/** Of the unconstrained lambda. Where g is nearly a multiple of b, what is left of it beside b is rounding, and no direction to go far along. */
const SMALLEST_LAMBDA = 1e-4

/**
 * Solves the step by its dual in closed form (Achiam et al. 2017, Theorem 2 and Corollary 2; here g points uphill). With
 * nu = max(0, (lambda c + r) / s) put in, the dual in lambda is (A / lambda + B lambda) / 2 - r c / s where nu > 0, with A = q - r^2 / s and
 * B = 2 delta - c^2 / s, and (q / lambda + 2 delta lambda) / 2 elsewhere; each part is convex, and the least of both is the optimum.
 */
export function solveStep({ q, r, s, c, delta }: StepProblem): StepSolution {
  const freeLambda = Math.sqrt(q / (2 * delta))
  const free: StepSolution = {
    kind: 'free',
    lambda: freeLambda,
    nu: 0,
    rewardShare: freeLambda > 0 ? 1 / freeLambda : 0,
    costShare: 0,
  }
  if (s < SMALLEST_CURVATURE) return free
  if (q < SMALLEST_CURVATURE) return c > 0 ? recover(s, delta) : free
  const a = Math.max(0, q - r ** 2 / s)
  const b = 2 * delta - c ** 2 / s
  if (b < 0) return c < 0 ? free : recover(s, delta)

  const least = SMALLEST_LAMBDA * freeLambda + Number.MIN_VALUE
  // nu > 0 where lambda c + r > 0: on one side of -r / c.
  const border = -r / c
  const isAbove = c > 0
  const [boundFrom, boundTo] =
    c === 0
      ? r > 0
        ? [least, Number.POSITIVE_INFINITY]
        : [Number.NaN, Number.NaN]
      : isAbove
        ? [Math.max(least, border), Number.POSITIVE_INFINITY]
        : [least, border]
  const [freeFrom, freeTo] =
    c === 0
      ? r > 0
        ? [Number.NaN, Number.NaN]
        : [least, Number.POSITIVE_INFINITY]
      : isAbove
        ? [least, border]
        : [Math.max(least, border), Number.POSITIVE_INFINITY]
  const inBound = b > 0 ? clamp(Math.sqrt(a / b), boundFrom, boundTo) : boundTo
  const inFree = clamp(freeLambda, freeFrom, freeTo)
  const boundValue = (lambda: number) => (a / lambda + b * lambda) / 2 - (r * c) / s
  const freeValue = (lambda: number) => (q / lambda + 2 * delta * lambda) / 2
  const isBound =
    Number.isFinite(inBound) && !(Number.isFinite(inFree) && freeValue(inFree) <= boundValue(inBound))
  const lambda = isBound ? inBound : inFree
  if (!Number.isFinite(lambda)) return c > 0 ? recover(s, delta) : free
  const nu = isBound ? Math.max(0, (lambda * c + r) / s) : 0
  return { kind: nu > 0 ? 'bounded' : 'free', lambda, nu, rewardShare: 1 / lambda, costShare: -nu / lambda }
}

/** Down the cost alone, as far as the trust region goes. */
function recover(s: number, delta: number): StepSolution {
  const length = Math.sqrt((2 * delta) / s)
  return { kind: 'recovery', lambda: 0, nu: 1 / length, rewardShare: 0, costShare: -length }
}

/** NaN where the interval is empty. */
function clamp(value: number, from: number, to: number): number {
  return from <= to ? Math.min(to, Math.max(from, value)) : Number.NaN
}
