import type { EpisodeFigure } from '../../contract/comparisons.ts'
import type { EnvironmentName, MethodName, Phase } from '../../contract/transfer.ts'
import { bootstrapMean } from '../../statistics/bootstrap.ts'
import type { Values } from '../presets/preset.ts'
import type { TargetTask } from './request.ts'
import { atMost, type Check, compare, type Direction } from './verdicts.ts'

/** Runs of one method, phase and choice of settings over the seeds, and what came out of them. */
export interface Measured {
  variant: string
  method: MethodName
  finalReturn: { seed: number; value: number }[]
  failureRate: { seed: number; value: number }[]
  /** Mean height of the curve of returns: higher where it is learnt sooner. */
  meanReturn: { seed: number; value: number }[]
  /** Share of the masked episodes of the final policy that pass the lava over the bridge, or around it; none where no walks are drawn. */
  bridgeShare: { seed: number; value: number }[]
  detourShare: { seed: number; value: number }[]
  /**
   * Under the mask and without: share of the steps of the final policy's episodes whose action lies above ε_safe, and of the episodes that fail; none where
   * Q_safe is not drawn along them.
   */
  aboveShare: { seed: number; value: number }[]
  unmaskedAboveShare: { seed: number; value: number }[]
  walkFailureRate: { seed: number; value: number }[]
  unmaskedWalkFailureRate: { seed: number; value: number }[]
  failureRateInterval: { mean: number | null; low: number | null; high: number | null }
}

/** Settings that are the same in all runs of it. */
export interface Variant {
  name: string
  settings: Values
  methods: 'all' | readonly MethodName[]
}

export interface PaperFigure {
  title: string
  claim: (environment: EnvironmentName) => string
  phase: Phase
  /** Whether the claim speaks of all methods of the paper. */
  speaksOfAll: boolean
  /** Where it is shown on a task of its own, whatever target tasks are asked for. */
  ownTarget?: TargetTask
  /** Returns against failure rates, ways over the map, Q_safe along an episode, or curves of one figure. */
  draws: 'scatter' | 'ways' | 'risks' | EpisodeFigure
  variants: readonly Variant[]
  checks: (arms: readonly Measured[], environment: EnvironmentName) => Check[]
}

const plain: Variant = { name: '', settings: {}, methods: 'all' }
const labels: Readonly<Record<MethodName, string>> = {
  sqrl: 'SQRL',
  sac: 'SAC',
  esac: 'ESAC',
  wcpg: 'WCPG',
  cpo: 'CPO',
  rs: 'RS',
}
export const labelOf = ({ method, variant }: Pick<Measured, 'method' | 'variant'>): string =>
  variant === '' ? labels[method] : `${labels[method]}, ${variant}`

type ValueName = 'finalReturn' | 'failureRate' | 'meanReturn' | 'bridgeShare' | 'detourShare'
const words: Readonly<Record<ValueName, string>> = {
  finalReturn: 'final return',
  failureRate: 'failure rate',
  meanReturn: 'mean return over the training',
  bridgeShare: 'share of walks over the bridge',
  detourShare: 'share of walks around the lava',
}
const directions: Readonly<Record<Direction, string>> = {
  lower: 'lower than',
  higher: 'higher than',
  noLower: 'no lower than',
  noHigher: 'no higher than',
}

function against(name: ValueName, direction: Direction, ours: Measured, theirs: Measured): Check {
  const sentence = `The ${words[name]} of ${labelOf(ours)} is ${directions[direction]} that of ${labelOf(theirs)}`
  const isReturn = name === 'finalReturn' || name === 'meanReturn'
  return compare(sentence, direction, ours[name], theirs[name], isReturn ? null : 'percentage points')
}

const isPlain = (wanted: MethodName) => (arm: Measured) => arm.method === wanted && arm.variant === ''

/** SQRL against each other method, as far as they were asked for. */
function againstOthers(
  arms: readonly Measured[],
  others: readonly MethodName[] | 'all',
  ...comparisons: [ValueName, Direction][]
): Check[] {
  const sqrl = arms.find(isPlain('sqrl'))
  if (!sqrl) return []
  return arms
    .filter((arm) => arm !== sqrl && arm.variant === '' && (others === 'all' || others.includes(arm.method)))
    .flatMap((other) => comparisons.map(([name, direction]) => against(name, direction, sqrl, other)))
}

/** What the paper shows as "about", doubled: its figures are read from a plot. */
const failureBounds: Readonly<Partial<Record<EnvironmentName, number>>> = {
  'drunk-spider': 0.02,
  minitaur: 0.1,
}

