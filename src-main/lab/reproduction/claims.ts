import type { EpisodeFigure } from '../../contract/comparisons.ts'
import type { EnvironmentName, MethodName, Phase } from '../../contract/transfer.ts'
import type { Values } from '../presets/preset.ts'
import { againstOthers, between, failsSeldom, staysBelow } from './checks.ts'
import type { Measured } from './measured.ts'
import type { TargetTask } from './request.ts'
import type { Check } from './verdicts.ts'

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
