import { describe, expect, it } from 'vitest'
import { formatValue } from '../../../src-renderer/runs/settings.ts'
import { describeSweep } from '../../../src-renderer/transfer/sweep-words.ts'
import {
  changeKind,
  formatList,
  parseList,
  settleFor,
  sweepFrom,
} from '../../../src-renderer/transfer/sweeps.ts'
import { aRun } from '../fixtures.ts'

describe('parseList()', () => {
  it('reads back what formatList() writes', () => {
    for (const list of [[0.1, 0.2], [1e-5], []]) expect(parseList('number', formatList(list))).toEqual(list)
    const lists = [[256, 256], [64]]
    expect(parseList('numbers', formatList(lists))).toEqual(lists)
    expect(parseList('number', '0.1, x')).toEqual([0.1, 'x'])
  })
})

describe('changeKind()', () => {
  it('draws between the least and the greatest of a list, and lists two bounds', () => {
    expect(changeKind({ each: [0.2, 0.05, 0.1] }, 'logUniform')).toEqual({ logUniform: [0.05, 0.2] })
    expect(changeKind(sweepFrom(0.1), 'uniform')).toEqual({ uniform: [0.1, ''] })
    expect(changeKind({ uniform: [1, 2] }, 'each')).toEqual({ each: [1, 2] })
  })
})

describe('settleFor()', () => {
  it('takes the values that the run had, and leaves swept what it cannot know', () => {
    const own = aRun({
      specification: {
        phase: 'finetune',
        task: { environment: 'drunk-spider', parameters: { noise: 0.3 } },
        settings: { sqrl: { epsilonSafe: 0.2 }, sac: { discount: 0.9 } },
      },
    })
    const swept = { each: [0, 1] }
    expect(
      settleFor(own, 'settings', {
        'finetune.sqrl.epsilonSafe': swept,
        'sac.discount': swept,
        'pretrain.sac.batchSize': swept,
        'sqrl.mask': false,
      }),
    ).toEqual({
      'finetune.sqrl.epsilonSafe': 0.2,
      'sac.discount': 0.9,
      'pretrain.sac.batchSize': swept,
      'sqrl.mask': false,
    })
    expect(settleFor(own, 'targetTask', { noise: swept })).toEqual({ noise: 0.3 })
    expect(settleFor(own, 'pretrainTask', { noise: swept })).toEqual({ noise: swept })
  })
})

describe('describeSweep()', () => {
  it('says how many combinations and runs there are, and what is shared', () => {
    const axis = (name: string, isDrawn: boolean, sharesPretraining: boolean, values: number[]) => ({
      where: 'settings' as const,
      name,
      isDrawn,
      sharesPretraining,
      values,
    })
    const axes = [
      axis('sac.discount', false, false, [0.9, 0.99]),
      axis('finetune.sqrl.epsilonSafe', true, true, [0.1, 0.2, 0.3]),
    ]
    const runs = ['pretrain', 'pretrain', ...Array(6).fill('finetune')].map((phase) => ({ phase }))
    expect(describeSweep({ axes, combinations: 6, first: [] }, runs)).toEqual([
      '2 values of discount × 3 draws of epsilon safe in fine-tuning: 6 combinations.',
      'With the methods and seeds that is 2 pre-training runs and 6 fine-tuning runs.',
      'Pre-training depends on discount, so each value has one of its own.',
      'The values of epsilon safe in fine-tuning share their pre-training.',
    ])
  })
})

describe('formatValue()', () => {
  it('writes several values as words', () => {
    expect(formatValue({ each: [0.1, 0.2, [1, 2]] })).toBe('0.1, 0.2 or (1, 2)')
    expect(formatValue({ logUniform: [0.1, 1] })).toBe('0.1 to 1, drawn by magnitude')
    expect(formatValue({ each: Array.from({ length: 20 }, (_, i) => i) })).toBe('20 values, 0 to 19')
  })
})