function failsSeldom(arms: readonly Measured[], environment: EnvironmentName): Check[] {
  const bound = failureBounds[environment]
  const sqrl = arms.find(isPlain('sqrl'))
  if (bound === undefined || !sqrl) return []
  const sentence = `SQRL fails in at most ${100 * bound} % of its episodes, twice what the paper shows`
  return [atMost(sentence, bound, sqrl.failureRateInterval, sqrl.failureRate.length)]
}

function between(
  arms: readonly Measured[],
  [ours, theirs]: [string, string],
  name: ValueName,
  direction: Direction,
): Check[] {
  const a = arms.find(({ variant }) => variant === ours)
  const b = arms.find(({ variant }) => variant === theirs)
  return a && b ? [against(name, direction, a, b)] : []
}

/** The paper says that the mask ensures it; a step here and there finds no safe candidate. */
const MOST_ABOVE = 0.01

function staysBelow([sqrl]: readonly Measured[]): Check[] {
  if (!sqrl) return []
  const sentence = `Under the mask at most ${100 * MOST_ABOVE} % of the actions of SQRL’s final policies lie above ε_safe`
  const { aboveShare, unmaskedAboveShare, walkFailureRate, unmaskedWalkFailureRate } = sqrl
  const above = bootstrapMean(aboveShare.map(({ value }) => value))
  return [
    atMost(sentence, MOST_ABOVE, above, aboveShare.length),
    compare(
      'These are fewer than without the mask',
      'lower',
      aboveShare,
      unmaskedAboveShare,
      'percentage points',
    ),
    compare(
      'Their episodes fail less often than without the mask',
      'lower',
      walkFailureRate,
      unmaskedWalkFailureRate,
      'percentage points',
    ),
  ]
}

export const figureNames = [
  'figure-2',
  'figure-4',
  'figure-5',
  'figure-6',
  'figure-7',
  'figure-8',
  'figure-9',
  'figure-10a',
  'figure-10b',
] as const
export type FigureName = (typeof figureNames)[number]

/**
 * Policies learn the detour by themselves unless distance costs them more: pre-training makes them start on the bridge, so that the threshold
 * has something to decide.
 */
const bridgeTask: TargetTask = {
  name: 'drunk-spider-bridge',
  label: 'Goal B, from policies that cross the bridge',
  environment: 'drunk-spider',
  pretrainTask: { noise: 0.2, noiseKind: 'gaussian', distanceCost: 15 },
  task: { goal: [6.5, 3.5], noise: 0.2, noiseKind: 'gaussian', distanceCost: 1 },
  finetuneStretch: 1.2,
}
const bridgeSettings: Values = {
  'sqrl.gammaSafe': 0.95,
  'sqrl.multiplierLearningRate': 1,
  'pretrain.sqrl.epsilonSafe': 0.1,
}

