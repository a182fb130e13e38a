import { describe, expect, it } from 'vitest'
import { type FailureSummary, failureOrder } from '../../../src-main/contract/index.ts'
import { summarySentence } from '../../../src-renderer/failures/summary.ts'

const summary: FailureSummary = {
  total: 800,
  runs: 5,
  judged: 800,
  withoutWarning: 720,
  causes: [
    { value: 'lava at row 5, column 2', count: 600 },
    { value: '', count: 200 },
  ],
  methods: [],
  phases: [],
  kinds: [],
  steps: null,
  warningLeads: null,
  finalQSafe: null,
}
const plain = (text: string) => text.replaceAll('\u202f', ' ')

describe('summarySentence()', () => {
  it('says how many, where, why and how often without warning', () => {
    expect(plain(summarySentence(summary, failureOrder.parse({})))).toBe(
      '800 failures in 5 runs; 75 % lava at row 5, column 2; 90 % without warning',
    )
  })

  it('leaves out what was chosen or what nothing watched, and counts one as one', () => {
    const one = { ...summary, total: 1, runs: 1, judged: 0, withoutWarning: 0 }
    expect(summarySentence(one, failureOrder.parse({ causes: [''] }))).toBe('1 failure in 1 run')
    const some = { ...summary, judged: 400, withoutWarning: 100 }
    expect(plain(summarySentence(some, failureOrder.parse({ causes: [''] })))).toBe(
      '800 failures in 5 runs; 25 % of the 400 judged came without warning',
    )
  })

  it('says that nothing meets the conditions', () => {
    expect(summarySentence({ ...summary, total: 0 }, failureOrder.parse({}))).toBe(
      'No failure meets these conditions',
    )
  })
})
