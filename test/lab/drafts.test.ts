import { describe, expect, it } from 'vitest'
import type { TransferDraft } from '../../src-main/contract/transfer-drafts.ts'
import { temporaryFolder } from '../store/fixtures.ts'
import { openTestLab } from './test-lab.ts'

const draft = (changes: Partial<TransferDraft> = {}): TransferDraft => ({
  request: { environment: 'drunk-spider', settings: { 'sqrl.epsilonSafe': 'half typ' } },
  step: 'pretraining',
  parent: null,
  ...changes,
})

describe('drafts', () => {
  it('are kept as typed, valid or not, at their step, over a restart of the lab', async () => {
    using folder = temporaryFolder()
    const lab = await openTestLab(folder.path, { train: false })
    const { id } = lab.drafts.save({ draft: draft() })
    lab.drafts.save({ id, draft: draft({ step: 'safety' }) })
    await lab.close()
    const again = await openTestLab(folder.path, { train: false })
    expect(again.drafts.get(id)).toMatchObject({ id, ...draft({ step: 'safety' }) })
    await again.close()
  })

  it('stand latest first, and are gone once removed', async () => {
    using folder = temporaryFolder()
    const lab = await openTestLab(folder.path, { train: false })
    const first = lab.drafts.save({ draft: draft() })
    const second = lab.drafts.save({ draft: draft() })
    expect(lab.drafts.list().map(({ id }) => id)).toEqual([second.id, first.id])
    lab.drafts.remove(second.id)
    expect(lab.drafts.list().map(({ id }) => id)).toEqual([first.id])
    expect(() => lab.drafts.get(second.id)).toThrow('There is no draft 2. It was started or discarded.')
    expect(() => lab.drafts.save({ id: second.id, draft: draft() })).toThrow('There is no draft 2.')
    await lab.close()
  })
})