/** Each figure's claim in our words, the runs that it needs and how it is judged. */
export const figures: Readonly<Record<FigureName, PaperFigure>> = {
  'figure-2': {
    title: 'Final return against failure rate',
    claim: () =>
      'On every target task SQRL reaches a good final return and fails much less often than the other methods.',
    phase: 'finetune',
    speaksOfAll: true,
    draws: 'scatter',
    variants: [plain],
    checks: (arms) => againstOthers(arms, 'all', ['failureRate', 'lower'], ['finalReturn', 'noLower']),
  },
  'figure-4': {
    title: 'Return while fine-tuning',
    claim: (environment) =>
      environment === 'cube-rotate'
        ? 'SAC reaches a higher return on the cube than SQRL, with more drops.'
        : 'SQRL learns the target task faster than SAC and ends no lower. (The paper shows this on the Minitaur.)',
    phase: 'finetune',
    speaksOfAll: false,
    draws: 'return',
    variants: [plain],
    checks: (arms, environment) =>
      environment === 'cube-rotate'
        ? againstOthers(arms, ['sac'], ['finalReturn', 'lower'], ['failureRate', 'lower'])
        : againstOthers(arms, ['sac'], ['meanReturn', 'higher'], ['finalReturn', 'noLower']),
  },
  'figure-5': {
    title: 'Ways past the lava at two thresholds',
    claim: () =>
      'Where noise makes the bridge a risk, ε_safe 0.05 walks around the lava and ε_safe 0.2 crosses between the two lakes.',
    phase: 'finetune',
    speaksOfAll: false,
    draws: 'ways',
    ownTarget: bridgeTask,
    variants: [
      {
        name: 'ε_safe 0.05',
        settings: { ...bridgeSettings, 'finetune.sqrl.epsilonSafe': 0.05 },
        methods: ['sqrl'],
      },
      {
        name: 'ε_safe 0.2',
        settings: { ...bridgeSettings, 'finetune.sqrl.epsilonSafe': 0.2 },
        methods: ['sqrl'],
      },
    ],
    checks: (arms) => [
      ...between(arms, ['ε_safe 0.05', 'ε_safe 0.2'], 'bridgeShare', 'lower'),
      ...between(arms, ['ε_safe 0.05', 'ε_safe 0.2'], 'detourShare', 'higher'),
      ...between(arms, ['ε_safe 0.05', 'ε_safe 0.2'], 'failureRate', 'lower'),
    ],
  },
  'figure-6': {
    title: 'Failure probability along an episode',
    claim: () =>
      'By refusing unsafe actions the safety critic keeps the failure probability below ε_safe throughout an episode.',
    phase: 'finetune',
    speaksOfAll: false,
    draws: 'risks',
    variants: [{ ...plain, methods: ['sqrl'] }],
    checks: staysBelow,
  },
  'figure-7': {
    title: 'Cumulative failures while fine-tuning',
    claim: (environment) =>
      ({
        'drunk-spider':
          'SQRL fails in about 1 % of the episodes of its fine-tuning, less often than every other method.',
        minitaur:
          'SQRL falls in about 5 % of the episodes of its fine-tuning, less often than every other method; SAC falls about three times as often.',
        'cube-rotate': 'SQRL drops the cube less often while it fine-tunes than every other method.',
      })[environment],
    phase: 'finetune',
    speaksOfAll: true,
    draws: 'cumulativeFailures',
    variants: [plain],
    checks: (arms, environment) => [
      ...failsSeldom(arms, environment),
      ...againstOthers(arms, 'all', ['failureRate', 'lower']),
    ],
  },
  'figure-8': {
    title: 'Return while pre-training',
    claim: () => 'Learning with a safety critic beside the policy costs no return in pre-training.',
    phase: 'pretrain',
    speaksOfAll: false,
    draws: 'return',
    variants: [plain],
    checks: (arms) => againstOthers(arms, ['sac'], ['finalReturn', 'noLower'], ['meanReturn', 'noLower']),
  },
  'figure-9': {
    title: 'Failure rate while pre-training',
    claim: () => 'With a safety critic the agent fails no more often in pre-training than without.',
    phase: 'pretrain',
    speaksOfAll: false,
    draws: 'failureRate',
    variants: [plain],
    checks: (arms) => againstOthers(arms, ['sac'], ['failureRate', 'noHigher']),
  },
  'figure-10a': {
    title: 'Two thresholds in pre-training',
    claim: () =>
      'With ε_safe 0.05 pre-training fails less often than with 0.15, and learns the task no worse.',
    phase: 'pretrain',
    speaksOfAll: false,
    draws: 'failureRate',
    variants: [
      { name: 'ε_safe 0.05', settings: { 'sqrl.epsilonSafe': 0.05 }, methods: ['sqrl'] },
      { name: 'ε_safe 0.15', settings: { 'sqrl.epsilonSafe': 0.15 }, methods: ['sqrl'] },
    ],
    checks: (arms) => [
      ...between(arms, ['ε_safe 0.05', 'ε_safe 0.15'], 'failureRate', 'lower'),
      ...between(arms, ['ε_safe 0.05', 'ε_safe 0.15'], 'finalReturn', 'noLower'),
    ],
  },
  'figure-10b': {
    title: 'A safety critic that goes on learning',
    claim: () =>
      'A safety critic that goes on learning on the target task gives a higher return there than a frozen one, which is too pessimistic. (The paper shows this on the Minitaur.)',
    phase: 'finetune',
    speaksOfAll: false,
    draws: 'return',
    variants: [
      { name: 'critic frozen', settings: { 'finetune.sqrl.safetyTraining': 'frozen' }, methods: ['sqrl'] },
      { name: 'critic online', settings: { 'finetune.sqrl.safetyTraining': 'online' }, methods: ['sqrl'] },
    ],
    checks: (arms) => [
      ...between(arms, ['critic online', 'critic frozen'], 'finalReturn', 'higher'),
      ...between(arms, ['critic online', 'critic frozen'], 'meanReturn', 'higher'),
    ],
  },
}
