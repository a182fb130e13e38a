import { describe, expect, it } from 'vitest'
import { reproductionQuery } from '../../src-main/contract/index.ts'
import { readQuery, writeQuery } from '../../src-renderer/reproduction/query.ts'

describe('the address of the paper’s figures', () => {
  it('comes back as it was written, and leaves out what is usual', () => {
    const query = reproductionQuery.parse({
      figure: 'figure-7',
      environments: ['minitaur', 'drunk-spider-goal-b'],
      methods: ['sqrl', 'cpo'],
      seeds: 3,
      budget: 0.25,
    })
    const address = {
      figure: 'figure-7',
      environments: 'minitaur,drunk-spider-goal-b',
      methods: 'sqrl,cpo',
      seeds: '3',
      budget: '0.25',
    }
    expect(writeQuery(query)).toEqual(address)
    expect(readQuery(address)).toEqual(query)
    expect(readQuery({ ...address, budget: 'paper' })).toEqual({ ...query, budget: 'paper' })
    expect(writeQuery(reproductionQuery.parse({}))).toEqual({})
  })

  it('takes the usual for what it cannot read', () => {
    expect(
      readQuery({ seeds: 'many', budget: '-1', methods: 'sqrl,ppo', figure: null, environments: '' }),
    ).toEqual(reproductionQuery.parse({}))
  })
})
