import type { SweepSummary } from '../../src-main/contract/index.ts'
import { formatCount } from '../text/numbers.ts'
import { labelOf } from './words.ts'

/** What a sweep comes to, in sentences. */
export function describeSweep(
  { axes, combinations }: SweepSummary,
  runs: readonly { phase: string }[],
): string[] {
  const listed = axes.filter(({ isDrawn }) => !isDrawn)
  const drawn = axes.filter(({ isDrawn }) => isDrawn)
  const grid = listed.map(({ name, values }) => `${count(values.length, 'value')} of ${nameOf(name)}`)
  const draws = combinations / listed.reduce((product, { values }) => product * values.length, 1)
  const random =
    drawn.length === 0 ? [] : [`${count(draws, 'draw')} of ${list(drawn.map(({ name }) => nameOf(name)))}`]
  const inPhase = (phase: string) => runs.filter((run) => run.phase === phase).length
  const pretraining = inPhase('pretrain')
  const own = axes.filter(({ sharesPretraining }) => !sharesPretraining).map(({ name }) => nameOf(name))
  const shared = axes.filter(({ sharesPretraining }) => sharesPretraining).map(({ name }) => nameOf(name))
  return [
    `${[...grid, ...random].join(' × ')}: ${count(combinations, 'combination')}.`,
    `With the methods and seeds that is ${pretraining === 0 ? '' : `${count(pretraining, 'pre-training run')} and `}${count(inPhase('finetune'), 'fine-tuning run')}.`,
    ...(own.length === 0 || pretraining === 0
      ? []
      : [`Pre-training depends on ${list(own)}, so each value has one of its own.`]),
    ...(shared.length === 0 || pretraining === 0
      ? []
      : [`The values of ${list(shared)} share their pre-training.`]),
  ]
}

/** `Noise`, `Epsilon safe, fine-tuning`. */
export function nameOf(name: string): string {
  const label = labelOf(name).toLowerCase()
  if (name.startsWith('finetune.')) return `${label} in fine-tuning`
  return name.startsWith('pretrain.') ? `${label} in pre-training` : label
}

const count = (number: number, word: string): string =>
  `${formatCount(number)} ${word}${number === 1 ? '' : 's'}`

const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
